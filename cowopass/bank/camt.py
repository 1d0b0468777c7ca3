"""Reading account statements as ISO 20022 camt.053, from version 001.02 to 001.13.

lxml reads them alone: of what is looked for, versions differ only in where a name or a status
stands, and both places are looked at. Nothing outside of the file is ever loaded, and a file with a
DTD is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from cowopass.bank.lines import BankAccount, BankLine, compact_iban, read_cents, read_day
from cowopass.errors import BankAmountUnreadable, BankFileUnreadable

VERSIONS = tuple(f"camt.053.001.{number:02}" for number in range(2, 14))
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"

BOOKED = "BOOK"
NOT_PROVIDED = "NOTPROVIDED"
SIGNS = {"CRDT": 1, "DBIT": -1}
"""An amount has no sign of its own: whether it came in or went out is told beside it."""

_AMOUNT = re.compile(r"(\d+(?:\.\d{1,2})?)\.?0*")
"""A decimal number; up to five decimals are allowed, those after the cents must be zeros."""

RETURNED = "RRTN"
"""The subfamily of a bank transaction that gives money back."""


def read_camt(content: bytes) -> list[BankAccount]:
    """Return the booked movements of each account in a file. Raises BankFileUnreadable.

    Also raises BankAmountUnreadable and BankDayUnreadable. What is only announced is left out.
    """
    root = _parse(content)
    name = etree.QName(root)
    version = (name.namespace or "").removeprefix(NAMESPACE)
    if name.localname != "Document" or version not in VERSIONS:
        told = version or name.localname
        raise BankFileUnreadable(f"it is {told}, not {VERSIONS[0]} to {VERSIONS[-1]}")
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise BankFileUnreadable("it has no statement")
    return [_account(statement) for statement in statements]


def _parse(content: bytes) -> Any:  # noqa: ANN401 (lxml has no types)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BankFileUnreadable(f"it is broken XML ({error})") from None
    if root.getroottree().docinfo.doctype:
        raise BankFileUnreadable("it has a DTD, which no bank writes")
    return root


def _account(statement: Any) -> BankAccount:  # noqa: ANN401
    iban = compact_iban(_text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id"))
    entries = statement.findall("Ntry")
    currencies = {amount.get("Ccy", "") for entry in entries for amount in entry.iterfind("Amt")}
    own = _text(statement, "Acct/Ccy")
    lines = [
        line
        for number, entry in enumerate(entries, start=1)
        if _status(entry) == BOOKED
        for line in _lines(entry, iban, f"{iban}, {number}")
    ]
    return BankAccount(iban, frozenset(filter(None, [*currencies, own])), lines)


def _status(entry: Any) -> str:  # noqa: ANN401
    return _text(entry, "Sts/Cd") or _text(entry, "Sts") or BOOKED


def _lines(entry: Any, account: str, place: str) -> Iterator[BankLine]:  # noqa: ANN401
    """Yield the movements of an entry: one, or those of which a bundle consists."""
    cents = _signed(entry, _text(entry, "Amt"), place)
    details = entry.findall("NtryDtls/TxDtls")
    amounts = [_detail_cents(entry, detail, place) for detail in details]
    if len(details) > 1 and sum(amount or 0 for amount in amounts) == cents and all(amounts):
        for detail, amount in zip(details, amounts, strict=True):
            yield _line(entry, [detail], account, amount or 0, place)
    else:
        yield _line(entry, details, account, cents, place)


def _signed(element: Any, text: str, place: str) -> int:  # noqa: ANN401
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise BankAmountUnreadable(place, text)
    told = _text(element, "CdtDbtInd")
    if told not in SIGNS:
        raise BankFileUnreadable(f"entry {place} does not say CRDT or DBIT")
    return SIGNS[told] * read_cents(found[1], place)


def _detail_cents(entry: Any, detail: Any, place: str) -> int | None:  # noqa: ANN401
    text = _text(detail, "Amt") or _text(detail, "AmtDtls/TxAmt/Amt")
    sign = detail if _text(detail, "CdtDbtInd") else entry
    return _signed(sign, text, place) if text else None


def _line(entry: Any, details: list[Any], account: str, cents: int, place: str) -> BankLine:  # noqa: ANN401
    is_return = _is_return(entry, details)
    name, iban = _other_side(details, account, pays=(cents > 0) != is_return)
    reasons = [*_texts(details, "RtrInf/Rsn/Cd"), *_texts(details, "RtrInf/AddtlInf")]
    own = [_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"), *_bank_references(details)]
    day = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    return BankLine(
        account=account,
        booked_on=read_day(day, place),
        amount_cents=cents,
        bank_reference=" ".join(filter(None, own)),
        texts=tuple(_said(entry, details)),
        name=name,
        iban=iban,
        is_return=is_return,
        reason=" ".join(reasons),
    )


def _said(entry: Any, details: list[Any]) -> Iterator[str]:  # noqa: ANN401
    for path in ("Refs/EndToEndId", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Ustrd"):
        yield from (text for text in _texts(details, path) if text != NOT_PROVIDED)
    if more := _text(entry, "AddtlNtryInf"):
        yield more


def _bank_references(details: list[Any]) -> list[str]:
    return [*_texts(details, "Refs/AcctSvcrRef"), *_texts(details, "Refs/TxId")]


def _is_return(entry: Any, details: list[Any]) -> bool:  # noqa: ANN401
    return (
        _text(entry, "RvslInd") in {"true", "1"}
        or _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") == RETURNED
        or any(detail.find("RtrInf") is not None for detail in details)
    )


def _other_side(details: list[Any], account: str, *, pays: bool) -> tuple[str, str]:
    """Return name and IBAN of the other side: who `pays`, or who is paid.

    What comes back names both sides as the first payment did, and some banks do not: the side
    that has this very account is never the other one, nor is one that says nothing.
    """
    sides = [_side(details, role) for role in (("Dbtr", "Cdtr") if pays else ("Cdtr", "Dbtr"))]
    return next((side for side in sides if any(side) and side[1] != account), ("", ""))


def _side(details: list[Any], role: str) -> tuple[str, str]:
    names = [
        *_texts(details, f"RltdPties/{role}/Nm"),
        *_texts(details, f"RltdPties/{role}/Pty/Nm"),
    ]
    ibans = _texts(details, f"RltdPties/{role}Acct/Id/IBAN")
    return next(iter(names), ""), compact_iban(next(iter(ibans), ""))


def _text(element: Any, path: str) -> str:  # noqa: ANN401
    return " ".join((element.findtext(path) or "").split())


def _texts(details: list[Any], path: str) -> list[str]:
    found = (" ".join((each.text or "").split()) for one in details for each in one.iterfind(path))
    return [text for text in found if text]
