from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.errors import TermsInvalid
from clearing.valuation import UNITS, Rule, Terms, terms_from_json, terms_to_json

HOST_PRICE = Rule("difference_share", share_bps=10_000, cap_at_host_price=True)
LEVIED = Terms(
    HOST_PRICE,
    top_up=False,
    golden_share_bps=0,
    levy_bps=500,
    liability_cap_bps=10_000,
    max_host_price_cents=None,
)

CENTS = st.integers(0, 2**53 - 1)
SHARES = st.integers(0, 10_000)
DOCUMENTS = st.fixed_dictionaries(
    {
        "rule": st.one_of(
            st.fixed_dictionaries(
                {
                    "kind": st.just("difference_share"),
                    "share_bps": SHARES,
                    "cap_at_host_price": st.booleans(),
                }
            ),
            st.fixed_dictionaries(
                {
                    "kind": st.just("flat"),
                    "amounts_cents": st.fixed_dictionaries(dict.fromkeys(UNITS, CENTS)),
                }
            ),
        ),
        "top_up": st.booleans(),
        "golden_share_bps": SHARES,
        "levy_bps": SHARES,
        "liability_cap_bps": st.none() | st.integers(0, 30_000),
        "max_host_price_cents": st.none() | CENTS,
    }
)

AGREEMENT: dict[str, Any] = {
    "home": "sainte",
    "host": "sainte",
    "effective_from": "2026-09",
    "rule": {"kind": "difference_share", "share_bps": 10000, "cap_at_host_price": True},
    "top_up": False,
    "golden_share_bps": 0,
    "levy_bps": 500,
    "roaming_days_per_month": 5,
    "liability_cap_bps": 10000,
    "max_host_price_cents": None,
    "offline_paper_per_day": 10,
    "late_days": 5,
    "review_days": 7,
    "netting": "multilateral",
    "convention_signed_on": "2026-08-28",
    "carry_forward_below_cents": 100,
}


def test_terms_are_read_out_of_a_whole_agreement() -> None:
    assert terms_from_json(AGREEMENT) == LEVIED


def test_an_exported_agreement_is_read_with_its_id() -> None:
    assert terms_from_json({"id": "sainte>sainte@2026-09", **AGREEMENT}) == terms_from_json(
        AGREEMENT
    )


def test_a_rule_alone_has_neither_levy_nor_cap_nor_bound() -> None:
    rule = {"kind": "difference_share", "share_bps": 5000}
    midpoint = Rule("difference_share", share_bps=5000, cap_at_host_price=False)
    assert terms_from_json({"rule": rule}) == Terms(midpoint, False, 0, 0, None, None)


def test_a_change_of_one_field_is_laid_over_terms_that_exist() -> None:
    changed = terms_from_json({**terms_to_json(LEVIED), "levy_bps": 0})
    assert changed == LEVIED._replace(levy_bps=0)


@given(DOCUMENTS)
def test_terms_survive_json(document: dict[str, Any]) -> None:
    terms = terms_from_json(document)
    assert json.loads(json.dumps(terms_to_json(terms))) == document
    assert terms_from_json(terms_to_json(terms)) == terms


FLAT_JSON = {"kind": "flat", "amounts_cents": {"day": 1000, "half_day": 600, "hour": 150}}


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("levy_bp", {"levy_bp": 500}),
        ("levy_bps", {"levy_bps": 500.0}),
        ("levy_bps", {"levy_bps": True}),
        ("levy_bps", {"levy_bps": "500"}),
        ("levy_bps", {"levy_bps": None}),
        ("levy_bps", {"levy_bps": -1}),
        ("levy_bps", {"levy_bps": 10001}),
        ("golden_share_bps", {"golden_share_bps": 10001}),
        ("top_up", {"top_up": 1}),
        ("top_up", {"top_up": None}),
        ("liability_cap_bps", {"liability_cap_bps": -1}),
        ("liability_cap_bps", {"liability_cap_bps": False}),
        ("max_host_price_cents", {"max_host_price_cents": 20.5}),
        ("max_host_price_cents", {"max_host_price_cents": 2**53}),
        ("rule", {"rule": None}),
        ("rule", {"rule": "flat"}),
        ("rule", {"rule": ["kind"]}),
        ("rule.kind", {"rule": {}}),
        ("rule.kind", {"rule": {"kind": "average"}}),
        ("rule.kind", {"rule": {"kind": ["flat"]}}),
        ("rule.share", {"rule": {"kind": "difference_share", "share": 1}}),
        ("rule.share_bps", {"rule": {"kind": "difference_share"}}),
        ("rule.share_bps", {"rule": {"kind": "difference_share", "share_bps": -1}}),
        ("rule.share_bps", {"rule": {"kind": "difference_share", "share_bps": 10001}}),
        ("rule.share_bps", {"rule": {"kind": "difference_share", "share_bps": 0.5}}),
        (
            "rule.cap_at_host_price",
            {"rule": {"kind": "difference_share", "share_bps": 1, "cap_at_host_price": "yes"}},
        ),
        (
            "rule.amounts_cents",
            {"rule": {"kind": "difference_share", "share_bps": 1, "amounts_cents": {}}},
        ),
        ("rule.amounts_cents", {"rule": {"kind": "flat"}}),
        ("rule.amounts_cents", {"rule": {"kind": "flat", "amounts_cents": None}}),
        ("rule.amounts_cents", {"rule": {"kind": "flat", "amounts_cents": [1, 2, 3]}}),
        ("rule.amounts_cents.half_day", {"rule": {"kind": "flat", "amounts_cents": {"day": 1}}}),
        (
            "rule.amounts_cents.hour",
            {"rule": {"kind": "flat", "amounts_cents": {"day": 1, "half_day": 1}}},
        ),
        (
            "rule.amounts_cents.week",
            {"rule": {**FLAT_JSON, "amounts_cents": {"week": 1}}},
        ),
        (
            "rule.amounts_cents.day",
            {"rule": {**FLAT_JSON, "amounts_cents": {"day": -1, "half_day": 1, "hour": 1}}},
        ),
        ("rule.share_bps", {"rule": {**FLAT_JSON, "share_bps": 0}}),
        ("rule.cap_at_host_price", {"rule": {**FLAT_JSON, "cap_at_host_price": True}}),
    ],
)
def test_a_field_that_is_wrong_is_named_by_its_path(path: str, changes: dict[str, Any]) -> None:
    with pytest.raises(TermsInvalid) as caught:
        terms_from_json({**AGREEMENT, **changes})
    assert caught.value.path == path
    assert caught.value.code == "terms_invalid"
    assert str(caught.value) == f"{path}: {caught.value.reason}"


def test_terms_without_a_rule_are_refused() -> None:
    with pytest.raises(TermsInvalid) as caught:
        terms_from_json({"levy_bps": 500})
    assert (caught.value.path, caught.value.reason) == ("rule", "is missing")


@pytest.mark.parametrize("document", [None, [], "rule", 5])
def test_terms_are_an_object(document: Any) -> None:
    with pytest.raises(TermsInvalid, match=r"^agreement: must be an object"):
        terms_from_json(document)


def test_a_refusal_does_not_quote_megabytes() -> None:
    with pytest.raises(TermsInvalid) as caught:
        terms_from_json({**AGREEMENT, "top_up": "x" * 10**6})
    assert len(str(caught.value)) < 200
