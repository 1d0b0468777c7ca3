"""Every kind of invoice keeps the schema and the official rules; planted errors are caught."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cowopass.invoicing.amounts import Amounts
from cowopass.invoicing.bills import Bill
from cowopass.invoicing.cii import cii_xml
from cowopass.invoicing.document import Document, Mandate, Occasion, make_document
from cowopass.invoicing.items import Item
from cowopass.invoicing.parties import Party, party_of
from cowopass.invoicing.wordings import treatment_on
from tests.cowopass.invoicing.conftest import a_legal_side
from tests.cowopass.invoicing.validating import FRANCE, broken_rules, check_schema

DAY = date(2026, 11, 12)
OCCASION = Occasion("sainte", "Coworking Sainté", "EUR", "2026-11", "ab" * 32, date(2026, 12, 2))
MANDATE = Mandate(date(2026, 1, 1), 15)


def a_party(who: str, **over: str | None) -> Party:
    return party_of(who, f"Le lieu {who}", a_legal_side(who, **over))


def an_item(issuer: str, cents: int, day: date = DAY, unit: str = "day") -> Item:
    return Item(
        f"lin_{cents}{unit}", issuer, "c", day, unit, "normal", "abc", cents, 2 * cents, "2026-11"
    )


def an_invoice(
    regime: str = "standard", issuer: str = "comptoir", *cents: int, **over: str | None
) -> Document:
    kind = over.pop("kind", "invoice")
    bill = Bill(
        "credit_note" if kind == "credit_note" else "invoice",
        issuer,
        "c",
        treatment_on(regime, DAY),
        tuple(an_item(issuer, each) for each in cents or (1200, 1203)),
        "COMPTOIR-2026-000001" if kind == "credit_note" else None,
    )
    seller = a_party(issuer, **over)
    about_on = DAY if bill.about else None
    number = "COMPTOIR-2026-000002"
    return make_document(bill, seller, a_party("c"), OCCASION, MANDATE, number, about_on)


KINDS = {
    "20 %": an_invoice(),
    "20 %, with a cent of rounding": an_invoice("standard", "comptoir", 1203),
    "a franchise without VAT number": an_invoice("franchise", "b"),
    "a franchise with one": an_invoice("franchise", "b", vat_number="FR23999000029"),
    "out of scope": an_invoice("out_of_scope", "c", vat_number="FR47999000037"),
    "the levy": an_invoice("out_of_scope", "fund"),
    "the levy at 20 %": an_invoice("standard", "fund", vat_number="FR71999000045"),
    "a credit note": an_invoice(kind="credit_note"),
    "a seller with its capital": an_invoice(form="SARL au capital de 5 000 €, RCS Saint-Étienne"),
    "an address without street": an_invoice(building_number=None, street_name=None),
}


def xml_of(document: Document) -> bytes:
    return cii_xml(document, str(document.number))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_the_schema(kind):
    check_schema(xml_of(KINDS[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_the_rules_of_europe_and_of_france(kind):
    assert broken_rules(xml_of(KINDS[kind])) == set()
    assert broken_rules(xml_of(KINDS[kind]), FRANCE) == set()


def test_the_data_has_the_form_of_the_seller_as_the_page_has():
    data = xml_of(KINDS["a seller with its capital"]).decode()
    told = "<ram:Description>SARL au capital de 5 000 €, RCS Saint-Étienne</ram:Description>"
    assert data.count(told) == 1


def test_drafts_have_names_of_their_own_that_are_never_too_long():
    draft = replace(KINDS["a credit note"], number=None)
    other = replace(draft, about="COMPTOIR-2026-000009")
    long = replace(draft, seller=replace(draft.seller, slug="a" * 60))
    longer = replace(long, buyer=replace(long.buyer, slug="b" * 60))
    names = {each.name for each in (draft, other, long, longer, replace(longer, kind="invoice"))}
    assert len(names) == 5
    assert max(map(len, names)) <= 100
    assert draft.name.endswith("-comptoir-c-avoir-standard-2026-11-12-COMPTOIR-2026-000001")


def but(document: Document, **over: object) -> bytes:
    return xml_of(replace(document, **over))


STANDARD = KINDS["20 %"]
PLANTED = {
    "a VAT that is not the rate of the net": (
        "BR-S-09",
        STANDARD,
        {"amounts": Amounts(2003, 301, 0, 2304)},
    ),
    "a net that is not the sum of the lines": (
        "BR-CO-10",
        STANDARD,
        {"amounts": Amounts(2004, 401, 0, 2405)},
    ),
    "a total that does not add up": (
        "BR-CO-16",
        STANDARD,
        {"amounts": Amounts(2003, 401, 0, 2410)},
    ),
    "no VAT number": (
        "BR-S-02",
        STANDARD,
        {"seller": a_party("comptoir", vat_number=None, siren=None)},
    ),
    "no name": ("BR-06", STANDARD, {"seller": a_party("comptoir", name="")}),
    "no country": ("BR-09", STANDARD, {"seller": a_party("comptoir", country="")}),
    "no line": ("BR-16", STANDARD, {"rows": ()}),
    "no reason": (
        "BR-E-10",
        KINDS["a franchise with one"],
        {"treatment": replace(treatment_on("franchise", DAY), reason=None, reason_code=None)},
    ),
    "a rate outside of VAT": (
        "BR-O-09",
        KINDS["out of scope"],
        {"amounts": Amounts(2403, 10, 0, 2413)},
    ),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_caught(mistake):
    rule, document, over = PLANTED[mistake]
    assert rule in broken_rules(but(document, **over))


def test_a_number_that_france_does_not_take_is_caught():
    xml = cii_xml(STANDARD, "facture n° 12")
    assert "BR-FR-02_BT-1" in broken_rules(xml, FRANCE)


def test_an_element_out_of_place_is_caught():
    xml = xml_of(STANDARD).replace(b"TypeCode>380", b"TypeKode>380")
    with pytest.raises(Exception, match="TypeKode"):
        check_schema(xml)
