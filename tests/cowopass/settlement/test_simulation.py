from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from clearing.errors import MonthInvalid, TermsInvalid
from cowopass.errors import AgreementMissing, DataInvalid
from cowopass.ledger.models import Period, SettlementLine
from cowopass.running import current_config
from cowopass.settlement.lock import lock_period
from cowopass.settlement.simulation import simulate_month, simulate_months
from cowopass.settlement.simulation_words import Span, tell_difference
from tests.cowopass.settlement.conftest import DECEMBER_2
from tests.factories import a_pass, a_plan, an_agreement

MIN_RULE = {"rule": {"kind": "flat", "amounts_cents": {"day": 1000, "half_day": 500, "hour": 125}}}


def compared(document):
    return {
        row["participant"]: (row["now_cents"], row["then_cents"], row["difference_cents"])
        for row in document["positions"]
    }


def test_a_month_is_shown_under_another_rule_side_by_side(november):
    document = simulate_month(november, "sainte", "2026-11", {"levy_bps": 0})
    assert compared(document) == {
        "comptoir": (-1225, -700, 525),
        "b": (910, 1300, 390),
        "c": (-900, -600, 300),
        "fund": (1215, 0, -1215),
    }
    assert document["now"]["gross_cents"] == document["then"]["gross_cents"] == 24300
    assert (document["now"]["transfers"], document["then"]["transfers"]) == (2, 2)
    assert (document["revalued"], document["kept"]) == (19, 0)


def test_what_was_voided_stays_voided_under_another_rule(november):
    document = simulate_month(november, "sainte", "2026-11", MIN_RULE)
    assert document["then"]["gross_cents"] == 16 * 1000 + 500
    assert sum(row["then_cents"] for row in document["positions"]) == 0


def test_the_same_rule_changes_nothing(november):
    document = simulate_month(november, "sainte", "2026-11", {}, "en")
    assert {row["difference_cents"] for row in document["positions"]} == {0}
    assert document["positions"][0]["sentence"] == (
        "With this rule, nothing would have changed for B in November 2026."
    )


def test_netting_and_carry_forward_can_be_tried_too(november):
    changes = {"netting": "bilateral", "carry_forward_below_cents": 0}
    document = simulate_month(november, "sainte", "2026-11", changes)
    assert (document["now"]["transfers"], document["then"]["transfers"]) == (2, 6)


def test_a_simulation_writes_nothing(november):
    before = november.scalar(select(func.count()).select_from(SettlementLine))
    simulate_month(november, "sainte", "2026-11", MIN_RULE)
    assert november.scalar(select(func.count()).select_from(SettlementLine)) == before
    assert not november.new
    assert not november.dirty


def test_the_rule_of_that_month_is_the_base(november):
    an_agreement(november, effective_from=date(2026, 12, 1), levy_bps=1000)
    november.commit()
    document = simulate_month(november, "sainte", "2026-11", {})
    assert compared(document)["fund"] == (1215, 1215, 0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"levy": 0}, TermsInvalid),
        ({"levy_bps": 10.5}, TermsInvalid),
        ({"rule": {"kind": "mean"}}, TermsInvalid),
        ({"netting": "circular"}, DataInvalid),
        ({"carry_forward_below_cents": -1}, DataInvalid),
        ({"carry_forward_below_cents": True}, DataInvalid),
        ({"host": "lyon"}, AgreementMissing),
    ],
)
def test_a_rule_that_can_not_be_read_is_refused(november, changes, error):
    with pytest.raises(error):
        simulate_month(november, "sainte", "2026-11", changes)


def test_a_month_that_is_none_is_refused(sainte):
    with pytest.raises(MonthInvalid):
        simulate_month(sainte, "sainte", "2026-13", {})


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        (9000, 4880, "X would have received €41.20 less in September 2026."),
        (100, 300, "X would have received €2.00 more in September 2026."),
        (0, 300, "X would have received €3.00 more in September 2026."),
        (-100, -300, "X would have paid €2.00 more in September 2026."),
        (-300, 0, "X would have paid €3.00 less in September 2026."),
        (300, -100, "X would have paid €1.00 in September 2026 instead of receiving €3.00."),
        (-300, 100, "X would have received €1.00 in September 2026 instead of paying €3.00."),
    ],
)
def test_a_difference_is_told_in_a_plain_sentence(now, then, sentence):
    told = tell_difference("X", "2026-09", now, then, "EUR", "en")
    assert told == f"With this rule, {sentence}"


@pytest.mark.usefixtures("november")
def test_a_difference_is_told_in_french_first(client, host_of):
    answer = client.post(
        "/api/v1/simulations",
        json={"network": "sainte", "period": "2026-11", "agreement": {"levy_bps": 0}},
        headers=host_of("b"),
    )
    assert answer.status_code == 200
    rows = {row["participant"]: row for row in answer.json["positions"]}
    assert rows["fund"]["name"] == "la caisse du réseau"
    assert rows["b"]["sentence"] == (
        "Avec cette règle, B aurait reçu 3,90\xa0€ de plus en novembre 2026."
    )


@pytest.mark.usefixtures("november")
def test_a_misspelt_field_is_refused_over_http(client, treasurer):
    answer = client.post(
        "/api/v1/simulations",
        json={"network": "sainte", "period": "2026-11", "agreement": {"levi_bps": 0}},
        headers=treasurer,
    )
    assert (answer.status_code, answer.json["code"]) == (422, "terms_invalid")


