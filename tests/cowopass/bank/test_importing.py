from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from cowopass.bank.matched import confirm, ignore, know, movement_of
from cowopass.bank.matching import examine
from cowopass.bank.models import BankEntry, BankFile
from cowopass.errors import BankEntryAmbiguous, BankEntrySettled
from cowopass.networks.models import Network
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment
from cowopass.settlement.transfers import get_due
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, camt_08, csv_file


def entries(session, state):
    return list(session.scalars(select(BankEntry).where(BankEntry.state == state)))


def findings(session, entry):
    world = know(session, session.get_one(Network, "sainte"))
    return [finding.transfers for finding in examine(movement_of(entry, world), world)]


@pytest.mark.parametrize("camt", [camt_02, camt_08])
def test_payments_with_their_references_settle_the_month(take, left, reference, camt):
    first = take(camt(ACCOUNTS["b"], Told(900, reference=reference["c"], name="Collectif C")))
    assert (first.matched, first.unrelated, first.surplus_cents) == (1, 0, 0)
    assert left() == ({"comptoir": 1215, "c": 0}, "settling")
    take(camt(ACCOUNTS["fund"], Told(1215, text=f"virement {reference['comptoir'].lower()} merci")))
    assert left() == ({"comptoir": 0, "c": 0}, "settled")


@pytest.mark.parametrize("where", ["text", "end_to_end", "reference"])
def test_a_reference_is_found_wherever_the_bank_puts_it(take, left, reference, where):
    spaced = " ".join(reference["c"][place : place + 4] for place in range(0, 24, 4))
    take(camt_08(ACCOUNTS["b"], Told(900, **{where: spaced})))
    assert left()[0]["c"] == 0


def test_a_part_is_paid_and_then_the_rest(take, left, reference):
    part = Told(500, reference=reference["c"], bank_reference="A1")
    take(camt_02(ACCOUNTS["b"], part))
    assert left()[0]["c"] == 400
    again = take(camt_02(ACCOUNTS["b"], part, Told(400, "2026-12-02", reference["c"])))
    assert (again.repeated, again.matched) == (1, 1)
    assert left()[0]["c"] == 0


def test_two_equal_parts_of_one_day_are_two(take, left, reference):
    part = Told(450, reference=reference["c"])
    content = camt_02(ACCOUNTS["b"], part, part)
    assert take(content).matched == 2
    assert left()[0]["c"] == 0


def test_what_is_paid_too_much_is_kept_as_a_surplus(locked, take, left, reference):
    result = take(camt_02(ACCOUNTS["b"], Told(1000, reference=reference["c"])))
    assert (result.matched, result.surplus_cents) == (1, 100)
    assert left()[0]["c"] == 0
    (entry,) = entries(locked, "matched")
    assert entry.surplus_cents == 100
    ignore(locked, "sainte", entry.id)
    assert (entry.state, entry.surplus_cents) == ("ignored", 100)


def test_the_same_file_again_changes_nothing_and_says_so(locked, take, left, reference):
    content = camt_02(ACCOUNTS["b"], Told(500, reference=reference["c"]))
    first, again = take(content), take(content)
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.file_id, again.repeated, again.matched) == (first.file_id, 1, 0)
    assert left()[0]["c"] == 400
    assert len(list(locked.scalars(select(BankFile)))) == 1


def test_the_statements_of_both_sides_tell_of_one_payment(locked, take, left, reference):
    received = camt_02(ACCOUNTS["b"], Told(500, "2026-12-02", reference["c"]))
    paid = camt_08(ACCOUNTS["c"], Told(-500, "2026-12-01", end_to_end=reference["c"]))
    take(paid)
    assert take(received).twins == 1
    assert left()[0]["c"] == 400
    assert len(entries(locked, "twin")) == 1


def test_a_bank_that_tells_more_helps_one_that_tells_less(take, left, reference):
    received = Told(500, name="Collectif C", iban=ACCOUNTS["c"])
    assert take(camt_02(ACCOUNTS["b"], received)).suggested == 1
    assert left()[0]["c"] == 900
    paid = Told(-500, "2026-12-01", reference["c"], iban=ACCOUNTS["b"])
    assert take(camt_08(ACCOUNTS["c"], paid)).matched == 1
    assert left()[0]["c"] == 400


def test_a_payment_noted_by_hand_is_not_counted_again(locked, take, left, dues, reference):
    record_payment(locked, Bill("sainte", "2026-11", dues["c"].id), 500, date(2026, 12, 1))
    assert take(camt_02(ACCOUNTS["b"], Told(500, reference=reference["c"]))).matched == 1
    assert left()[0]["c"] == 400


@pytest.mark.parametrize(
    "told",
    [
        Told(900, name="COLLECTIF C"),
        Told(900, name="Someone else", iban=ACCOUNTS["c"]),
        Told(900),
    ],
)
def test_an_amount_and_a_name_only_suggest_and_a_person_confirms(locked, take, left, dues, told):
    assert take(camt_02(ACCOUNTS["b"], told)).suggested == 1
    assert left() == ({"comptoir": 1215, "c": 900}, "locked")
    (entry,) = entries(locked, "open")
    assert findings(locked, entry) == [(dues["c"].id,)]
    for _ in range(2):
        confirm(locked, "sainte", entry.id)
    assert left()[0]["c"] == 0
    with pytest.raises(BankEntrySettled):
        confirm(locked, "sainte", entry.id, [dues["comptoir"].id])


