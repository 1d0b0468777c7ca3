from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from clearing.errors import MonthInvalid, TermsInvalid
from cowopass.errors import AgreementMissing, DataInvalid
from cowopass.ledger.models import SettlementLine
from cowopass.settlement.simulation import simulate_month, tell_difference
from tests.factories import an_agreement

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
