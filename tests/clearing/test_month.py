from __future__ import annotations

import tracemalloc
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.ledger import balances, entries_of, position
from clearing.line import Line, LineKind, leaf_hash
from clearing.merkle import EMPTY_ROOT, Tree
from clearing.month import Fold, fold
from tests.lines import PERIOD, a_carry, a_charge, an_answer


@st.composite
def lines(draw: st.DrawFn) -> Line:
    kind: LineKind = draw(
        st.sampled_from(["charge", "reversal", "withheld", "released", "carried", "write_off"])
    )
    debtor, creditor = draw(st.permutations(["a", "b", "c", "fund"]))[:2]
    cents = draw(st.integers(0, 10_000))
    levy = draw(st.integers(0, cents)) if kind not in ("carried", "write_off") else 0
    since = draw(st.sampled_from(["2026-01", "2026-09"])) if kind == "carried" else None
    return Line("lin", "sainte", PERIOD, kind, debtor, creditor, cents, levy, since=since)


def test_a_month_without_lines_is_empty() -> None:
    totals = fold([])
    assert (totals.count, totals.positions, totals.root) == (0, {}, EMPTY_ROOT)


def test_what_is_taken_back_is_neither_charge_nor_gross_nor_levy() -> None:
    charge = a_charge()
    assert fold([charge]).charges == 1
    for kind in ("reversal", "withheld"):
        totals = fold([charge, an_answer(kind, charge)])
        assert (totals.charges, totals.gross_cents, totals.fund_cents) == (0, 0, 0)
        assert set(totals.positions.values()) == {0}
        assert totals.count == 2
    released = [charge, an_answer("withheld", charge), an_answer("released", charge, "lin_10")]
    assert fold(released).positions == fold([charge]).positions
    assert fold(released).gross_cents == 1200


def test_carries_and_write_offs_move_positions_but_are_no_charges() -> None:
    totals = fold(
        [
            a_carry("lin_1", "a", "b", 10, "2026-10"),
            a_carry("lin_2", "a", "b", 5, "2026-08"),
            Line("lin_3", "sainte", PERIOD, "write_off", "fund", "b", 300),
        ]
    )
    assert (totals.charges, totals.gross_cents, totals.fund_cents) == (0, 0, 0)
    assert totals.positions == {"a": -15, "b": 315, "fund": -300}
    assert totals.carried_in_cents == {"a": -15, "b": 15}
    assert totals.pairs == {("a", "b"): 15, ("fund", "b"): 300}
    assert totals.carried_since == {("a", "b"): "2026-08"}


def test_a_golden_visit_at_zero_shows_both_spaces() -> None:
    totals = fold([a_charge(visit="golden", amount_cents=0, levy_cents=0)])
    assert totals.positions == {"comptoir": 0, "b": 0}
    assert totals.charges == 1


@settings(max_examples=60)
@given(st.lists(lines(), max_size=15))
def test_totals_are_what_the_ledger_says(month: list[Line]) -> None:
    totals = fold(month)
    ledger = balances(entry for line in month for entry in entries_of(line))
    assert sum(totals.positions.values()) == 0
    for participant, cents in totals.positions.items():
        assert cents == ledger.get(position(participant), 0)
        assert cents == sum(
            owed * ((creditor == participant) - (debtor == participant))
            for (debtor, creditor), owed in totals.pairs.items()
        ) - totals.levies.get(participant, 0) + (participant == "fund") * sum(
            totals.levies.values()
        )


@settings(max_examples=40)
@given(st.lists(lines(), max_size=15))
def test_rows_and_lines_give_the_same_month(month: list[Line]) -> None:
    rows = Fold()
    for line in month:
        rows.add_row(*line[3:8], line.since, leaf_hash(line))
    tree = Tree()
    for line in month:
        tree.add(leaf_hash(line))
    assert rows.totals() == fold(month)
    assert rows.totals().root == tree.root()


def test_a_month_of_many_lines_takes_little_memory() -> None:
    leaf = sha256(b"").digest()
    month = Fold()
    tracemalloc.start()
    for number in range(20_000):
        month.add_row("charge", f"s{number % 7}", f"s{number % 5}", 1200, 60, None, leaf)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert month.totals().count == 20_000
    assert peak_bytes < 50_000
