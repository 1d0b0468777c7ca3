"""What can be voted, kind by kind: read, and held against what is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.period import first_day, month_of
from cowopass import clock, fields
from cowopass.errors import (
    DataInvalid,
    EffectTooEarly,
    LaterVersionVoted,
    NetworkUnknown,
    ProposalPointless,
    SlugTaken,
    SpaceUnknown,
)
from cowopass.fields import list_errors
from cowopass.networks.agreements import FIELDS, Version, agreement_on, check_past, find_faults
from cowopass.networks.models import Agreement, Network
from cowopass.networks.terms import TermsSchema
from cowopass.spaces.membership import is_member
from cowopass.spaces.models import Space
from cowopass.voting.past import past_of
from cowopass.voting.rules import CharterTerms, Kind, earliest_day, earliest_month
from cowopass.voting.wanted import (
    CharterVoteSchema,
    JoinSchema,
    LeaveSchema,
    RuleSchema,
    SpaceSchema,
)

_SLUG = re.compile(fields.SLUG)


class Ending(NamedTuple):
    """When the vote would be over, and how it is held: the last local day, and the notice."""

    last_voting_day: date
    notice_days: int


@dataclass(frozen=True)
class Matter:
    """What is voted on. `partner` is the other network of a rule between two.

    `details` is what changes, ready for JSON; it is in the open record. `guest_email` is not. A
    proposal on the same `key` can't be open twice.
    """

    kind: Kind
    partner: str | None
    space: str | None
    details: dict[str, Any]
    effective_on: date
    guest_email: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Return what the matter is about."""
        if self.kind == "rule":
            return ("rule", self.details["home"], self.details["host"])
        return ("charter",) if self.space is None else ("space", self.space)


def read_partner(kind: Kind, network: str, wanted: Mapping[str, Any]) -> str | None:
    """Return the other network that votes as well, for a rule between two."""
    if kind != "rule":
        return None
    sides = [wanted.get("home") or network, wanted.get("host") or network]
    if network not in sides:
        message = f"one side must be {network}: a network votes on its own rules"
        raise DataInvalid([{"path": "agreement.host", "message": message}])
    others = [side for side in sides if side != network]
    return next((side for side in others if isinstance(side, str) and _SLUG.match(side)), None)


def read_matter(
    session: Session, kind: Kind, network: Network, wanted: Mapping[str, Any], ending: Ending
) -> Matter:
    """Return what a proposal would decide, once it could take effect as things are now.

    `wanted` has, by the kind: a rule's fields of an agreement (`home` and `host` where they are two
    networks); `space` and, to join, its `name` and an `email` to invite, to leave, `sold_days`; the
    fields of a charter. `effective_from` is a month for a rule, else a day: the last one for who
    leaves. Left out, it is the earliest.

    Raises DataInvalid, NetworkUnknown, SpaceUnknown, SlugTaken, PeriodLocked,
    AgreementInChargedMonth, LaterVersionVoted, EffectTooEarly, ProposalPointless, and what keeps an
    agreement from being settled by.
    """
    if kind == "rule":
        return _read_rule(session, network, wanted, ending)
    if kind == "charter":
        return _read_charter(wanted, ending)
    return _read_membership(session, kind, network, wanted, ending)


