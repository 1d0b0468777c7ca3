"""What banks write that is rare or wrong, where a wrong reading would move money."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.matched import confirm
from cowopass.bank.models import BankEntry, BankFile
from cowopass.errors import BankAmountUnreadable, BankFileUnreadable
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, camt_08, csv_file

STRANGER = "FR7630004000010000000000912"
GOOD = camt_02(ACCOUNTS["b"], Told(900, name="Collectif C"))
CREDIT = b"<CdtDbtInd>CRDT</CdtDbtInd>"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (GOOD.replace(CREDIT, b""), BankFileUnreadable),
        (GOOD.replace(CREDIT, b"<CdtDbtInd>C</CdtDbtInd>"), BankFileUnreadable),
        (GOOD.replace(b">9.00<", b">-9.00<"), BankAmountUnreadable),
        (GOOD.replace(b">9.00<", b"><"), BankAmountUnreadable),
    ],
)
def test_an_amount_whose_direction_is_not_told_is_refused(locked, content, refusal):
    with pytest.raises(refusal):
        import_statement(locked, "sainte", Upload(content))
    assert not list(locked.scalars(select(BankFile)))


@pytest.mark.parametrize("letters", ["utf-8-sig", "iso-8859-1", "utf-16"])
def test_a_statement_in_any_letter_set_is_read(take, left, reference, letters):
    told = camt_08(ACCOUNTS["b"], Told(900, reference=reference["c"], name="Café C")).decode()
    take(told.replace("UTF-8", letters.removesuffix("-sig").upper()).encode(letters))
    assert left()[0]["c"] == 0


@pytest.mark.parametrize("version", [b"001.04", b"001.06", b"001.10", b"001.13"])
def test_the_versions_between_and_after_are_read_alike(locked, version):
    content = camt_08(ACCOUNTS["b"], Told(900, name="Collectif C"))
    found = import_statement(locked, "sainte", Upload(content.replace(b"001.08", version)))
    assert found.suggested == 1


def test_trailing_zeros_of_an_amount_are_no_thousands(take, left, reference):
    content = camt_02(ACCOUNTS["b"], Told(900, reference=reference["c"]))
    take(content.replace(b">9.00<", b">9.00000<"))
    assert left()[0]["c"] == 0


def test_a_reference_that_the_bank_cut_in_two_is_read_across(take, left, reference):
    one, two = reference["c"][:13], reference["c"][13:]
    content = camt_02(ACCOUNTS["b"], Told(900, text=f"VIR SEPA {one}</Ustrd><Ustrd>{two} C"))
    assert take(content).matched == 1
    assert left()[0]["c"] == 0


def test_a_reference_at_the_end_of_a_long_text_is_read(take, left, reference):
    content = camt_02(ACCOUNTS["b"], Told(900, text=f"{'virement ' * 40}{reference['c']}"))
    assert take(content).matched == 1
    assert left()[0]["c"] == 0


def test_money_that_left_for_a_stranger_is_not_taken_for_paid(locked, take, left, reference):
    strayed = Told(-900, "2026-12-01", reference["c"], name="L’Œuvre B", iban=STRANGER)
    assert take(camt_02(ACCOUNTS["c"], strayed)).suggested == 1
    assert left()[0]["c"] == 900
    (entry,) = locked.scalars(select(BankEntry))
    confirm(locked, "sainte", entry.id)
    assert left()[0]["c"] == 0


def test_what_a_stranger_gives_back_bounces_nothing_by_itself(take, left, reference):
    take(camt_02(ACCOUNTS["c"], Told(-900, "2026-12-01", reference["c"])))
    refund = Told(900, reversal=True, name="Électricité de France", iban=STRANGER)
    result = take(camt_02(ACCOUNTS["c"], refund))
    assert result.bounced == 0
    assert left()[0]["c"] == 0


def test_another_payment_of_the_day_in_the_other_form_counts(take, left, reference):
    take(csv_file(f"2026-12-02,4.50,C,,{reference['c']},premier"), ACCOUNTS["b"])
    first = Told(450, reference=reference["c"], bank_reference="A1")
    second = Told(450, reference=reference["comptoir"], bank_reference="A2")
    take(camt_02(ACCOUNTS["b"], second))
    assert left()[0] == {"comptoir": 1215, "c": 450}
    both = camt_02(ACCOUNTS["b"], second, first)
    assert take(both).repeated == 2
    assert left()[0]["c"] == 450


def test_parts_of_a_bundle_are_matched_one_by_one(take, left, reference):
    content = camt_02(ACCOUNTS["c"], Told(-900, reference=reference["c"]))
    start, end = content.index(b"<TxDtls>"), content.index(b"</NtryDtls>")
    part = content[start:end]
    parts = [
        part.replace(b"<Refs>", b'<Amt Ccy="EUR">4.00</Amt><Refs>'),
        part.replace(b"<Refs>", b'<Amt Ccy="EUR">5.00</Amt><Refs>'),
    ]
    assert take(content[:start] + b"".join(parts) + content[end:]).matched == 2
    assert left()[0]["c"] == 0
