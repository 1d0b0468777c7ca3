"""The drafts of a month: each space's statement as it is now, and whether it was sent."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from cowopass.ledger.models import SettlementLine
from cowopass.people.recipients import Recipient, recipients_of
from cowopass.spaces.models import Space
from cowopass.treasury.models import StatementMail


class Draft(NamedTuple):
    """A space's statement of a month, up to `last_line`; `sent` is the latest mail of any draft."""

    space: Space
    last_line: int
    sent: StatementMail | None
    recipients: list[Recipient]

    @property
    def state(self) -> Literal["sent", "changed", "unsent"]:
        """Whether this very draft was sent, or an earlier one, or none."""
        if self.sent is None:
            return "unsent"
        return "sent" if self.sent.last_line == self.last_line else "changed"


def list_drafts(session: Session, spaces: list[Space], network: str, month: str) -> list[Draft]:
    """Return the drafts of the spaces that have lines in a month, in the order of the spaces."""
    last_lines = _last_lines(session, network, month)
    sent = _sent(session, network, month)
    recipients = recipients_of(session, spaces)
    return [
        Draft(space, last_lines[space.slug], sent.get(space.slug), recipients[space.slug])
        for space in spaces
        if space.slug in last_lines
    ]


def may_send(facts: dict[str, Any]) -> bool:
    """Return whether the drafts of a month (`show_month`) may go out: it is over, not locked."""
    following = facts["next"]
    is_locked = facts["locked_at"] or following is None
    return not is_locked and "period_not_over" not in following["blocked_by"]


def _last_lines(session: Session, network: str, month: str) -> dict[str, int]:
    line = SettlementLine
    in_month = line.network == network, line.period == month
    sides = union_all(
        *(
            select(side.label("party"), line.number.label("number")).where(*in_month)
            for side in (line.debtor, line.creditor)
        )
    ).subquery()
    rows = session.execute(
        select(sides.c.party, func.max(sides.c.number).label("highest")).group_by(sides.c.party)
    ).all()
    return {row.party: row.highest for row in rows}


def _sent(session: Session, network: str, month: str) -> dict[str, StatementMail]:
    mails = session.scalars(
        select(StatementMail)
        .where(StatementMail.network == network, StatementMail.period == month)
        .order_by(StatementMail.last_line)
    )
    return {mail.space: mail for mail in mails}