@pytest.fixture
def autumn(november, travel, visit):
    """November locked, 0.10 carried out of it, and two visits of December."""
    travel.move_to(DECEMBER_2)
    config = current_config()
    lock_period(november, config, "sainte", "2026-11")
    visit("b", "comptoir", 1500, on=date(2026, 12, 1))
    visit("comptoir", "b", 1200, on=date(2026, 12, 1))
    return november


def test_several_months_are_replayed_together_and_a_carry_counts_once(autumn):
    document = simulate_months(autumn, "sainte", Span("2026-11", "2026-12"), {"levy_bps": 0})
    assert compared(document) == {
        "comptoir": (-1225 + 225, -700 + 300, 600),
        "b": (910 - 360, 1300 - 300, 450),
        "c": (-900, -600, 300),
        "fund": (1215 + 135, 0, -1350),
    }
    assert document["period"] is None
    assert [month["period"] for month in document["months"]] == ["2026-11", "2026-12"]
    assert document["now"]["gross_cents"] == 24300 + 2700
    assert sum(row["now_cents"] for row in document["positions"]) == 0


def test_each_side_carries_its_own_small_amounts(autumn):
    changes = {"carry_forward_below_cents": 0}
    december = simulate_months(autumn, "sainte", Span("2026-11", "2026-12"), changes)["months"][1]
    carried = {row["participant"]: row["difference_cents"] for row in december["positions"]}
    assert carried == {"b": -10, "comptoir": 10, "fund": 0}


@pytest.mark.parametrize(
    "span",
    [Span("2026-11", "2026-10"), Span("2024-11", "2026-11")],
)
def test_months_that_do_not_follow_or_are_too_many_are_refused(sainte, span):
    with pytest.raises(DataInvalid):
        simulate_months(sainte, "sainte", span, {})


def test_a_rule_that_has_a_name_is_told_by_it(november):
    midpoint = {"rule": {"kind": "difference_share", "share_bps": 5000}}
    document = simulate_month(november, "sainte", "2026-11", midpoint, "fr")
    assert document["rule"] == "midpoint"
    assert "Avec la règle du point milieu, Comptoir aurait" in sentence_of(document, "comptoir")
    same = {"rule": {"kind": "difference_share", "share_bps": 10_000, "cap_at_host_price": True}}
    document = simulate_month(november, "sainte", "2026-11", same, "fr")
    assert document["rule"] is None


def sentence_of(document, participant):
    return {row["participant"]: row["sentence"] for row in document["positions"]}[participant]


@pytest.mark.parametrize(
    ("span", "when"),
    [
        (Span("2026-09", "2026-09"), "en septembre 2026"),
        (Span("2026-08", "2026-09"), "d’août à septembre 2026"),
        (Span("2025-12", "2026-01"), "de décembre 2025 à janvier 2026"),
    ],
)
def test_an_article_is_small_within_a_french_sentence(span, when):
    told = tell_difference(
        "Le Mixeur", span.first, 9000, 4880, "EUR", "fr", until=span.last, rule="midpoint"
    )
    assert told == (
        f"Avec la règle du point milieu, le Mixeur aurait reçu 41,20\xa0€ de moins {when}."
    )


def test_what_a_kind_of_pass_costs_its_home_is_known_until_the_purge(sainte, visit):
    book = a_pass(sainte, a_plan(sainte, "comptoir", kind="book"))
    visit("comptoir", "b", 1200, pass_id=book.id)
    document = simulate_month(sainte, "sainte", "2026-11", {"levy_bps": 0})
    cost = {"home": "comptoir", "visits": 1, "now_cents": 1200, "then_cents": 1200}
    assert document["pass_kinds"] == [{**cost, "kind": "book", "difference_cents": 0}]
    sainte.get_one(Period, ("sainte", "2026-11")).pseudonym_key = None
    sainte.commit()
    document = simulate_month(sainte, "sainte", "2026-11", {})
    assert document["pass_kinds"] == [{**cost, "kind": "unknown", "difference_cents": 0}]


@pytest.mark.usefixtures("november")
def test_several_months_are_asked_for_over_http(client, treasurer):
    body = {
        "network": "sainte",
        "periods": {"first": "2026-10", "last": "2026-11"},
        "agreement": {"levy_bps": 0},
    }
    answer = client.post("/api/v1/simulations", json=body, headers=treasurer)
    assert (answer.status_code, answer.json["period"]) == (200, None)
    assert answer.json["periods"] == {"first": "2026-10", "last": "2026-11"}
    assert {cost["home"] for cost in answer.json["pass_kinds"]} == {"b", "c", "comptoir"}
    both = client.post("/api/v1/simulations", json={**body, "period": "2026-11"}, headers=treasurer)
    assert (both.status_code, both.json["code"]) == (422, "data_invalid")


@pytest.mark.usefixtures("november")
def test_a_host_is_told_what_its_own_passes_cost_and_no_other_s(client, host_of):
    body = {"network": "sainte", "period": "2026-11", "agreement": {"levy_bps": 0}}
    answer = client.post("/api/v1/simulations", json=body, headers=host_of("b"))
    assert {cost["home"] for cost in answer.json["pass_kinds"]} == {"b"}