def merged_fields(session: Session, details: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Return all fields of an agreement from a day on: those in force, and what would change.

    Raises DataInvalid when nothing is in force and fields without a usual value are missing.
    """
    changes = {name: details["changes"][name] for name in details["changes"]}
    base = agreement_on(session, details["home"], details["host"], on)
    if base is None:
        return _load(TermsSchema(), changes, "agreement")
    return {
        **{name: getattr(base, name) for name in FIELDS},
        **_load(TermsSchema(partial=True), changes, "agreement"),
    }


def check_last(session: Session, version: Version) -> None:
    """Refuse a version that a later one would undo: that one has all fields, as it was voted.

    Raises LaterVersionVoted.
    """
    later = session.scalar(
        select(Agreement)
        .where(
            Agreement.home == version.home,
            Agreement.host == version.host,
            Agreement.effective_from > first_day(version.month),
        )
        .order_by(Agreement.effective_from.desc())
        .limit(1)
    )
    if later is not None:
        raise LaterVersionVoted(later.id, month_of(later.effective_from))


def _read_rule(
    session: Session, network: Network, wanted: Mapping[str, Any], ending: Ending
) -> Matter:
    sides = _load(RuleSchema(), {k: v for k, v in wanted.items() if k not in FIELDS}, "agreement")
    home, host = sides.get("home", network.slug), sides.get("host", network.slug)
    month = sides["effective_from"] or earliest_month(*ending)
    changes = {name: wanted[name] for name in FIELDS if name in wanted}
    details: dict[str, Any] = {"home": home, "host": host, "changes": changes}
    merged = merged_fields(session, details, first_day(month))
    base = agreement_on(session, home, host, first_day(month))
    if base is not None:
        changed = {name for name in changes if getattr(base, name) != merged[name]}
        details["changes"] = {name: changes[name] for name in changes if name in changed}
        if not changed:
            raise ProposalPointless(f"{base.id} says the same")
    version = Version(home, host, month, merged)
    for _, error in find_faults(merged, _network(session, home), _network(session, host)):
        raise error
    check_past(session, version, past_of(session))
    check_last(session, version)
    earliest = earliest_month(*ending)
    if month < earliest:
        raise EffectTooEarly(month, earliest)
    return Matter(
        "rule", read_partner("rule", network.slug, wanted), None, details, first_day(month)
    )


def _read_charter(wanted: Mapping[str, Any], ending: Ending) -> Matter:
    values = _load(CharterVoteSchema(), wanted, "charter")
    effective_on = _day_of(values.pop("effective_from"), ending)
    return Matter("charter", None, None, CharterTerms(**values)._asdict(), effective_on)


def _read_membership(
    session: Session, kind: Kind, network: Network, wanted: Mapping[str, Any], ending: Ending
) -> Matter:
    schema = {"join": JoinSchema, "leave": LeaveSchema}.get(kind, SpaceSchema)
    values = _load(schema(), wanted, "")
    effective_on = _day_of(values["effective_from"], ending)
    space = session.get(Space, values["space"])
    if kind == "join":
        details = _check_joining(session, network, space, values, effective_on)
    else:
        details = _check_member(kind, network, space, values, effective_on)
    return Matter(kind, None, values["space"], details, effective_on, values.get("email"))


def _check_joining(
    session: Session,
    network: Network,
    space: Space | None,
    values: Mapping[str, Any],
    joins_on: date,
) -> dict[str, Any]:
    slug = values["space"]
    if session.get(Network, slug) is not None:
        raise SlugTaken(slug, "a network")
    if space is not None and space.network != network.slug:
        raise SlugTaken(slug, f"a space of {space.network}")
    if space is None and values["name"] is None:
        raise DataInvalid([{"path": "name", "message": "is missing: what is the space called?"}])
    if space is not None:
        _check_return(space, joins_on, clock.today(network.timezone))
    name = space.name if space is not None else values["name"]
    return {"name": name}


def _check_return(space: Space, joins_on: date, today: date) -> None:
    """Refuse what is no return: of a member that stays, or with a gap before it has left.

    A space has one first day: a later one would end now what lasts until its last day.
    """
    leaves_on = space.leaves_on
    if leaves_on is None:
        if is_member(space.joins_on, None, joins_on):
            raise ProposalPointless(f"{space.slug} is a member on {joins_on}")
        return
    day_after = leaves_on + timedelta(days=1)
    if today <= leaves_on and joins_on > day_after:
        message = f"must be {day_after} at the latest; a later return is voted when it has left"
        raise DataInvalid([{"path": "effective_from", "message": message}])


def _check_member(
    kind: Kind,
    network: Network,
    space: Space | None,
    values: Mapping[str, Any],
    effective_on: date,
) -> dict[str, Any]:
    slug = values["space"]
    if space is None or space.network != network.slug:
        raise SpaceUnknown(slug)
    if space.joins_on is not None and space.joins_on > effective_on:
        raise ProposalPointless(f"{slug} joins on {space.joins_on}")
    if space.leaves_on is not None and space.leaves_on <= effective_on:
        raise ProposalPointless(f"{slug} leaves on {space.leaves_on}")
    is_suspended = space.suspended_on is not None and space.reinstated_on is None
    if kind == "suspend" and is_suspended:
        raise ProposalPointless(f"{slug} is suspended since {space.suspended_on}")
    if kind == "reinstate" and not is_suspended:
        raise ProposalPointless(f"{slug} is not suspended")
    return {"sold_days": values["sold_days"]} if kind == "leave" else {}


def _day_of(wanted: date | None, ending: Ending) -> date:
    earliest = earliest_day(*ending)
    if wanted is not None and wanted < earliest:
        raise EffectTooEarly(wanted.isoformat(), earliest.isoformat())
    return wanted or earliest


def _network(session: Session, slug: str) -> Network:
    found = session.get(Network, slug)
    if found is None:
        raise NetworkUnknown(slug)
    return found


def _load(schema: Schema, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        raise DataInvalid(list_errors(error.messages, path)) from error
    return values
