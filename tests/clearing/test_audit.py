from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from copy import deepcopy
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.audit import audit, audit_month
from clearing.document import plan_to_json, positions_to_json, totals_to_json
from clearing.errors import MonthUnreadable
from clearing.line import leaf_hash
from clearing.reading import read_line, read_month

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "charges.json").read_text(encoding="utf-8")
)
FIRST_CHARGE, VOIDED_CHARGE, REVERSAL = 0, 6, 9

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


def november(**fields: Any) -> dict[str, Any]:
    """The worked example as an exported month, with fields changed."""
    return {**deepcopy(VECTORS["months"]["november"]), **fields}


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The month rewritten so that its hashes, sums and plan follow from its lines: a draft."""
    document.update(state="review", head=None)
    for place, line in enumerate(document["lines"]):
        line["leaf_hash"] = leaf_hash(read_line(f"lines[{place}]", line)).hex()
    result = audit(*read_month(document))
    document["totals"] = totals_to_json(result.totals)
    document["positions"] = positions_to_json(result.totals)
    document["plan"] = plan_to_json(result.plan)
    return document


def with_line(place: int, **fields: Any) -> dict[str, Any]:
    document = november()
    document["lines"][place].update(fields)
    return sealed(document)


def with_more(*more: dict[str, Any]) -> dict[str, Any]:
    document = november()
    for number, fields in enumerate(more):
        copied = document["lines"][fields.pop("like", FIRST_CHARGE)]
        document["lines"].append({**copied, "id": f"more_{number}", **fields})
    return sealed(document)


def with_head(**fields: Any) -> dict[str, Any]:
    document = november()
    payload = jwt.decode(document["head"], options={"verify_signature": False})
    part = urlsafe_b64encode(json.dumps({**payload, **fields}).encode()).decode().rstrip("=")
    header, _, signature = document["head"].split(".")
    return {**document, "head": f"{header}.{part}.{signature}"}


def codes(document: object) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in audit_month(document)]


@pytest.mark.parametrize("name", VECTORS["months"])
def test_the_months_of_the_vectors_add_up(name: str) -> None:
    assert audit_month(VECTORS["months"][name]) == []


@pytest.mark.parametrize("name", VECTORS["months"])
def test_the_heads_of_the_vectors_are_signed_with_their_key(name: str) -> None:
    month = VECTORS["months"][name]
    head = jwt.decode(
        month["head"],
        jwt.PyJWK(VECTORS["head_key"]),
        algorithms=["ES256"],
        options={"verify_iat": False},
    )
    assert head["root"] == month["totals"]["root"]


def test_a_draft_adds_up_too() -> None:
    assert codes(sealed(november())) == []
    assert codes({**sealed(november()), "plan": None}) == []


def test_a_line_changed_by_a_cent_is_found_in_its_hash_sums_proof_and_price() -> None:
    document = november()
    document["lines"][FIRST_CHARGE]["amount_cents"] += 1
    found = audit_month(document)
    assert {finding.code for finding in found} >= {
        "leaf_hash_differs",
        "charge_differs",
        "total_differs",
        "position_differs",
        "head_differs",
        "plan_differs",
    }
    assert all(finding.message and finding.where for finding in found)


def test_a_line_left_out_is_found() -> None:
    document = november()
    del document["lines"][FIRST_CHARGE]
    assert ("head_differs", "head.count") in codes(document)
    assert ("head_differs", "head.root") in codes(document)
    assert ("position_differs", "positions.b") in codes(document)


def test_two_lines_that_change_places_are_found_in_the_root_alone() -> None:
    document = november()
    document["lines"][0], document["lines"][1] = document["lines"][1], document["lines"][0]
    assert codes(document) == [("total_differs", "totals.root"), ("head_differs", "head.root")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount_cents": 1199}, "charge_differs"),
        ({"amount_cents": 1201, "notes": ["liability_capped"]}, "charge_differs"),
        ({"levy_cents": 61}, "levy_differs"),
        ({"amount_cents": 0, "levy_cents": 1, "notes": ["offline_late"]}, "levy_differs"),
        ({"host_price_cents": None}, "charge_without_prices"),
        ({"agreement": "sainte>sainte@2027-01"}, "agreement_unknown"),
        ({"agreement": None}, "agreement_unknown"),
        ({"on": "2026-10-31"}, "visit_misplaced"),
        ({"on": "2026-08-31", "late_from": "2026-08"}, "agreement_not_in_force"),
        ({"late_from": "2026-11"}, "late_line_early"),
        ({"network": "lyon"}, "line_misplaced"),
        ({"period": "2026-12", "on": None}, "line_misplaced"),
        ({"debtor": "b"}, "line_to_itself"),
        ({"id": "lin_002"}, "id_repeated"),
    ],
)
def test_a_charge_that_does_not_follow_from_its_agreement_is_found(
    fields: dict[str, Any], code: str
) -> None:
    found = codes(with_line(FIRST_CHARGE, **fields))
    assert found == [(code, fields.get("id", "lin_001"))]


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_cents": 700, "levy_cents": 35, "notes": ["liability_capped"]},
        {"amount_cents": 0, "levy_cents": 0, "notes": ["offline_paper_limit"]},
        {"creditor": "lyon", "levy_cents": 0},
        {"on": "2026-10-31", "late_from": "2026-10"},
        {"notes": ["overused"]},
    ],
)
def test_a_charge_that_is_lower_for_a_stated_reason_is_right(fields: dict[str, Any]) -> None:
    assert codes(with_line(FIRST_CHARGE, **fields)) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount_cents": 1999}, "mirror_differs"),
        ({"levy_cents": 0}, "mirror_differs"),
        ({"creditor": "b"}, "mirror_differs"),
        ({"reverses": "lin_404"}, "reverses_unknown"),
        ({"reverses": None}, "reverses_unknown"),
        ({"reverses": "lin_010"}, "reverses_no_charge"),
    ],
)
def test_a_reversal_that_mirrors_no_charge_is_found(fields: dict[str, Any], code: str) -> None:
    assert (code, "lin_010") in codes(with_line(REVERSAL, **fields))


def test_a_reversal_of_an_earlier_month_is_taken_as_it_is() -> None:
    assert codes(with_line(REVERSAL, reverses="lin_of_october", on="2026-10-09")) == []
    late = with_line(REVERSAL, reverses="lin_old", on="2026-10-09", late_from="2026-10")
    assert codes(late) == []


def test_a_charge_taken_back_twice_is_found() -> None:
    again = with_more({"like": REVERSAL})
    assert codes(again) == [("taken_back_twice", "lin_007")]
    withheld_too = with_more({"like": VOIDED_CHARGE, "kind": "withheld", "reverses": "lin_007"})
    assert codes(withheld_too) == [("taken_back_twice", "lin_007")]
    old = {"like": REVERSAL, "reverses": "lin_old", "on": "2026-10-09"}
    assert codes(with_more(dict(old), dict(old))) == [("taken_back_twice", "lin_old")]


def test_a_charge_may_be_withheld_released_and_then_reversed() -> None:
    withheld = {"kind": "withheld", "reverses": "lin_001"}
    released = {"kind": "released", "reverses": "more_0"}
    reversal = {"kind": "reversal", "reverses": "lin_001"}
    assert codes(with_more(withheld, released, reversal)) == []
    assert codes(with_more({"kind": "released", "reverses": "lin_001"})) == [
        ("released_unheld", "lin_001")
    ]
    of_october = {"kind": "released", "reverses": "lin_old", "on": "2026-10-09"}
    assert codes(with_more(of_october)) == []


def test_a_carry_needs_the_month_it_dates_from_and_no_levy() -> None:
    carry = {"kind": "carried", "agreement": None, "on": None, "amount_cents": 10, "levy_cents": 0}
    assert codes(with_more({**carry, "since": "2026-10"})) == []
    assert codes(with_more({**carry, "since": None})) == [("carry_undated", "more_0")]
    assert codes(with_more({**carry, "since": "2026-11"})) == [("carry_undated", "more_0")]
    assert codes(with_more({**carry, "since": "2026-10", "levy_cents": 1})) == [
        ("levy_differs", "more_0")
    ]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"net": "lyon"}, "head.net"),
        ({"period": "2026-10"}, "head.period"),
        ({"count": 19}, "head.count"),
        ({"root": "0" * 64}, "head.root"),
        ({"gross_cents": 24301}, "head.gross_cents"),
        ({"fund_cents": 0}, "head.fund_cents"),
        ({"charges": 17}, "head.charges"),
        ({"previous_root": "0" * 64}, "head.previous_root"),
        ({"agreements": []}, "head.agreements"),
    ],
)
def test_a_head_that_signs_something_else_is_found(fields: dict[str, Any], where: str) -> None:
    assert codes(with_head(**fields)) == [("head_differs", where)]


def test_a_head_with_other_positions_is_found() -> None:
    assert codes(with_head(positions={"comptoir": -1225, "b": 910, "c": -900})) == [
        ("position_differs", "head.positions.fund")
    ]
    assert codes(with_head(carried_in={"b": 1})) == [("position_differs", "head.carried_in.b")]


def test_a_locked_month_needs_a_head_and_a_plan() -> None:
    assert codes(november(head=None)) == [("head_missing", "head")]
    assert codes(november(plan=None)) == [("plan_missing", "plan")]
    assert codes(november(state="review")) == [("head_too_early", "head")]


def test_a_plan_that_does_not_follow_is_found() -> None:
    document = november()
    document["plan"]["transfers"][0]["amount_cents"] += 1
    assert codes(document) == [("plan_differs", "plan.transfers")] * 2
    document = november()
    document["plan"]["transfers"] *= 2
    assert codes(document) == [("plan_differs", "plan.transfers")]
    document = november()
    document["plan"]["carried"] = []
    assert codes(document) == [("plan_differs", "plan.carried")]
    document = november()
    document["plan"]["alternative"]["transfers"] = 9
    assert codes(document) == [("plan_differs", "plan.alternative")]
    assert ("plan_differs", "plan.method") in codes(november(netting="bilateral"))


@settings(max_examples=150, deadline=None)
@given(st.data(), values)
def test_nothing_in_a_line_can_be_changed_unseen(data: st.DataObject, value: Any) -> None:
    document = november()
    line = data.draw(st.sampled_from(document["lines"]))
    field = data.draw(st.sampled_from(sorted(line)))
    same = line[field] == value and type(line[field]) is type(value)
    line[field] = value
    try:
        findings = audit_month(document)
    except MonthUnreadable:
        return
    assert bool(findings) is not same
