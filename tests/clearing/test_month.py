from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.ledger import balances, entries_of, position
from clearing.line import Line, LineKind, leaf_hash
from clearing.merkle import EMPTY_ROOT, Tree
from clearing.month import Fold, Simulation, fold, simulate
from clearing.valuation import Rule, Terms

PERIOD = "2026-11"
HOST_PRICE = Terms(
    Rule("difference_share", 10_000, cap_at_host_price=True), False, 0, 500, None, None
)
PASS_VALUE = HOST_PRICE._replace(rule=Rule("difference_share", 0))
FREE = HOST_PRICE._replace(rule=Rule("flat", amounts_cents={"day": 0, "half_day": 0, "hour": 0}))


def a_charge(line_id: str = "lin_1", **fields: object) -> Line:
    """A day of a Comptoir pass at B: 12.00 there, 10.00 to its home, charged at the host price."""
    line = Line(
        line_id,
        "sainte",
        PERIOD,
        "charge",
        "comptoir",
        "b",
        1200,
        60,
        home="comptoir",
        host="b",
        on="2026-11-05",
        unit="day",
        visit="normal",
        pseudonym="psd_1",
        host_price_cents=1200,
        pass_value_cents=1000,
        agreement="sainte>sainte@2026-09",
    )
    return line._replace(**fields)  # type: ignore[arg-type]


def an_answer(kind: LineKind, to: Line, line_id: str = "lin_9", **fields: object) -> Line:
    return to._replace(id=line_id, kind=kind, reverses=to.id, **fields)  # type: ignore[arg-type]


def a_carry(line_id: str, debtor: str, creditor: str, cents: int, since: str) -> Line:
    return Line(line_id, "sainte", PERIOD, "carried", debtor, creditor, cents, since=since)


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


def test_a_simulation_shows_the_month_as_it_was_and_as_it_would_have_been() -> None:
    month = [a_charge("lin_1"), a_charge("lin_2", debtor="b", creditor="comptoir", host="comptoir")]
    simulation = simulate(month, PASS_VALUE._replace(levy_bps=0))
    assert simulation.recorded.gross_cents == 2400
    assert simulation.totals.gross_cents == 2000
    assert simulation.totals.fund_cents == 0
    assert (simulation.revalued, simulation.kept) == (2, 0)


@settings(max_examples=40)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 10_000))
def test_the_same_terms_give_the_same_month(price: int, value: int, share: int) -> None:
    terms = HOST_PRICE._replace(rule=Rule("difference_share", share))
    first = simulate([a_charge(host_price_cents=price, pass_value_cents=value)], terms).totals
    again = a_charge(
        host_price_cents=price,
        pass_value_cents=value,
        amount_cents=first.gross_cents,
        levy_cents=first.fund_cents,
    )
    simulation = simulate([again], terms)
    assert simulation.recorded == simulation.totals == first


def test_what_answers_a_charge_follows_its_new_amount() -> None:
    charge = a_charge("lin_1")
    reversal = an_answer("reversal", charge, "lin_2")
    withheld = an_answer("withheld", charge, "lin_3")
    released = an_answer("released", charge, "lin_4")
    released_by_withheld = withheld._replace(id="lin_5", kind="released", reverses="lin_3")
    cases = (
        ([charge, reversal], 0),
        ([charge, withheld], 0),
        ([charge, withheld, released], 1000),
        ([charge, withheld, released_by_withheld], 1000),
    )
    for month, gross_cents in cases:
        assert simulate(month, PASS_VALUE).totals.gross_cents == gross_cents


def test_what_takes_back_a_charge_of_an_earlier_month_keeps_its_amount() -> None:
    reversal = an_answer("reversal", a_charge("lin_of_october"), on="2026-10-30")
    carry = a_carry("lin_2", "comptoir", "b", 10, "2026-10")
    write_off = Line("lin_3", "sainte", PERIOD, "write_off", "fund", "b", 300)
    simulation = simulate([reversal, carry, write_off], FREE)
    assert simulation.totals == simulation.recorded
    assert simulation.totals.positions == {"comptoir": 1190, "b": -830, "fund": -360}


