"""Visits that no longer say whose they were, while all that was counted of them still adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from clearing.period import month_of
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute, DisputeMessage, Period, SettlementLine
from cowopass.passes.models import PassUsage, Ticket
from cowopass.privacy.ages import Due
from cowopass.spaces.models import Space

PAGE = 1_000
"""So many check-ins are held at once."""

_NAMES = ("pass_id", "jti", "proof_hash", "token_id", "override_reason")
"""What of a check-in says whose it was, who scanned it, and what somebody wrote about it."""

_COLUMNS = (
    CheckIn.id,
    CheckIn.on,
    CheckIn.pass_id,
    CheckIn.jti,
    CheckIn.bucket,
    CheckIn.kind,
    CheckIn.state,
    CheckIn.units,
    CheckIn.pass_value_cents,
)


class Forgotten(NamedTuple):
    """The units, golden tickets and value of visits, as `pass_usages` counts them."""

    units: int = 0
    golden: int = 0
    value_cents: int = 0


def forget_visits(session: Session, due: Due) -> Counter[str]:
    """Blank whose the due check-ins of a network were; return how many, by month.

    Their ids, body hashes, units and amounts stay. A visit that is contested keeps its name until
    that is decided, a late one until the month that it entered is due.
    """
    counts: Counter[str] = Counter()
    while rows := session.execute(_named(due).limit(PAGE).with_for_update(of=CheckIn)).all():
        carry(session, rows)
        blank(session, [row.id for row in rows])
        counts.update(month_of(row.on) for row in rows)
    return counts


def forget_placeless(session: Session, before: datetime) -> int:
    """Blank whose the tickets were that were refused where no space was known; return how many.

    They are of no month, so their own age counts.
    """
    rows = session.scalars(
        select(CheckIn.id)
        .where(CheckIn.space.is_(None), CheckIn.at < before, _is_named())
        .with_for_update()
    ).all()
    for start in range(0, len(rows), PAGE):
        blank(session, rows[start : start + PAGE])
    return len(rows)


def forget_words(session: Session, due: Due) -> Counter[str]:
    """Blank why visits were voided and contested, three months later; return how many, by month."""
    of_network = select(Space.slug).where(Space.network == due.network)
    voided = session.scalars(
        update(CheckIn)
        .where(
            CheckIn.space.in_(of_network),
            CheckIn.on <= due.last_on,
            or_(CheckIn.voided_at.is_(None), CheckIn.voided_at < due.words_before),
            CheckIn.void_reason.is_not(None),
        )
        .values(void_reason=None)
        .returning(CheckIn.on)
    )
    counts = Counter(month_of(on) for on in voided if on is not None)
    over = select(Dispute.id).where(
        Dispute.network == due.network,
        Dispute.period <= due.month,
        Dispute.decided_at < due.words_before,
    )
    session.execute(
        update(DisputeMessage).where(DisputeMessage.dispute.in_(over)).values(text="", person=None)
    )
    decided = session.scalars(
        update(Dispute)
        .where(
            Dispute.network == due.network,
            Dispute.period <= due.month,
            Dispute.decided_at < due.words_before,
            or_(Dispute.reason != "", Dispute.decision != ""),
        )
        .values(reason="", decision="")
        .returning(Dispute.period)
    )
    return counts + Counter(decided)


def destroy_keys(session: Session, due: Due) -> list[str]:
    """Destroy the pseudonym keys of the months that are due; return these months."""
    destroyed = session.scalars(
        update(Period)
        .where(
            Period.network == due.network,
            Period.month <= due.month,
            Period.pseudonym_key.is_not(None),
        )
        .values(pseudonym_key=None)
        .returning(Period.month)
    )
    return sorted(destroyed)


def carry(session: Session, rows: Sequence[Any]) -> None:
    """Carry what the check-ins used of their passes to the passes, before that can't be told."""
    sums: defaultdict[tuple[str, str], Forgotten] = defaultdict(Forgotten)
    for row in rows:
        if row.state == "accepted" and row.units and row.pass_id and row.bucket:
            before, more = sums[row.pass_id, row.bucket], _used(row)
            sums[row.pass_id, row.bucket] = Forgotten(*map(sum, zip(before, more, strict=True)))
    if sums:
        values = [
            {"of_pass": pass_id, "of_bucket": bucket, **used._asdict()}
            for (pass_id, bucket), used in sorted(sums.items())
        ]
        session.connection().execute(_CARRY, values)
    _blur(session, [row for row in rows if row.kind == "golden" and row.state == "accepted"])


def blank(session: Session, check_ins: Sequence[str]) -> None:
    """Blank all that says whose check-ins were."""
    session.execute(
        update(CheckIn).where(CheckIn.id.in_(check_ins)).values(dict.fromkeys(_NAMES)),
        execution_options={"synchronize_session": False},
    )


_CARRY = (
    update(PassUsage)
    .where(
        PassUsage.pass_id == bindparam("of_pass"),
        PassUsage.bucket == bindparam("of_bucket"),
    )
    .values(
        forgotten_units=PassUsage.forgotten_units + bindparam("units"),
        forgotten_golden=PassUsage.forgotten_golden + bindparam("golden"),
        forgotten_value_cents=PassUsage.forgotten_value_cents + bindparam("value_cents"),
    )
)


def _used(row: Any) -> Forgotten:  # noqa: ANN401 (a row of _COLUMNS)
    value_cents = row.pass_value_cents or 0
    if row.kind == "golden":
        return Forgotten(golden=row.units, value_cents=value_cents)
    return Forgotten(units=row.units, value_cents=value_cents)


def _blur(session: Session, golden: Iterable[Any]) -> None:
    """Let golden tickets say in which month they were used, and not at which second.

    The instant is that of the visit, so it would lead from the pass to where its guest was.
    """
    for row in golden:
        first = datetime(row.on.year, row.on.month, 1, tzinfo=UTC)
        session.execute(
            update(Ticket)
            .where(Ticket.jti == row.jti, Ticket.used_at.is_not(None))
            .values(used_at=first)
        )


def _named(due: Due) -> Select[*tuple[Any, ...]]:
    is_contested = select(Dispute.id).where(Dispute.check_in == CheckIn.id, Dispute.state == "open")
    return (
        select(*_COLUMNS)
        .join(Space, Space.slug == CheckIn.space)
        .outerjoin(SettlementLine, SettlementLine.id == CheckIn.line_id)
        .where(
            Space.network == due.network,
            CheckIn.on <= due.last_on,
            or_(CheckIn.line_id.is_(None), SettlementLine.period <= due.month),
            ~is_contested.exists(),
            _is_named(),
        )
        .order_by(CheckIn.id)
    )


def _is_named() -> ColumnElement[bool]:
    return or_(*(getattr(CheckIn, name).is_not(None) for name in _NAMES))
