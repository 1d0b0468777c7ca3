from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.line import FUND, TAKES_BACK, Line, LineKind, canonical, effects, leaf_hash

CHARGE = Line(
    id="lin_1",
    network="sainte",
    period="2026-12",
    kind="charge",
    debtor="comptoir",
    creditor="b",
    amount_cents=1200,
    levy_cents=60,
    home="comptoir",
    host="b",
    on="2026-11-29",
    unit="day",
    visit="normal",
    pseudonym="Zoé",
    host_price_cents=1200,
    pass_value_cents=1363,
    top_up_cents=0,
    agreement="sainte>sainte@2026-09",
    check_in="0b0e8a52-6f0f-4a0e-9c3b-1c7a6e1f3b11",
    late_from="2026-11",
    notes=("overused",),
)

CANONICAL = (
    '{"agreement":"sainte>sainte@2026-09","amount_cents":1200,'
    '"check_in":"0b0e8a52-6f0f-4a0e-9c3b-1c7a6e1f3b11","creditor":"b","debtor":"comptoir",'
    '"home":"comptoir","host":"b","host_price_cents":1200,"id":"lin_1","kind":"charge",'
    '"late_from":"2026-11","levy_cents":60,"monthly_price_cents":null,"network":"sainte",'
    '"notes":["overused"],"on":"2026-11-29","pass_value_cents":1363,"period":"2026-12",'
    '"pseudonym":"Zoé","reverses":null,"since":null,"top_up_cents":0,"unit":"day","v":1,'
    '"visit":"normal"}'
)

OTHER_VALUES: dict[str, Any] = {
    "amount_cents": 1201,
    "levy_cents": 61,
    "notes": ("late",),
    "kind": "reversal",
}

KINDS = st.sampled_from(
    ["charge", "reversal", "withheld", "released", "carried", "write_off"],
)


def test_the_canonical_form_is_sorted_compact_json_of_every_field() -> None:
    assert canonical(CHARGE) == CANONICAL.encode()
    assert set(json.loads(canonical(CHARGE))) == {"v", *Line._fields}


def test_the_leaf_hash_never_changes() -> None:
    assert leaf_hash(CHARGE) == sha256(b"\x00" + CANONICAL.encode()).digest()
    pinned = "15ffd11278a508b7000977f19a762a79b1ae8ce9e08b6d7f4d7222e48efe6b1d"
    assert leaf_hash(CHARGE).hex() == pinned


@pytest.mark.parametrize("field", Line._fields)
def test_a_change_of_any_field_is_another_leaf(field: str) -> None:
    changed = CHARGE._replace(**{field: OTHER_VALUES.get(field, "other")})
    assert leaf_hash(changed) != leaf_hash(CHARGE)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("charge", {"comptoir": -1200, "b": 1140, FUND: 60}),
        ("reversal", {"comptoir": 1200, "b": -1140, FUND: -60}),
        ("withheld", {"comptoir": 1200, "b": -1140, FUND: -60}),
        ("released", {"comptoir": -1200, "b": 1140, FUND: 60}),
    ],
)
def test_a_line_moves_a_debt_or_takes_it_back(kind: LineKind, expected: dict[str, int]) -> None:
    assert dict(effects(CHARGE._replace(kind=kind))) == expected


def test_a_line_without_a_levy_leaves_the_fund_alone() -> None:
    assert effects(CHARGE._replace(levy_cents=0)) == (("comptoir", -1200), ("b", 1200))


def test_the_fund_bears_a_write_off() -> None:
    line = Line("lin_2", "sainte", "2026-12", "write_off", FUND, "b", 900)
    assert effects(line) == ((FUND, -900), ("b", 900))


@given(KINDS, st.integers(0, 10**12), st.integers(0, 10**12))
def test_the_effects_of_a_line_sum_to_zero(kind: LineKind, amount_cents: int, levy: int) -> None:
    line = CHARGE._replace(kind=kind, amount_cents=amount_cents, levy_cents=min(levy, amount_cents))
    assert sum(cents for _, cents in effects(line)) == 0
    assert (effects(line)[0][1] > 0) == (kind in TAKES_BACK and amount_cents > 0)
