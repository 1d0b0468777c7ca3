from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from lxml import etree
from xmlschema import XMLSchema

from cowopass.bank.pain import SCHEMA, Order, write_orders
from cowopass.bank.parties import list_parties
from cowopass.bank.payment_files import payment_file, waiting_dues
from cowopass.bank.sepa import sepa_text
from cowopass.errors import PartyIncomplete, PeriodNotLocked, SpaceUnknown
from cowopass.networks.models import Network
from cowopass.settlement.payments import Bill, record_bounce, record_payment
from cowopass.settlement.transfers import Due, creditor_reference
from cowopass.spaces.models import Space
from tests.cowopass.bank.conftest import ACCOUNTS

TODAY = date(2026, 12, 2)
NAMES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def read(content: bytes, path: str) -> list[str]:
    """Return the texts under a path of element names."""
    steps = "/".join(f"p:{step}" for step in path.split("/"))
    return [found.text for found in etree.fromstring(content).iterfind(f".//{steps}", NAMES)]


def a_file(session, space: str = "c") -> bytes:
    content = payment_file(session, "sainte", "2026-11", space)
    assert content is not None
    return content


def test_a_space_gets_one_file_for_its_bank(locked, dues):
    content = a_file(locked)
    reference = creditor_reference(dues["c"].id)
    assert read(content, "DbtrAcct/Id/IBAN") == [ACCOUNTS["c"]]
    assert read(content, "CdtrAcct/Id/IBAN") == [ACCOUNTS["b"]]
    assert read(content, "Cdtr/Nm") == ["L'OEuvre B"]
    assert read(content, "InstdAmt") == ["9.00"]
    assert read(content, "EndToEndId") == [reference]
    assert read(content, "Strd/CdtrRefInf/Ref") == [reference]
    assert read(content, "ReqdExctnDt/Dt") == ["2026-12-02"]
    assert read(content, "Cdtr/PstlAdr/TwnNm") == ["Saint-Etienne"]
    assert not read(content, "AdrLine")
    assert read(content, "BtchBookg") == ["false"]


@pytest.mark.parametrize("space", ["c", "comptoir"])
def test_the_file_holds_to_its_schema(locked, space):
    schema = XMLSchema(str(files("sepaxml") / "schemas" / f"{SCHEMA}.xsd"))
    schema.validate(a_file(locked, space).decode())


def test_asked_for_twice_it_is_the_same_file(locked, travel):
    first = a_file(locked)
    travel.shift(3600)
    assert a_file(locked) == first
    travel.move_to(datetime(2026, 12, 5, 10, tzinfo=UTC))
    later = a_file(locked)
    assert read(later, "MsgId") == read(first, "MsgId")
    assert read(later, "ReqdExctnDt/Dt") == ["2026-12-07"]


def test_only_the_rest_is_paid_and_a_bounce_is_paid_anew(locked, dues):
    bill = Bill("sainte", "2026-11", dues["c"].id)
    whole = read(a_file(locked), "MsgId")
    part = record_payment(locked, bill, 500, TODAY).payment
    assert read(a_file(locked), "InstdAmt") == ["4.00"]
    record_bounce(locked, "sainte", "2026-11", part.id, TODAY, "Account closed")
    again = a_file(locked)
    assert read(again, "InstdAmt") == ["9.00"]
    assert read(again, "MsgId") != whole


def test_several_orders_are_the_same_file_again_and_booked_one_by_one(locked):
    parties = list_parties(locked, locked.get_one(Network, "sainte"))
    orders = [Order(parties[slug], cents, f"RF{cents}") for slug, cents in (("b", 900), ("c", 50))]
    when = {"message_id": "CWP1", "made_on": TODAY, "execute_on": TODAY}
    content = write_orders(parties["comptoir"], orders, **when)
    assert content == write_orders(parties["comptoir"], orders, **when)
    assert read(content, "PmtInf/PmtInfId") == ["CWP1"]
    assert read(content, "PmtInf/BtchBookg") == ["false"]
    assert read(content, "InstdAmt") == ["9.00", "0.50"]


def test_who_owes_nothing_gets_no_file(locked, dues):
    assert payment_file(locked, "sainte", "2026-11", "b") is None
    record_payment(locked, Bill("sainte", "2026-11", dues["c"].id), 900, TODAY)
    assert payment_file(locked, "sainte", "2026-11", "c") is None


def test_a_party_that_lacks_something_is_named(locked):
    locked.get_one(Space, "b").legal.iban = None
    locked.get_one(Space, "c").legal.town = None
    with pytest.raises(PartyIncomplete) as refused:
        a_file(locked)
    assert refused.value.missing == {"c": ["town"], "b": ["iban"]}
    locked.get_one(Space, "b").legal = None
    with pytest.raises(PartyIncomplete) as refused:
        a_file(locked)
    assert refused.value.missing["b"] == ["legal"]


def test_there_is_no_file_before_the_lock_or_for_strangers(november, locked):
    with pytest.raises(PeriodNotLocked):
        payment_file(november, "sainte", "2026-12", "c")
    with pytest.raises(SpaceUnknown):
        payment_file(locked, "sainte", "2026-11", "nobody")


def test_what_is_owed_to_another_network_waits(locked):
    parties = list_parties(locked, locked.get_one(Network, "sainte"))
    abroad = Due("trf_1", "c", "lyon", 700, 0, 0, 0)
    assert waiting_dues([abroad], "c", parties) == [abroad]
    assert waiting_dues([abroad], "b", parties) == []


def test_a_host_fetches_the_file_of_her_own_space(locked, client, host_of, treasurer):
    path = "/api/v1/periods/sainte/2026-11/payment-files"
    answer = client.get(f"{path}/c", headers=host_of("c"))
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    assert answer.data == a_file(locked)
    assert client.get(f"{path}/c", headers=host_of("b")).status_code == 403
    assert client.get(f"{path}/b", headers=treasurer).status_code == 204


def test_letters_that_banks_do_not_take_are_replaced():
    assert sepa_text("Ét@blissement « À & B »") == "Et blissement    A   B"
    assert len(sepa_text("a" * 200)) == 70


def test_letters_that_become_several_make_no_part_of_an_address_too_long(locked):
    b = locked.get_one(Space, "b").legal
    b.building_number, b.postcode = "Œ" * 16, "Œ" * 16
    b.name, b.town, b.street_name = "Œ" * 200, "Œ" * 70, "☕"
    content = a_file(locked)
    assert read(content, "Cdtr/PstlAdr/BldgNb") == ["OE" * 8]
    assert read(content, "Cdtr/PstlAdr/TwnNm") == ["OE" * 17 + "O"]
    assert not read(content, "Cdtr/PstlAdr/StrtNm")


def test_a_name_of_which_no_bank_can_write_a_letter_is_missing(locked):
    locked.get_one(Space, "b").legal.name = "☕🥐"
    with pytest.raises(PartyIncomplete) as refused:
        a_file(locked)
    assert refused.value.missing == {"b": ["name"]}


def test_both_pages_hand_the_file_out(locked, client, host_of, treasurer):
    expected = a_file(locked)
    locked.rollback()
    asked = "/desk/c/month/payment-file?month=2026-11"
    assert client.get(asked, headers=host_of("c")).data == expected
    asked = "/treasury/sainte/2026-11/payment-files/c"
    assert client.get(asked, headers=treasurer).data == expected
    month = client.get("/desk/c/month?month=2026-11", headers=host_of("c")).text
    assert "Fichier de virement pour votre banque" in month
