"""A bank statement to try with: what the creditors of a locked month might find on their accounts.

For development: it says that everything was paid, which only a bank can know.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.bank.camt import NAMESPACE
from cowopass.bank.parties import Party, list_parties
from cowopass.errors import PeriodNotLocked
from cowopass.settlement.service import get_month
from cowopass.settlement.transfers import Due, creditor_reference

_VERSION = "camt.053.001.08"


def write_bank_statement(session: Session, network: str, month: str) -> bytes | None:
    """Return a camt.053 of every creditor's account, on which all that is left has come in today.

    The smallest transfer comes without its reference, and each account has a payment of its own
    that is nobody's business. None when nothing is left that can be paid from here. Raises
    NetworkUnknown, MonthInvalid and PeriodNotLocked.
    """
    found = get_month(session, network, month)
    if found.row is None or found.row.locked_at is None:
        raise PeriodNotLocked(network, month)
    parties = list_parties(session, found.network)
    banked = {slug: party for slug, party in parties.items() if party.iban}
    dues = [
        due
        for due in found.dues
        if due.left_cents and due.creditor in banked and due.debtor in parties
    ]
    if not dues:
        return None
    today, currency = clock.today(found.network.timezone), found.network.currency
    smallest = min(dues, key=lambda due: (due.left_cents, due.id))
    root, statements = _document(f"{network}-{month}", today)
    for slug in sorted({due.creditor for due in dues}):
        statement = _statement(statements, banked[slug], currency)
        for due in dues:
            if due.creditor == slug:
                reference = "" if due is smallest else creditor_reference(due.id)
                _entry(
                    statement,
                    today,
                    _paid(due, parties[due.debtor], reference),
                    found.network.currency,
                )
        _entry(statement, today, _own(), currency)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _document(message_id: str, on: date) -> tuple[Any, Any]:
    """Return an empty message, and where its statements go."""
    root = etree.Element(f"{{{NAMESPACE}{_VERSION}}}Document", nsmap={None: NAMESPACE + _VERSION})
    statements = _add(root, "BkToCstmrStmt")
    header = _add(statements, "GrpHdr")
    _add(header, "MsgId", message_id)
    _add(header, "CreDtTm", f"{on}T06:00:00")
    return root, statements


def _statement(statements: Any, party: Party, currency: str) -> Any:  # noqa: ANN401 (lxml has no types)
    statement = _add(statements, "Stmt")
    _add(statement, "Id", f"{party.slug}-1")
    account = _add(statement, "Acct")
    _add(_add(account, "Id"), "IBAN", party.iban)
    _add(account, "Ccy", currency)
    return statement


def _paid(due: Due, debtor: Party, reference: str) -> dict[str, Any]:
    name = debtor.legal.name if debtor.legal else debtor.name
    return {
        "id": due.id,
        "cents": due.left_cents,
        "name": name,
        "iban": debtor.iban,
        "reference": reference,
        "text": "" if reference else "virement cowopass",
    }


def _own() -> dict[str, Any]:
    """Return what a space gets from its own customers."""
    return {
        "id": "own",
        "cents": 4217,
        "name": "Boulangerie des Halles",
        "iban": None,
        "reference": "",
        "text": "location salle",
    }


def _entry(statement: Any, on: date, told: dict[str, Any], currency: str) -> None:  # noqa: ANN401
    entry = _add(statement, "Ntry")
    cents = told["cents"]
    _add(entry, "Amt", f"{cents // 100}.{cents % 100:02}").set("Ccy", currency)
    _add(entry, "CdtDbtInd", "CRDT")
    _add(_add(entry, "Sts"), "Cd", "BOOK")
    _add(_add(entry, "BookgDt"), "Dt", str(on))
    _add(entry, "AcctSvcrRef", f"{on:%Y%m%d}{told['id'][-8:]}".upper())
    detail = _add(_add(entry, "NtryDtls"), "TxDtls")
    _add(_add(detail, "Refs"), "EndToEndId", told["reference"] or "NOTPROVIDED")
    sides = _add(detail, "RltdPties")
    _add(_add(_add(sides, "Dbtr"), "Pty"), "Nm", told["name"])
    if told["iban"]:
        _add(_add(_add(sides, "DbtrAcct"), "Id"), "IBAN", told["iban"])
    said = _add(detail, "RmtInf")
    if told["reference"]:
        structured = _add(_add(said, "Strd"), "CdtrRefInf")
        _add(structured, "Ref", told["reference"])
    else:
        _add(said, "Ustrd", told["text"])


def _add(parent: Any, name: str, text: str | None = None) -> Any:  # noqa: ANN401
    element = etree.SubElement(parent, f"{{{NAMESPACE}{_VERSION}}}{name}")
    element.text = text
    return element
