"""Spending units: the one place where a unit leaves a pass, and where it comes back.

A unit can be spent once, however many desks scan at the same instant: one conditional statement
counts it and looks at the pass in the same breath. Nothing here reads first and writes later.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from cowopass.passes.models import Pass, PassUsage


class Used(NamedTuple):
    """What is used of a pass in a bucket, and the value of those units in cents."""

    units: int = 0
    golden: int = 0
    given_cents: int = 0


def read_used(session: Session, pass_id: str, bucket: str) -> Used:
    """Return what is used of a pass in a bucket (`YYYY-MM`, or `life`)."""
    return read_used_of(session, [(pass_id, bucket)])[pass_id, bucket]


def read_used_of(session: Session, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Used]:
    """Return what is used in each (pass, bucket) wanted, in one statement."""
    rows = session.execute(
        select(
            PassUsage.pass_id,
            PassUsage.bucket,
            PassUsage.units_used,
            PassUsage.golden_used,
            PassUsage.value_given_cents,
        ).where(
            PassUsage.pass_id.in_({pass_id for pass_id, _ in wanted}),
            PassUsage.bucket.in_({bucket for _, bucket in wanted}),
        )
    )
    found = {(pass_id, bucket): Used(*used) for pass_id, bucket, *used in rows}
    return {key: found.get(key, Used()) for key in wanted}


_COLUMNS = ["pass_id", "bucket", "units_used", "golden_used", "value_given_cents"]


class Units(NamedTuple):
    """Units of a pass's bucket, or golden tickets, and the value in cents that goes with them."""

    pass_id: str
    bucket: str
    number: int
    value_cents: int
    golden: bool = False


def spend(
    session: Session,
    units: Units,
    *,
    allowance: int | None,
    on: date,
    may_be_stopped: bool = False,
) -> bool:
    """Take units out of their bucket; say whether they were there.

    One statement: it succeeds only if the pass is active (it `may_be_stopped` since a visit that
    happened offline) and holds on the local day `on`, and if no more than `allowance` are used
    afterwards (None: no limit). Their value is added to what the bucket gave. On PostgreSQL it
    locks the pass: a suspension at the same instant comes wholly before or wholly after.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    source = select(
        Pass.id,
        literal(units.bucket),
        literal(0 if units.golden else units.number),
        literal(units.number if units.golden else 0),
        literal(units.value_cents),
    ).where(Pass.id == units.pass_id, *_holds(on, may_be_stopped=may_be_stopped))
    if allowance is not None:
        source = source.where(literal(units.number) <= allowance)
    statement = dialect.insert(PassUsage).from_select(_COLUMNS, source.with_for_update())
    used = _counter(units)
    table = PassUsage.__table__
    spent = session.execute(
        statement.on_conflict_do_update(
            index_elements=_COLUMNS[:2],
            set_={name: table.c[name] + statement.excluded[name] for name in _COLUMNS[2:]},
            where=None if allowance is None else used + units.number <= allowance,
        ).returning(PassUsage.pass_id)
    )
    return spent.first() is not None


def give_back(session: Session, units: Units) -> None:
    """Give the units and the value of a voided visit back to the bucket they came from."""
    column = _counter(units)
    session.execute(
        update(PassUsage)
        .where(PassUsage.pass_id == units.pass_id, PassUsage.bucket == units.bucket)
        .values(
            {
                column: column - units.number,
                PassUsage.value_given_cents: PassUsage.value_given_cents - units.value_cents,
            }
        )
    )


def _counter(units: Units) -> InstrumentedAttribute[int]:
    """Return the column that counts them."""
    return PassUsage.golden_used if units.golden else PassUsage.units_used


def _holds(on: date, *, may_be_stopped: bool) -> list[ColumnElement[bool]]:
    """Return the conditions under which a pass holds on a local day."""
    in_time = [Pass.starts_on <= on, Pass.ends_on >= on]
    return in_time if may_be_stopped else [Pass.state == "active", *in_time]
