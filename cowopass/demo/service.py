"""Loading the demonstration: each act by the services that real people use, at its own time.

The oldest of three past months is settled, the next is locked with a plan to pay, the last is in
review; the running month has visits up to now. The same day gives the same story.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from random import Random
from typing import Any, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.period import add_months, first_day, last_day, month_of
from cowopass import clock
from cowopass.config import Config
from cowopass.demo.nomads import ready_nomads
from cowopass.demo.people import add_people
from cowopass.demo.story import DemoPass, DemoVisit, cast_passes, tell_visits
from cowopass.demo.votes import vote_acts
from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.models import CheckIn
from cowopass.desk.visits_file import ImportedVisit, Outcome
from cowopass.desk.voiding import void_check_in
from cowopass.network_file.loading import load_document
from cowopass.networks.models import Network
from cowopass.passes.service import Sale, sell
from cowopass.people.access import caller_with
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.dispute_thread import say
from cowopass.settlement.disputes import contest
from cowopass.settlement.lock import lock_period, review_period
from cowopass.settlement.models import Transfer
from cowopass.settlement.payments import Bill, record_payment
from cowopass.spaces.models import Space

SEED = 2013
NETWORKS = ("sainte", "lyon")
PAST_MONTHS = 3
LATE_VISITS = 4
VOIDS = 5

REVIEWED_AFTER, LOCKED_AFTER, LATE_AFTER, PAID_AFTER = (timedelta(days) for days in (5, 12, 15, 20))
"""How long after the end of a month the treasurer does each act."""

REASONS = (
    (
        "Ce jour-là nous étions fermés.",
        "Le cahier dit 9 h 10. Passez le voir.",
        "refused",
        "Le journal de la porte montre l’ouverture.",
    ),
    (
        "Cette personne n’est pas venue.",
        "Nous demandons à qui tenait le comptoir.",
        "upheld",
        "L’hôte confirme l’erreur.",
    ),
)
"""What a home says of a line, and what the treasurer answers."""


class Act(NamedTuple):
    """Something that somebody does at an instant."""

    at: datetime
    do: Callable[[], object]


class Stage:
    """The two networks of the story on a given day, and what happens to them.

    `times` is how many times the usual number of people take part, to measure a busy network.
    """

    def __init__(self, session: Session, config: Config, now: datetime, times: int = 1) -> None:
        self._session, self._config, self._now, self._times = session, config, now, times
        running = month_of(now.date())
        self._months = [add_months(running, -ago) for ago in range(PAST_MONTHS, 0, -1)]
        self._running = running
        self._first = first_day(self._months[0])
        start = first_day(add_months(self._months[0], -1))
        self._start = datetime.combine(start, time(8), UTC)
        self._documents = {slug: self._document(slug, start) for slug in NETWORKS}
        self._random = Random(SEED)  # noqa: S311 (a story, not a secret)

    def acts(self) -> list[Act]:
        """Return everything that happens, in order of time."""
        acts = [
            Act(self._start + timedelta(minutes=place), partial(self._load, slug))
            for place, slug in enumerate(NETWORKS)
        ]
        for slug in NETWORKS:
            acts += self._network_acts(slug)
        votes = vote_acts(self._session, self._config, self._months[1], self._now)
        acts += [Act(at, do) for at, do in votes]
        clamped = (act._replace(at=min(act.at, self._now)) for act in acts)
        return sorted(clamped, key=lambda act: act.at)

    def _network_acts(self, slug: str) -> Iterator[Act]:
        story = self._first, first_day(self._running)
        passes = cast_passes(self._documents[slug], *story, SEED, self._times)
        for sold in passes:
            opens_at = self._start + timedelta(hours=1)
            at = max(opens_at, datetime.combine(sold.starts_on, time(8), UTC))
            if at <= self._now:
                yield Act(at, partial(self._sell, sold))
        for place, month in enumerate(self._months):
            yield from self._month_acts(slug, month, passes, is_settled=place == 0)
            yield from self._treasurer_acts(slug, month, place)
        yield from self._running_acts(slug, passes)

    def _month_acts(
        self, slug: str, month: str, passes: list[DemoPass], *, is_settled: bool
    ) -> Iterator[Act]:
        """Yield a month's visits, reported week by week, some after its lock, some taken back."""
        visits = self._visits(slug, passes, first_day(month), last_day(month))
        is_locked = month != self._months[-1]
        late = set(self._random.sample(visits, LATE_VISITS)) if is_locked else set()
        ends_at = datetime.combine(last_day(month), time(20), UTC)
        for week in _weeks(visit for visit in visits if visit not in late):
            reported_at = min(week[-1].at + timedelta(hours=12), ends_at)
            yield Act(reported_at, partial(self._report, week))
        yield Act(ends_at + timedelta(hours=1), partial(self._void_some, slug, month))
        yield Act(
            ends_at + timedelta(days=2),
            partial(self._dispute_some, slug, month, is_decided=is_settled),
        )
        if late:
            reported = sorted(late, key=lambda visit: visit.at)
            yield Act(ends_at + LATE_AFTER, partial(self._report, reported))

    def _treasurer_acts(self, slug: str, month: str, place: int) -> Iterator[Act]:
        """Yield what the treasurer does: review, but for the last month lock, the first pay."""
        over_at = datetime.combine(last_day(month), time(20), UTC)
        session, config = self._session, self._config
        yield Act(over_at + REVIEWED_AFTER, partial(review_period, session, slug, month))
        if place < PAST_MONTHS - 1:
            yield Act(over_at + LOCKED_AFTER, partial(lock_period, session, config, slug, month))
        if place == 0:
            yield Act(over_at + PAID_AFTER, partial(self._pay, slug, month))

    def _running_acts(self, slug: str, passes: list[DemoPass]) -> Iterator[Act]:
        """Yield the visits of the running month, up to now."""
        visits = self._visits(slug, passes, first_day(self._running), self._now.date())
        past = [visit for visit in visits if visit.at <= self._now]
        for week in _weeks(past):
            yield Act(week[-1].at + timedelta(minutes=1), partial(self._report, week))

    def _visits(
        self, slug: str, passes: list[DemoPass], first: date, last: date
    ) -> list[DemoVisit]:
        abroad = [space for other in NETWORKS if other != slug for space in self._spaces(other)]
        return tell_visits(passes, self._spaces(slug), abroad, first, last, SEED)

    def _spaces(self, slug: str) -> list[dict[str, Any]]:
        spaces: list[dict[str, Any]] = self._documents[slug]["spaces"]
        return spaces

    def _document(self, slug: str, start: date) -> dict[str, Any]:
        """Return a network's file with its dates made relative to today."""
        text = files("cowopass.demo").joinpath(f"{slug}.json").read_text(encoding="utf-8")
        dates = {
            "@start-month": f"{start:%Y-%m}",
            "@start": start.isoformat(),
            "@price-change": first_day(self._months[1]).isoformat(),
        }
        for mark, day in dates.items():
            text = text.replace(f'"{mark}"', f'"{day}"')
        document: dict[str, Any] = json.loads(text)
        return document

    def _load(self, slug: str) -> None:
        load_document(self._session, self._config, self._documents[slug])

    def _sell(self, sold: DemoPass) -> None:
        sell(
            self._session,
            self._config,
            Sale(
                home=sold.home,
                plan=sold.plan,
                holder_name=sold.holder_name,
                starts_on=sold.starts_on,
                volunteer=sold.volunteer,
                reference=sold.reference,
            ),
        )

    def _report(self, visits: list[DemoVisit]) -> None:
        """Import visits, each into the network of the space visited."""
        network_of = {space["slug"]: slug for slug in NETWORKS for space in self._spaces(slug)}
        for slug in NETWORKS:
            here = (visit for visit in visits if network_of[visit.space] == slug)
            rows: list[ImportedVisit | Outcome] = [
                _row(line, visit) for line, visit in enumerate(here, start=2)
            ]
            if rows:
                import_batch(self._session, Scope(slug), rows)

    def _void_some(self, slug: str, month: str) -> None:
        for check_in in self._pick(slug, month, VOIDS):
            void_check_in(self._session, check_in.id, "Scanné par erreur.")

    def _dispute_some(self, slug: str, month: str, *, is_decided: bool) -> None:
        """Let homes contest lines and hosts answer; in a settled month it is decided."""
        for check_in, (reason, reply, decision, answer) in zip(
            self._pick(slug, month, len(REASONS)), REASONS, strict=False
        ):
            home = caller_with("demo", "host", slug, check_in.home)
            host = caller_with("demo", "host", slug, check_in.space)
            dispute, _ = contest(self._session, home, check_in.id, reason)
            say(self._session, host, dispute.id, reply)
            if is_decided:
                self._session.flush()
                self._answer(slug, dispute.id, decision, answer)

    def _answer(self, slug: str, dispute_id: str, decision: Any, reason: str) -> None:  # noqa: ANN401
        treasurer = caller_with("demo", "treasurer", slug)
        decide(self._session, treasurer, dispute_id, decision, reason)

    def _pick(self, slug: str, month: str, count: int) -> list[CheckIn]:
        """Return some accepted visits away of a month, within the network."""
        spaces = select(Space.slug).where(Space.network == slug)
        found = self._session.scalars(
            select(CheckIn)
            .where(
                CheckIn.state == "accepted",
                CheckIn.charge_cents > 0,
                CheckIn.space.in_(spaces),
                CheckIn.home.in_(spaces),
                CheckIn.on.between(first_day(month), last_day(month)),
            )
            .order_by(CheckIn.id)
        ).all()
        return self._random.sample(list(found), min(count, len(found)))

    def _pay(self, slug: str, month: str) -> None:
        transfers = self._session.scalars(
            select(Transfer).where(
                Transfer.network == slug,
                Transfer.period == month,
                Transfer.kind == "transfer",
            )
        )
        for transfer in transfers:
            bill = Bill(slug, month, transfer.id)
            record_payment(self._session, bill, transfer.amount_cents, clock.now().date())


def load_demo(session: Session, config: Config, times: int = 1) -> bool:
    """Load the demonstration; say whether it was loaded. If it is there, nothing changes.

    `times` multiplies its people and their visits.
    """
    if session.get(Network, NETWORKS[0]) is not None:
        return False
    for act in Stage(session, config, clock.now(), times).acts():
        with clock.pretend(act.at):
            act.do()
    session.flush()
    add_people(session)
    ready_nomads(session)
    return True


def _weeks(visits: Iterable[DemoVisit]) -> list[list[DemoVisit]]:
    """Cut visits in order of time into ISO weeks."""
    weeks: dict[tuple[int, int], list[DemoVisit]] = {}
    for visit in visits:
        weeks.setdefault(visit.at.isocalendar()[:2], []).append(visit)
    return list(weeks.values())


def _row(line: int, visit: DemoVisit) -> ImportedVisit:
    """Return a visit as a row of an import file, in that line."""
    return ImportedVisit(
        line=line,
        id=visit.id,
        reference=visit.reference,
        home=visit.home,
        space=visit.space,
        at=visit.at,
        unit=cast(Unit, visit.unit),
        golden=visit.golden,
        body_hash="demo",
    )
