"""The transfers of a locked month's plan, with what was paid of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_97_10

from clearing.netting import Transfer as PlannedTransfer
from cowopass.settlement.models import Payment, Transfer


class Due(NamedTuple):
    """A transfer to make, in cents, and how much of it was paid or given up.

    `paid_cents` is without what bounced, which `bounced_cents` tells of.
    """

    id: str
    debtor: str
    creditor: str
    amount_cents: int
    paid_cents: int
    written_off_cents: int
    bounced_cents: int

    @property
    def left_cents(self) -> int:
        """What is still to be paid."""
        return self.amount_cents - self.paid_cents - self.written_off_cents


def list_dues(session: Session, network: str, month: str) -> list[Due]:
    """Return the transfers to make of a locked month, largest first; none before the lock."""
    statement = _select_dues().where(
        Transfer.network == network, Transfer.period == month, Transfer.kind == "transfer"
    )
    ordered = statement.order_by(Transfer.amount_cents.desc(), Transfer.debtor, Transfer.creditor)
    return [_due(row) for row in session.execute(ordered)]


def dues_of_network(session: Session, network: str) -> dict[str, tuple[str, Due]]:
    """Return the month and state of every transfer a network ever had to make, by its id."""
    statement = (
        _select_dues()
        .add_columns(Transfer.period)
        .where(Transfer.network == network, Transfer.kind == "transfer")
        .order_by(Transfer.period, Transfer.amount_cents.desc(), Transfer.id)
    )
    return {row.id: (row.period, _due(row[:-1])) for row in session.execute(statement)}


def get_due(session: Session, transfer_id: str) -> Due:
    """Return a transfer that is known to exist, as it stands now."""
    return _due(session.execute(_select_dues().where(Transfer.id == transfer_id)).one())


def creditor_reference(transfer_id: str) -> str:
    """Return the reference that a payment of a transfer bears: ISO 11649, 24 characters.

    It is the id itself with check digits, so that it follows from the plan and nobody keeps a list;
    letters and digits alone, which every bank lets through.

    >>> creditor_reference("trf_wkdk4dofkiv2gxjjpdyy")
    'RF28WKDK4DOFKIV2GXJJPDYY'
    """
    reference = transfer_id.removeprefix("trf_").upper()
    return f"RF{mod_97_10.calc_check_digits(f'{reference}RF')}{reference}"


def planned(transfer: Transfer) -> PlannedTransfer:
    """Return the transfer as the plan made it."""
    return PlannedTransfer(
        transfer.id, transfer.debtor, transfer.creditor, transfer.amount_cents, transfer.since
    )


def _select_dues() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Transfer.id,
            Transfer.debtor,
            Transfer.creditor,
            Transfer.amount_cents,
            *(
                func.coalesce(func.sum(case((Payment.kind == kind, Payment.amount_cents))), 0)
                for kind in ("payment", "write_off", "bounce")
            ),
        )
        .join(Payment, Payment.transfer_id == Transfer.id, isouter=True)
        .group_by(Transfer.id)
    )


def _due(row: Sequence[Any]) -> Due:
    due = Due(*row)
    return due._replace(paid_cents=due.paid_cents - due.bounced_cents)
