"""The QR code that a bank's application reads to fill in a transfer (EPC069-12, version 2)."""

from __future__ import annotations

import io
from decimal import Decimal

from segno import helpers

from cowopass.networks.models import LegalEntity
from cowopass.settlement.transfers import creditor_reference

LONGEST_NAME = 70
"""The format has no room for a longer name of a beneficiary."""


def payment_qr(account: LegalEntity, amount_cents: int, transfer_id: str) -> str | None:
    """Return the code of a transfer to an account, in euro, as SVG; None for one without IBAN."""
    if account.iban is None:
        return None
    code = helpers.make_epc_qr(
        name=account.name[:LONGEST_NAME],
        iban=account.iban,
        bic=account.bic,
        amount=Decimal(amount_cents) / 100,
        reference=creditor_reference(transfer_id),
        encoding="utf-8",
    )
    stream = io.BytesIO()
    code.save(stream, kind="svg", xmldecl=False, border=4)
    return stream.getvalue().decode()


def show_iban(iban: str) -> str:
    """Return an IBAN in groups of four, as people read it aloud.

    >>> show_iban("FR7630004000010000000000039")
    'FR76 3000 4000 0100 0000 0000 039'
    """
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