def test_a_charge_that_the_host_bears_stays_at_zero() -> None:
    borne = a_charge(amount_cents=0, levy_cents=0, notes=("offline_paper_limit",))
    overused = a_charge("lin_2", notes=("overused",))
    simulation = simulate([borne, overused], PASS_VALUE)
    assert simulation.totals.gross_cents == 1000
    assert (simulation.revalued, simulation.kept) == (1, 1)


def test_terms_are_tried_on_the_charges_of_the_agreements_asked_for() -> None:
    month = [a_charge("lin_1"), a_charge("lin_2", agreement="lyon>sainte@2026-09")]
    simulation = simulate(month, FREE, agreements={"lyon>sainte@2026-09"})
    assert simulation.totals.gross_cents == 1200
    assert (simulation.revalued, simulation.kept) == (1, 1)


def test_a_correspondent_is_owed_no_levy_of_this_ledger() -> None:
    abroad = a_charge(creditor="lyon", host="la-cordee", levy_cents=0)
    from_abroad = a_charge("lin_2", debtor="lyon", home="la-cordee")
    assert simulate([abroad], HOST_PRICE).totals.fund_cents == 0
    assert simulate([from_abroad], HOST_PRICE).totals.fund_cents == 60


def capped(*month: Line) -> Simulation:
    """The liability cap of 20.00 on a pass of 20.00 a month."""
    return simulate(
        [line._replace(monthly_price_cents=2000) for line in month],
        HOST_PRICE._replace(liability_cap_bps=10_000),
    )


def test_the_liability_cap_is_applied_pass_by_pass() -> None:
    same_pass = [a_charge("lin_1"), a_charge("lin_2"), a_charge("lin_3")]
    assert capped(*same_pass).totals.gross_cents == 2000
    other_pass = a_charge("lin_4", pseudonym="psd_2")
    assert capped(*same_pass, other_pass).totals.gross_cents == 3200
    late = a_charge("lin_5", late_from="2026-10")
    assert capped(*same_pass, late).totals.gross_cents == 3200
    uncapped = [line._replace(pseudonym=None) for line in same_pass]
    assert capped(*uncapped).totals.gross_cents == 3600


def test_a_reversal_frees_room_under_the_cap_for_later_visits_only() -> None:
    first, second, third = (a_charge(f"lin_{number}") for number in (1, 2, 3))
    reversal = an_answer("reversal", first)
    assert capped(first, second, reversal).totals.gross_cents == 800
    assert capped(first, second, reversal, third).totals.gross_cents == 2000


def test_a_withheld_charge_frees_no_room_under_the_cap() -> None:
    first, second = a_charge("lin_1"), a_charge("lin_2")
    assert capped(first, an_answer("withheld", first), second).totals.gross_cents == 800


def test_a_golden_ticket_is_valued_by_its_own_share() -> None:
    golden: Callable[[int], Terms] = lambda bps: HOST_PRICE._replace(golden_share_bps=bps)  # noqa: E731
    visit = a_charge(visit="golden", amount_cents=0, levy_cents=0, pass_value_cents=0)
    assert simulate([visit], golden(0)).totals.gross_cents == 0
    assert simulate([visit], golden(5000)).totals.gross_cents == 600


def test_a_charge_capped_by_what_is_not_at_hand_keeps_its_amount_while_there_is_a_cap() -> None:
    cut_short = {"amount_cents": 300, "levy_cents": 15, "notes": ("liability_capped",)}
    late = a_charge("lin_1", late_from="2026-10", **cut_short)
    assert capped(late).totals.gross_cents == 300
    visitor = a_charge("lin_1", **cut_short)._replace(home="x", debtor="lyon")
    assert capped(visitor).totals.gross_cents == 300
    assert capped(a_charge("lin_1", **cut_short)).totals.gross_cents == 1200
    assert simulate([late], HOST_PRICE).totals.gross_cents == 1200
