"""Writing credit transfers as pain.001.001.09, as European banks take it.

sepaxml builds the message. It makes up its ids, takes the clock's time, knows no structured
reference and keeps orders together only to have them booked as one, so these are set here
afterwards; then the whole is checked against the schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from lxml import etree
from sepaxml import SepaTransfer

from cowopass.bank.parties import Party
from cowopass.bank.sepa import sepa_text
from cowopass.networks.models import LegalEntity

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"

_ADDRESS = {"building_number": 16, "street_name": 70, "postcode": 16, "town": 35, "country": 2}
"""Columns of a legal entity, which are the keys of sepaxml too, and how long each may be.

Another key would be lost silently. A letter may become several: `Œ` is `OE` at a bank."""


class Order(NamedTuple):
    """An amount above zero, in cents, to pay to a party under an ISO 11649 reference."""

    creditor: Party
    amount_cents: int
    reference: str


def write_orders(
    debtor: Party, orders: Sequence[Order], *, message_id: str, made_on: date, execute_on: date
) -> bytes:
    """Return the message that has a debtor's bank pay some orders; the same ones, the same bytes.

    Each is booked by itself, not all as one sum: so the debtor's statement tells of each, too.
    Both parties must have all of `Party.missing`. Raises RuntimeError for a message that
    does not hold to the schema, which would be a mistake of ours.
    """
    message = SepaTransfer({**_account(debtor), "currency": "EUR", "batch": True}, SCHEMA)
    for order in orders:
        payment = {
            **_account(order.creditor),
            "amount": order.amount_cents,
            "execution_date": execute_on,
            "description": order.reference,
            "endtoend_id": order.reference,
        }
        message.add_payment(payment)
    root = etree.fromstring(message.export(validate=False))
    _set(root, "GrpHdr/MsgId", message_id)
    _set(root, "GrpHdr/CreDtTm", f"{made_on}T00:00:00")
    _set(root, "PmtInf/PmtInfId", message_id)
    _set(root, "PmtInf/BtchBookg", "false")
    for remittance in root.iter(_tag("RmtInf")):
        _structure(remittance)
    for agent in root.iter(_tag("DbtrAgt")):
        _name_no_bank(agent[0])
    if not _schema().validate(root):
        raise RuntimeError(f"a payment file is not valid: {_schema().error_log.last_error}")
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _account(party: Party) -> dict[str, Any]:
    legal = party.legal
    if legal is None:
        raise RuntimeError(f"{party.slug} was not checked")
    account: dict[str, Any] = {"name": sepa_text(legal.name), "IBAN": legal.iban}
    account["address"] = _address(legal)
    return {**account, "BIC": legal.bic} if legal.bic else account


def _address(legal: LegalEntity) -> dict[str, str]:
    """Return the parts of an address of which something is left in the letters of banks."""
    found = {key: sepa_text(getattr(legal, key) or "", most) for key, most in _ADDRESS.items()}
    return {key: text for key, text in found.items() if text}


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _set(root: Any, path: str, text: str) -> None:  # noqa: ANN401 (lxml has no types)
    root[0].find("/".join(map(_tag, path.split("/")))).text = text


def _structure(remittance: Any) -> None:  # noqa: ANN401
    """Turn the reference in free text into an ISO 11649 one that the creditor's bank passes on."""
    reference = remittance[0].text
    remittance.clear()
    found = etree.SubElement(etree.SubElement(remittance, _tag("Strd")), _tag("CdtrRefInf"))
    kind = etree.SubElement(found, _tag("Tp"))
    etree.SubElement(etree.SubElement(kind, _tag("CdOrPrtry")), _tag("Cd")).text = "SCOR"
    etree.SubElement(kind, _tag("Issr")).text = "ISO"
    etree.SubElement(found, _tag("Ref")).text = reference


def _name_no_bank(institution: Any) -> None:  # noqa: ANN401
    """Say that the debtor's bank is the one of the IBAN, where no BIC is known."""
    if not len(institution):
        other = etree.SubElement(institution, _tag("Othr"))
        etree.SubElement(other, _tag("Id")).text = "NOTPROVIDED"


@cache
def _schema() -> Any:  # noqa: ANN401
    with (files("sepaxml") / "schemas" / f"{SCHEMA}.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))
