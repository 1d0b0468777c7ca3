"""The transfers of a locked month: what was paid of each, and on which account to pay the rest."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import first_day
from cowopass.legal.accounts import Change, changes_since
from cowopass.networks.models import LegalEntity
from cowopass.passes.tickets import day_starts_at
from cowopass.settlement.models import Payment
from cowopass.settlement.payments import payments_of
from cowopass.settlement.transfers import creditor_reference
from cowopass.treasury.frame import Treasury


class Payer(NamedTuple):
    """A space, or the fund, that still owes something; `has_file` once it can be paid from here."""

    slug: str
    left_cents: int
    has_file: bool


class Paper(NamedTuple):
    """A transfer with what was recorded of it; `account` is whom to pay, as a bank knows them.

    `changed` tells of an IBAN that replaced another since the month began: since that account was
    last paid. `reference` is the one that the payment must bear.
    """

    transfer: dict[str, Any]
    payments: list[Payment]
    account: LegalEntity | None
    changed: Change | None
    reference: str

    @property
    def bounced(self) -> set[str | None]:
        """The ids of the payments that came back."""
        return {payment.reverses_id for payment in self.payments}


def list_papers(
    session: Session, treasury: Treasury, month: str, transfers: list[dict[str, Any]]
) -> list[Paper]:
    """Return the transfers of a month (of `show_month`) with their payments, the oldest first."""
    network = treasury.network
    began_at = day_starts_at(first_day(month), network.timezone)
    changes = changes_since(session, network.slug, began_at) if transfers else {}
    payments: dict[str, list[Payment]] = {transfer["id"]: [] for transfer in transfers}
    for payment in payments_of(session, payments):
        payments[payment.transfer_id].append(payment)
    accounts = {space.slug: space.legal for space in treasury.spaces}
    accounts[FUND] = network.fund
    return [
        Paper(
            transfer,
            payments[transfer["id"]],
            accounts.get(transfer["creditor"]),
            changes.get(transfer["creditor"]),
            creditor_reference(transfer["id"]),
        )
        for transfer in transfers
    ]


def list_payers(treasury: Treasury, transfers: list[dict[str, Any]]) -> list[Payer]:
    """Return who still owes something of a month (`show_month`), and how much."""
    ours = {FUND, *(space.slug for space in treasury.spaces)}
    payers: dict[str, Payer] = {}
    for transfer in transfers:
        if transfer["left_cents"] and transfer["debtor"] in ours:
            debtor, here = transfer["debtor"], transfer["creditor"] in ours
            before = payers.get(debtor, Payer(debtor, 0, has_file=False))
            left_cents = before.left_cents + transfer["left_cents"]
            payers[debtor] = Payer(debtor, left_cents, before.has_file or here)
    return list(payers.values())
