from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.document import Finding
from clearing.errors import MonthUnreadable
from clearing.line import Line, leaf_hash
from clearing.merkle import inclusion_proofs
from clearing.month import fold
from clearing.netting import make_plan
from clearing.period import State
from clearing.reading import read_month
from clearing.statement import (
    Header,
    ProvenLine,
    add_up,
    concerns,
    make_statement,
    verify_statement,
)

MONTHS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "charges.json").read_text(encoding="utf-8")
)["months"]
PARTICIPANTS = ["b", "c", "comptoir", "fund"]


def a_statement(space: str = "b", name: str = "november", *, locked: bool = True) -> dict[str, Any]:
    """A space's statement of a month of the vectors, as its file says it."""
    meta, lines = read_month(MONTHS[name])
    plan = make_plan(
        meta.network["slug"],
        meta.period,
        fold(lines),
        netting=meta.netting,
        carry_forward_below_cents=meta.carry_forward_below_cents,
    )
    state: State = "locked" if locked else "review"
    head = MONTHS[name]["head"] if locked else None
    own = [index for index, line in enumerate(lines) if concerns(line, space)]
    proofs = inclusion_proofs([leaf_hash(line) for line in lines], own)
    statement = make_statement(
        Header(meta.network, meta.period, state, head),
        space,
        [
            ProvenLine(lines[index], index, proof if locked else [])
            for index, proof in zip(own, proofs, strict=True)
        ],
        plan if locked else None,
    )
    as_file: dict[str, Any] = json.loads(json.dumps(statement))
    return as_file


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in findings]


@pytest.mark.parametrize("name", MONTHS)
@pytest.mark.parametrize("space", PARTICIPANTS)
def test_a_statement_of_a_locked_month_is_verified_alone(space: str, name: str) -> None:
    assert verify_statement(a_statement(space, name)) == []


def test_a_statement_says_what_came_in_went_out_and_was_levied() -> None:
    statement = a_statement("b")
    names = ("in_cents", "out_cents", "levy_cents", "carried_in_cents", "position_cents")
    assert [statement[name] for name in names] == [7800, 6500, 390, 0, 910]
    assert [row["debtor"] for row in statement["transfers"]] == ["c"]
    assert [row["debtor"] for row in statement["carried"]] == ["comptoir"]


def test_the_fund_gets_levies_and_the_next_month_the_carry() -> None:
    assert a_statement("fund")["in_cents"] == 1215
    december = a_statement("comptoir", "december")
    assert (december["carried_in_cents"], december["position_cents"]) == (-10, -1210)


def test_a_space_sees_its_own_lines_and_no_others() -> None:
    statement = a_statement("b")
    assert all("b" in (line["debtor"], line["creditor"]) for line in statement["lines"])
    assert len(statement["lines"]) == 11


def test_sums_add_up_to_the_position_for_every_kind_of_line() -> None:
    charge = Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200, 60)
    month = [
        charge,
        charge._replace(id="lin_2", kind="withheld"),
        charge._replace(id="lin_3", kind="released"),
        charge._replace(id="lin_4", debtor="b", creditor="a"),
        charge._replace(id="lin_5", kind="write_off", debtor="fund", levy_cents=0),
        charge._replace(id="lin_6", kind="carried", levy_cents=0, since="2026-10"),
    ]
    positions = fold(month).positions
    for participant in ("a", "b", "fund"):
        assert add_up(participant, month).position_cents == positions[participant]
    assert add_up("b", month) == (2340, 1200, 2400, 1200, 60)


def test_a_draft_adds_up_but_proves_nothing() -> None:
    (finding,) = verify_statement(a_statement(locked=False))
    assert finding.code == "draft"
    assert "nothing is proven" in finding.message


def test_a_space_without_lines_has_a_statement_of_zero() -> None:
    statement = a_statement("la-cordee")
    assert statement["position_cents"] == 0
    assert verify_statement(statement) == []


def changed(change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str]]:
    statement = a_statement("b")
    change(statement)
    return codes(verify_statement(statement))


def test_a_line_left_out_is_missed_in_the_signed_position() -> None:
    found = changed(lambda statement: statement["lines"].pop(0))
    assert ("position_differs", "head.positions") in found
    assert ("sum_differs", "in_cents") in found


