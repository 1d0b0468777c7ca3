"""Spending units: the one place where a unit leaves a pass, and where it comes back.

A unit can be spent once, however many desks scan at the same instant: one conditional statement
counts it and looks at the pass in the same breath. Nothing here reads first and writes later.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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


def spend(  # noqa: PLR0913 (the columns of one statement)
    session: Session,
    pass_id: str,
    bucket: str,
    units: int,
    golden: bool,  # noqa: FBT001 (a fact of the visit, as the other columns)
    value_cents: int,
    *,
    allowance: int | None,
    on: date,
    may_be_stopped: bool = False,
) -> bool:
    """Take units, or golden tickets, from a bucket of a pass; say whether they were there.

    One statement: it succeeds only if the pass is active (it `may_be_stopped` since a visit that
    happened offline) and holds on the local day `on`, and if no more than `allowance` are used
    afterwards (None: no limit). `value_cents` is added to what the bucket gave. On PostgreSQL it
    locks the pass: a suspension at the same instant comes wholly before or wholly after.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    source = select(
        Pass.id,
        literal(bucket),
        literal(0 if golden else units),
        literal(units if golden else 0),
        literal(value_cents),
    ).where(Pass.id == pass_id, *_holds(on, may_be_stopped))
    if allowance is not None:
        source = source.where(literal(units) <= allowance)
    statement = dialect.insert(PassUsage).from_select(_COLUMNS, source.with_for_update())
    used = PassUsage.golden_used if golden else PassUsage.units_used
    table = PassUsage.__table__
    spent = session.execute(
        statement.on_conflict_do_update(
            index_elements=_COLUMNS[:2],
            set_={name: table.c[name] + statement.excluded[name] for name in _COLUMNS[2:]},
            where=None if allowance is None else used + units <= allowance,
        ).returning(PassUsage.pass_id)
    )
    return spent.first() is not None


def _holds(on: date, may_be_stopped: bool) -> list[ColumnElement[bool]]:  # noqa: FBT001 (as above)
    """Return the conditions under which a pass holds on a local day."""
    in_time = [Pass.starts_on <= on, Pass.ends_on >= on]
    return in_time if may_be_stopped else [Pass.state == "active", *in_time]


def give_back(
    session: Session,
    pass_id: str,
    bucket: str,
    units: int,
    golden: bool,  # noqa: FBT001 (a fact of the visit, as the other columns)
    value_cents: int,
) -> None:
    """Give the units and the value of a voided visit back to the bucket they came from."""
    column = PassUsage.golden_used if golden else PassUsage.units_used
    session.execute(
        update(PassUsage)
        .where(and_(PassUsage.pass_id == pass_id, PassUsage.bucket == bucket))
        .values(
            {
                column: column - units,
                PassUsage.value_given_cents: PassUsage.value_given_cents - value_cents,
            }
        )
    )
