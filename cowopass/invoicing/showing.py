"""Invoices of a month as each face shows them, and who may see which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from clearing.line import FUND
from cowopass.errors import InvoiceUnknown, RoleForbidden
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.planning import Draft
from cowopass.invoicing.service import Issued
from cowopass.people.access import Caller


def issued_document(network: str, month: str, issued: Issued) -> dict[str, Any]:
    """Return what was issued with a month as the API shows it."""
    return {
        "network": network,
        "period": month,
        "invoices": issued.invoices,
        "drafts": [draft_document(draft) for draft in issued.drafts],
        "missing": issued.missing,
        "waiting": issued.waiting,
    }


def draft_document(draft: Draft) -> dict[str, Any]:
    """Return a draft as the API shows it."""
    document = draft.document
    return {
        "name": draft.name,
        "kind": document.kind,
        "issuer": draft.issuer,
        "recipient": draft.recipient,
        "about": document.about,
        "regime": document.treatment.regime,
        "first_on": date.fromisoformat(document.first_on),
        "last_on": date.fromisoformat(document.last_on),
        **document.amounts._asdict(),
    }


def of_spaces(issued: Issued, spaces: Collection[str]) -> Issued:
    """Return what concerns some spaces: what they give and receive, and what they lack."""
    return Issued(
        [one for one in issued.invoices if {one.issuer, one.recipient} & set(spaces)],
        [draft for draft in issued.drafts if draft.issuer in spaces],
        [missing for missing in issued.missing if missing.who in spaces],
        issued.waiting,
    )


def must_see(caller: Caller, invoice: Invoice) -> None:
    """Let pass the treasurer, and the hosts of the two sides. Raises RoleForbidden."""
    sides = {invoice.issuer, invoice.recipient} - {FUND}
    if not (caller.keeps(invoice.network) or caller.hosted & sides):
        raise RoleForbidden("the role host at one of the two spaces of the invoice")


def find_draft(issued: Issued, name: str) -> Draft:
    """Return a draft by the name of its file. Raises InvoiceUnknown."""
    for draft in issued.drafts:
        if draft.name == name:
            return draft
    raise InvoiceUnknown(name)