def test_a_person_says_which_where_there_are_several_ways(
    locked, take, dues, visit, travel, config
):
    visit("c", "b", 1000, on=date(2026, 12, 3))
    travel.move_to(datetime(2027, 1, 2, 10, tzinfo=UTC))
    lock_period(locked, config, "sainte", "2026-12")
    take(camt_02(ACCOUNTS["b"], Told(500, "2027-01-02", name="Collectif C")))
    (entry,) = entries(locked, "open")
    assert len(findings(locked, entry)) == 2
    with pytest.raises(BankEntryAmbiguous) as refused:
        confirm(locked, "sainte", entry.id)
    assert [dues["c"].id] in refused.value.options
    confirm(locked, "sainte", entry.id, [dues["c"].id])
    assert get_due(locked, dues["c"].id).left_cents == 400


def test_what_has_nothing_to_do_with_the_network_is_not_kept(locked, take):
    result = take(camt_02(ACCOUNTS["b"], Told(15000, name="Camille Berthet", text="mon pass")))
    assert (result.lines, result.unrelated) == (1, 1)
    assert not list(locked.scalars(select(BankEntry)))


def test_an_entry_to_look_at_is_ignored_and_forgets_its_names(locked, take, left):
    take(camt_02(ACCOUNTS["b"], Told(5, name="Collectif C", text="cadeau")))
    (entry,) = entries(locked, "open")
    for _ in range(2):
        ignore(locked, "sainte", entry.id)
    assert (entry.state, entry.name, entry.texts) == ("ignored", "", [])
    with pytest.raises(BankEntrySettled):
        confirm(locked, "sainte", entry.id)
    assert left()[0]["c"] == 900


@pytest.mark.parametrize(
    "back",
    [
        Told(900, "2026-12-02", returned="AC04", end_to_end="{}"),
        Told(900, "2026-12-02", reversal=True, reference="{}"),
        Told(900, "2026-12-02", reversal=True, name="L’Œuvre B"),
        Told(900, "2026-12-02", reference="{}"),
    ],
)
def test_a_payment_that_bounced_is_taken_back(take, left, reference, back):
    told = [text.format(reference["c"]) if text == "{}" else text for text in back]
    take(camt_02(ACCOUNTS["c"], Told(-900, "2026-12-01", reference["c"])))
    assert left()[0]["c"] == 0
    result = take(camt_08(ACCOUNTS["c"], Told(*told)))
    assert result.bounced == 1
    assert left() == ({"comptoir": 1215, "c": 900}, "settling")


def test_an_equal_amount_that_comes_back_without_a_word_is_suggested(locked, take, left, reference):
    take(camt_02(ACCOUNTS["c"], Told(-900, "2026-12-01", reference["c"])))
    result = take(camt_02(ACCOUNTS["c"], Told(900, "2026-12-02", name="L’Œuvre B")))
    assert result.suggested == 1
    (entry,) = entries(locked, "open")
    confirm(locked, "sainte", entry.id)
    assert left()[0]["c"] == 900


def test_a_bounce_may_come_before_its_payment(take, left, reference):
    take(camt_02(ACCOUNTS["c"], Told(900, "2026-12-02", reference["c"], returned="AC04")))
    assert left()[0]["c"] == 900
    take(camt_02(ACCOUNTS["c"], Told(-900, "2026-12-01", reference["c"])))
    assert left() == ({"comptoir": 1215, "c": 900}, "settling")


def test_after_a_bounce_the_second_try_counts(take, left, reference):
    first = Told(-900, "2026-11-27", reference["c"])
    back = Told(900, "2026-11-28", reference["c"], returned="AC04")
    second = Told(-900, "2026-12-01", reference["c"])
    take(camt_02(ACCOUNTS["c"], first, back, second))
    assert left()[0]["c"] == 0
    take(camt_02(ACCOUNTS["b"], Told(900, "2026-12-02", reference["c"])))
    assert left()[0]["c"] == 0


def test_a_csv_file_with_spreadsheet_habits(take, left, reference):
    content = b"\xef\xbb\xbf" + csv_file(
        f"01/12/2026;9,00;Collectif C;;{reference['c']};merci",
        header="date;amount;name;iban;reference;text",
    )
    assert take(content, ACCOUNTS["b"]).matched == 1
    assert left()[0]["c"] == 0


def test_csv_and_camt_of_the_same_account_are_not_counted_twice(take, left, reference):
    take(csv_file(f"2026-12-02,4.50,C,,{reference['c']},"), ACCOUNTS["b"])
    result = take(camt_02(ACCOUNTS["b"], Told(450, reference=reference["c"])))
    assert result.repeated == 1
    assert left()[0]["c"] == 450
