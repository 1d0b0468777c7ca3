from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.models import BankFile
from cowopass.errors import (
    BankAccountNeeded,
    BankAccountUnknown,
    BankAmountUnreadable,
    BankDayUnreadable,
    BankFileUnreadable,
    CsvHeaderWrong,
    CsvUnreadable,
    CurrencyForeign,
)
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, csv_file

OTHER = "FR7630004000010000000000912"
GOOD = camt_02(ACCOUNTS["b"], Told(900, name="Collectif C"))
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<Document>&x;</Document>"
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", BankFileUnreadable),
        (b"<Document", BankFileUnreadable),
        (XXE, BankFileUnreadable),
        (GOOD.replace(b"camt.053", b"camt.052"), BankFileUnreadable),
        (GOOD.replace(b"camt.053.001.02", b"pain.001.001.09"), BankFileUnreadable),
        (GOOD.replace(b"Stmt>", b"Rpt>"), BankFileUnreadable),
        (GOOD.replace(b">9.00<", b">9,00<"), BankAmountUnreadable),
        (GOOD.replace(b">9.00<", b">9.001<"), BankAmountUnreadable),
        (GOOD.replace(b">9.00<", b">99999999999.00<"), BankAmountUnreadable),
        (GOOD.replace(b"2026-12-02</Dt></Bookg", b"2026-13-02</Dt></Bookg"), BankDayUnreadable),
        (GOOD.replace(b'Ccy="EUR"', b'Ccy="CHF"'), CurrencyForeign),
        (camt_02(OTHER, Told(900, name="Collectif C")), BankAccountUnknown),
    ],
)
def test_a_bad_statement_is_refused_whole(locked, content, refusal):
    with pytest.raises(refusal):
        import_statement(locked, "sainte", Upload(content))
    assert not list(locked.scalars(select(BankFile)))


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        (["2026-12-02,neuf,C,,,"], BankAmountUnreadable),
        (["2026-12-02,9.000,C,,,"], BankAmountUnreadable),
        (["2 December,9.00,C,,,"], BankDayUnreadable),
        (["31/11/2026,9.00,C,,,"], BankDayUnreadable),
        (["2026-12-02,9.00,C"], CsvUnreadable),
    ],
)
def test_a_bad_row_is_refused_with_its_line(locked, rows, refusal):
    with pytest.raises(refusal) as refused:
        import_statement(locked, "sainte", Upload(csv_file(*rows), account=ACCOUNTS["b"]))
    assert "2 " in str(refused.value) or "2:" in str(refused.value)


def test_a_csv_file_needs_its_header_and_its_account(locked):
    content = csv_file(header="jour,somme")
    with pytest.raises(CsvHeaderWrong):
        import_statement(locked, "sainte", Upload(content, account=ACCOUNTS["b"]))
    with pytest.raises(BankAccountNeeded):
        import_statement(locked, "sainte", Upload(csv_file("2026-12-02,9.00,C,,,")))


def test_an_account_that_is_named_must_be_in_the_file(locked):
    with pytest.raises(BankAccountUnknown):
        import_statement(locked, "sainte", Upload(GOOD, account=ACCOUNTS["c"]))


def test_what_is_only_announced_is_left_out(locked):
    announced = GOOD.replace(b"<Sts>BOOK</Sts>", b"<Sts>PDNG</Sts>")
    assert import_statement(locked, "sainte", Upload(announced)).lines == 0


def test_a_prefix_of_the_names_of_elements_is_read_alike(locked):
    prefixed = GOOD.replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"<n:?", b"<?")
    prefixed = prefixed.replace(b"xmlns=", b"xmlns:n=")
    assert import_statement(locked, "sainte", Upload(prefixed)).suggested == 1
