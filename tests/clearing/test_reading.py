from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.audit import audit_month
from clearing.errors import MonthUnreadable

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "charges.json").read_text(encoding="utf-8")
)

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


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda month: month.pop("format"), "format"),
        (lambda month: month.update(format="cowopass-month/2"), "format"),
        (lambda month: month.update(period="2026-13"), "period"),
        (lambda month: month.update(lines={}), "lines"),
        (lambda month: month["lines"].append(None), "lines[20]"),
        (lambda month: month["lines"][3].update(amount_cents=12.0), "lines[3].amount_cents"),
        (lambda month: month["lines"][3].update(amount_cents=True), "lines[3].amount_cents"),
        (lambda month: month["lines"][3].update(amount_cents=-1), "lines[3].amount_cents"),
        (lambda month: month["lines"][3].update(amount_cents=2**53), "lines[3].amount_cents"),
        (lambda month: month["lines"][3].update(on="2026-02-30"), "lines[3].on"),
        (lambda month: month["lines"][3].update(kind=["charge"]), "lines[3].kind"),
        (lambda month: month["lines"][3].update(id="\ud800"), "lines[3].id"),
        (lambda month: month["lines"][3].update(id="\x1b[2J"), "lines[3].id"),
        (lambda month: month["lines"][3].update(secret=1), "lines[3].'secret'"),
        (lambda month: month["lines"][3].pop("late_from"), "lines[3].late_from"),
        (
            lambda month: month["positions"].append(month["positions"][0]),
            "positions[4].participant",
        ),
        (lambda month: month["agreements"][0].pop("rule"), "agreements[0].rule"),
        (lambda month: month["agreements"][0].update(levy_bps=5.0), "agreements[0].levy_bps"),
        (lambda month: month["plan"]["transfers"][0].pop("id"), "plan.transfers[0].id"),
        (lambda month: month.update(head="a.b"), "head"),
        (lambda month: month.update(head="a.é.c"), "head"),
        (lambda month: month.update(head="a.W10.c"), "head"),
        (lambda month: month.update(head="a.e30.c"), "head.iss"),
    ],
)
def test_a_document_of_another_shape_is_refused_by_the_field(change: Any, path: str) -> None:
    document = november()
    change(document)
    with pytest.raises(MonthUnreadable) as refusal:
        audit_month(document)
    assert refusal.value.path == path
    assert refusal.value.code == "month_unreadable"
    assert str(refusal.value).startswith(path)


@given(values)
def test_what_is_no_month_at_all_is_refused(value: Any) -> None:
    with pytest.raises(MonthUnreadable):
        audit_month(value)


@settings(max_examples=150, deadline=None)
@given(st.data(), values)
def test_a_broken_document_never_breaks_the_audit(data: st.DataObject, value: Any) -> None:
    document = november()
    at: Any = document
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = value
    try:
        findings = audit_month(document)
    except MonthUnreadable:
        return
    assert all(code and where and message for code, where, message in findings)