def test_a_line_left_out_is_missed_even_when_the_sums_were_made_to_fit() -> None:
    statement = a_statement("b")
    statement["lines"].pop(0)
    statement["in_cents"] -= 1200
    statement["levy_cents"] -= 60
    statement["position_cents"] -= 1140
    assert codes(verify_statement(statement)) == [
        ("position_differs", "head.positions"),
        ("transfers_differ", "transfers"),
    ]


def test_a_line_changed_by_a_cent_is_not_the_one_in_the_month() -> None:
    found = changed(lambda statement: statement["lines"][0].update(amount_cents=1201))
    assert ("leaf_hash_differs", "lin_001") in found
    assert ("not_included", "lin_001") in found


def test_a_line_hashed_anew_after_a_change_is_not_in_the_month() -> None:
    statement = a_statement("b")
    first = statement["lines"][0]
    first["check_in"] = "another"
    fields = {name: first[name] for name in Line._fields}
    first["leaf_hash"] = leaf_hash(Line(**{**fields, "notes": tuple(fields["notes"])})).hex()
    assert codes(verify_statement(statement)) == [("not_included", "lin_001")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda row: row["lines"][0].update(index=1), ("index_repeated", "index 1")),
        (lambda row: row["lines"][0]["proof"].pop(), ("not_included", "lin_001")),
        (lambda row: row["lines"].append(row["lines"][0]), ("id_repeated", "lin_001")),
        (lambda row: row["lines"].append(row["lines"][0]), ("index_repeated", "index 0")),
        (lambda row: row.update(space="c"), ("line_of_others", "lin_001")),
        (lambda row: row.update(period="2026-12"), ("line_misplaced", "lin_001")),
        (lambda row: row.update(period="2026-12"), ("head_differs", "head")),
        (lambda row: row["network"].update(slug="lyon"), ("head_differs", "head")),
        (lambda row: row.update(state="review"), ("head_too_early", "head")),
        (lambda row: row.update(head=None), ("head_missing", "head")),
        (lambda row: row.update(position_cents=911), ("sum_differs", "position_cents")),
        (lambda row: row.update(carried_in_cents=1), ("sum_differs", "carried_in_cents")),
        (lambda row: row["carried"].clear(), ("transfers_differ", "transfers")),
        (lambda row: row["transfers"][0].update(id="trf_x"), ("transfer_unknown", "trf_x")),
    ],
)
def test_a_statement_that_was_tampered_with_is_found_out(
    change: Callable[[dict[str, Any]], object], expected: tuple[str, str]
) -> None:
    assert expected in changed(change)


def test_another_months_head_does_not_fit() -> None:
    found = changed(lambda statement: statement.update(head=MONTHS["december"]["head"]))
    assert ("head_differs", "head") in found
    assert ("not_included", "lin_001") in found


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda row: row.update(format="cowopass-month/1"), "format"),
        (lambda row: row.update(lines=None), "lines"),
        (lambda row: row["lines"][0].update(index=-1), "lines[0].index"),
        (lambda row: row["lines"][0].update(proof=["00"]), "lines[0].proof"),
        (lambda row: row["lines"][0].update(amount_cents=12.0), "lines[0].amount_cents"),
        (lambda row: row["carried"][0].pop("since"), "carried[0].since"),
        (lambda row: row.update(position_cents="910"), "position_cents"),
        (lambda row: row.update(head=""), "head"),
    ],
)
def test_a_document_that_is_no_statement_is_refused_by_the_field(change: Any, path: str) -> None:
    statement = a_statement()
    change(statement)
    with pytest.raises(MonthUnreadable) as refusal:
        verify_statement(statement)
    assert refusal.value.path == path


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_line_field_can_be_changed_unseen(data: st.DataObject) -> None:
    statement = deepcopy(a_statement())
    row = data.draw(st.sampled_from(statement["lines"]))
    field = data.draw(st.sampled_from(sorted(row)))
    row[field] = data.draw(
        st.sampled_from([None, 0, 7, "x", "2026-10", [], ["0" * 64]]).filter(
            lambda value: value != row[field]
        )
    )
    try:
        assert verify_statement(statement) != []
    except MonthUnreadable:
        return
