"""Issuing a month: who invoices whom, under which VAT, under which number."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from cowopass.errors import NetworkUnknown, PeriodNotLocked
from cowopass.invoicing.document import document_of
from cowopass.invoicing.service import issue_month, show_invoices
from cowopass.ledger.service import reverse_charges
from cowopass.networks.models import VatRegime
from cowopass.people.access import caller_with
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.disputes import contest
from cowopass.spaces.models import Space

JANUARY_5 = datetime(2027, 1, 5, 10, tzinfo=UTC)


def told(invoices):
    return [(one.issuer, one.recipient, one.kind, one.gross_cents) for one in invoices]


def stand_to_vat(legal, since, who="b"):
    entity = legal(who, vat_number="FR23999000029")
    entity.vat.append(VatRegime(regime="standard", effective_from=since))


def test_each_host_invoices_each_home_and_the_fund_each_host(november, issue):  # noqa: ARG001
    issued = issue()
    assert told(issued.invoices) == [
        ("b", "c", "invoice", 600),
        ("b", "comptoir", "invoice", 7200),
        ("c", "b", "invoice", 2000),
        ("c", "comptoir", "invoice", 4000),
        ("comptoir", "b", "invoice", 4500),
        ("comptoir", "c", "invoice", 6000),
        ("fund", "b", "invoice", 390),
        ("fund", "c", "invoice", 300),
        ("fund", "comptoir", "invoice", 525),
    ]
    assert sum(one.gross_cents for one in issued.invoices if one.issuer != "fund") == 24300
    assert (issued.drafts, issued.missing, issued.waiting) == ([], [], 0)


def test_vat_is_the_hosts_own(november, issue):  # noqa: ARG001
    by_issuer = {one.issuer: one for one in issue().invoices if one.recipient != "b"}
    assert {slug: one.regime for slug, one in by_issuer.items()} == {
        "comptoir": "standard",
        "b": "franchise",
        "c": "out_of_scope",
        "fund": "out_of_scope",
    }
    standard = by_issuer["comptoir"]
    assert (standard.net_cents, standard.vat_cents, standard.gross_cents) == (5000, 1000, 6000)
    assert by_issuer["b"].vat_cents == by_issuer["c"].vat_cents == 0


def test_numbers_follow_each_other_for_each_issuer(november, issue):  # noqa: ARG001
    numbers = [one.number for one in issue().invoices]
    assert numbers[:2] == ["B-2026-000001", "B-2026-000002"]
    assert numbers[-1] == "CAISSE_SAINTE-2026-000003"


def test_issuing_again_changes_nothing(november, issue):
    first = [one.number for one in issue().invoices]
    assert [one.number for one in issue().invoices] == first
    assert show_invoices(november, "sainte", "2026-11").waiting == 0


def test_a_month_that_is_not_locked_is_not_invoiced(november, legal):  # noqa: ARG001
    with pytest.raises(PeriodNotLocked):
        issue_month(november, "sainte", "2026-11")
    with pytest.raises(PeriodNotLocked):
        issue_month(november, "sainte", "2030-01")
    with pytest.raises(NetworkUnknown):
        issue_month(november, "nowhere", "2026-11")


def test_a_month_with_nothing_in_it_and_free_visits_make_no_invoice(visit, issue):
    visit("comptoir", "b", 0)
    visit("comptoir", "b", 0, golden=True)
    issued = issue()
    assert (issued.invoices, issued.drafts, issued.missing) == ([], [], [])


def test_an_invoice_groups_visits_by_unit_and_price_and_names_nobody(visit, issue):
    for day, cents in ((3, 1200), (5, 1200), (4, 1000)):
        visit("comptoir", "b", cents, date(2026, 11, day))
    document = document_of(issue().invoices[0].document)
    assert [(row.quantity, row.net_cents, row.days) for row in document.rows] == [
        (2, 2400, ("2026-11-03", "2026-11-05")),
        (1, 1000, ("2026-11-04",)),
    ]
    assert "Camille" not in str(document)
    assert document == document_of(document.to_json())


def test_a_change_of_regime_in_mid_month_splits_the_invoice(visit, issue, legal):
    stand_to_vat(legal, date(2026, 11, 12))
    for day in (11, 12, 13):
        visit("comptoir", "b", 1200, date(2026, 11, day))
    split = [one for one in issue().invoices if one.issuer == "b"]
    assert [(one.regime, one.gross_cents, one.last_on.day) for one in split] == [
        ("franchise", 1200, 11),
        ("standard", 2400, 13),
    ]


def test_the_wording_of_the_franchise_is_that_of_the_day(visit, issue):
    visit("comptoir", "b", 1200, date(2026, 8, 31))
    visit("comptoir", "b", 1200, date(2026, 9, 1))
    reasons = [
        document_of(issue(month).invoices[0].document).treatment.reason
        for month in ("2026-08", "2026-09")
    ]
    assert reasons[0] == "TVA non applicable, art. 293 B du CGI"
    assert "code des impositions sur les biens et services" in reasons[1]


def test_what_is_taken_back_later_is_credited_and_cites_its_invoice(sainte, visit, issue):
    kept, dropped = (visit("comptoir", "b", 1200) for _ in range(2))
    first = issue().invoices
    reverse_charges(sainte, dropped)
    sainte.commit()
    issued = issue("2026-12", JANUARY_5)
    assert told(issued.invoices) == [
        ("b", "comptoir", "credit_note", 1200),
        ("fund", "b", "credit_note", 60),
    ]
    assert [one.about for one in issued.invoices] == [first[0].number, first[1].number]
    assert issued.invoices[0].number == "B-2027-000001"
    assert [one.number for one in issue("2026-11", JANUARY_5).invoices] == [
        one.number for one in first
    ]
    assert [one.number for one in issue("2026-12", JANUARY_5).invoices] == [
        one.number for one in issued.invoices
    ]
    assert kept


def test_a_visit_taken_back_and_charged_anew_is_credited_and_invoiced(
    sainte, visit, issue, charge_again
):
    check_in = visit("comptoir", "b", 600, unit="half_day")
    issue()
    reverse_charges(sainte, check_in)
    charge_again(check_in, 1200)
    sainte.commit()
    issued = issue("2026-12", JANUARY_5)
    assert told(issued.invoices) == [
        ("b", "comptoir", "credit_note", 600),
        ("b", "comptoir", "invoice", 1200),
        ("fund", "b", "credit_note", 30),
        ("fund", "b", "invoice", 60),
    ]


def test_what_is_contested_is_invoiced_when_it_is_released(sainte, visit, issue, travel):
    check_in = visit("comptoir", "b", 1200)
    visit("comptoir", "b", 1000)
    travel.move_to(datetime(2026, 12, 1, tzinfo=UTC))
    home = caller_with("test", "host", "sainte", "comptoir")
    dispute, _ = contest(sainte, home, check_in, "Pas venue.")
    sainte.commit()
    assert [one.gross_cents for one in issue().invoices] == [1000, 50]
    decide(sainte, caller_with("test", "treasurer", "sainte"), dispute.id, "refused", "Si.")
    sainte.commit()
    assert [one.gross_cents for one in issue("2026-12", JANUARY_5).invoices] == [1200, 60]
    assert [one.gross_cents for one in issue("2026-11", JANUARY_5).invoices] == [1000, 50]


def test_without_a_mandate_the_host_gets_drafts(november, issue, legal):  # noqa: ARG001
    legal("b", self_billing_mandate_on=None)
    legal("c", self_billing_mandate_on=date(2026, 11, 13))
    issued = issue()
    assert {one.issuer for one in issued.invoices} == {"comptoir", "fund"}
    assert [(draft.issuer, draft.recipient) for draft in issued.drafts] == [
        ("b", "c"),
        ("b", "comptoir"),
        ("c", "b"),
        ("c", "comptoir"),
    ]
    assert all(draft.document.number is None for draft in issued.drafts)
    assert len({draft.name for draft in issued.drafts}) == 4


def test_a_mandate_that_is_over_lets_nothing_be_made_out(november, issue, legal):  # noqa: ARG001
    legal("b", self_billing_mandate_until=date(2026, 12, 1))
    legal("c", self_billing_mandate_until=date(2026, 12, 2))
    issued = issue()
    assert {one.issuer for one in issued.invoices} == {"comptoir", "c", "fund"}
    assert {draft.issuer for draft in issued.drafts} == {"b"}


def test_a_draft_that_its_host_sent_is_taken_back_by_a_draft(sainte, visit, issue, legal):
    legal("b", self_billing_mandate_on=None)
    check_in = visit("comptoir", "b", 1200)
    issue()
    reverse_charges(sainte, check_in)
    sainte.commit()
    issued = issue("2026-12", JANUARY_5)
    assert [draft.document.kind for draft in issued.drafts] == ["credit_note"]
    assert told(issued.invoices) == [("fund", "b", "credit_note", 60)]


@pytest.mark.parametrize(
    ("who", "column", "what"),
    [
        ("b", "siret", "siret"),
        ("b", "town", "address"),
        ("comptoir", "vat_number", "vat_number"),
        ("b", "vat", "vat_regime"),
    ],
)
def test_who_lacks_what_is_told_and_the_others_are_done(november, issue, legal, who, column, what):  # noqa: ARG001
    legal(who, **{column: [] if column == "vat" else None})
    issued = issue()
    assert {(missing.who, missing.what) for missing in issued.missing} == {(who, what)}
    assert who not in {one.issuer for one in issued.invoices}
    assert "c" in {one.issuer for one in issued.invoices}


def test_what_was_missing_is_invoiced_when_it_is_there(november, issue, legal):  # noqa: ARG001
    legal("b", siret=None, siren=None)
    before = Counter(one.issuer for one in issue().invoices)
    legal("b", siret="99900002900010", siren="999000029")
    after = Counter(one.issuer for one in issue().invoices)
    assert after - before == {"b": 2, "comptoir": 1, "c": 1, "fund": 1}


def test_a_space_without_legal_side_or_of_another_instance_is_told(
    sainte, visit, issue, legal, charge_again
):
    legal("b")
    sainte.get_one(Space, "c").legal = None
    visit("c", "b", 1200)
    charge_again(visit("comptoir", "b", 0), 1200, home="elsewhere")
    sainte.commit()
    assert {(missing.who, missing.what) for missing in issue().missing} == {
        ("c", "legal"),
        ("elsewhere", "not_here"),
    }


def test_one_company_does_not_invoice_itself(november, issue, legal):  # noqa: ARG001
    legal("fund", siren="999000029", siret="99900002900010")
    assert ("fund", "b") not in {(one.issuer, one.recipient) for one in issue().invoices}


def test_a_regime_told_late_is_mended_by_the_next_issue(sainte, visit, issue, legal):
    for day in (11, 12):
        visit("comptoir", "b", 1200, date(2026, 11, day))
    wrong = next(one for one in issue().invoices if one.issuer == "b")
    stand_to_vat(legal, date(2026, 11, 12))
    sainte.commit()
    assert show_invoices(sainte, "sainte", "2026-11").waiting == 3
    mended = [one for one in issue("2026-12", JANUARY_5).invoices if one.issuer == "b"]
    assert [(one.kind, one.regime, one.gross_cents, one.vat_cents) for one in mended] == [
        ("credit_note", "franchise", 2400, 0),
        ("invoice", "franchise", 1200, 0),
        ("invoice", "standard", 1200, 200),
    ]
    assert {one.about for one in mended} == {wrong.number}
    assert show_invoices(sainte, "sainte", "2026-11").waiting == 0
    assert show_invoices(sainte, "sainte", "2026-12").waiting == 0


def test_a_wrong_invoice_that_is_partly_taken_back_is_mended_for_the_rest(
    sainte, visit, issue, legal
):
    visits = [visit("comptoir", "b", 1200) for _ in range(2)]
    issue()
    legal("b", vat_number="FR23999000029").vat[0].regime = "standard"
    reverse_charges(sainte, visits[0])
    sainte.commit()
    mended = [one for one in issue("2026-12", JANUARY_5).invoices if one.issuer == "b"]
    assert [(one.kind, one.gross_cents) for one in mended] == [
        ("credit_note", 2400),
        ("invoice", 1200),
    ]


@pytest.mark.parametrize("what", ["vat_number", "vat"])
def test_a_wrong_invoice_stands_until_it_can_be_made_out_anew(visit, issue, legal, what):
    visit("comptoir", "b", 1200)
    issue()
    entity = legal("b")
    before = entity.vat[0].effective_from
    entity.vat[0].regime = "standard"
    if what == "vat":
        entity.vat[0].effective_from = date(2026, 12, 1)
    legal("b")
    held = issue("2026-12", JANUARY_5)
    assert [one for one in held.invoices if one.issuer == "b"] == []
    assert ("b", "vat_number" if what == "vat_number" else "vat_regime") in held.missing
    entity.vat[0].effective_from = before
    legal("b", vat_number="FR23999000029")
    mended = [one for one in issue("2026-12", JANUARY_5).invoices if one.issuer == "b"]
    assert [(one.kind, one.vat_cents) for one in mended] == [("credit_note", 0), ("invoice", 200)]


def test_an_invoice_whose_credit_note_lacks_something_is_not_made_out_anew(visit, issue, legal):
    entity = legal("b", vat_number="FR23999000029")
    entity.vat[0].regime = "standard"
    visit("comptoir", "b", 1200)
    issue()
    entity.vat[0].regime = "franchise"
    legal("b", vat_number=None)
    held = issue("2026-12", JANUARY_5)
    assert [one for one in held.invoices if one.issuer == "b"] == []
    assert ("b", "vat_number") in held.missing
