from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.line import Line
from clearing.month import fold
from clearing.netting import Transfer
from clearing.replay import Carries, Cost, Replay, Simulation, simulate
from clearing.valuation import Rule, Terms
from tests.lines import FREE, HOST_PRICE, PASS_VALUE, PERIOD, a_carry, a_charge, an_answer


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


def test_what_takes_back_a_charge_of_a_month_replayed_before_follows_it() -> None:
    charge = a_charge("lin_1")
    reversal = an_answer("reversal", charge, "lin_2", period="2026-12", late_from="2026-11")
    replay = Replay(answered={"lin_1"})
    replay.month([charge], PASS_VALUE)
    december = replay.month([reversal], PASS_VALUE)
    assert (december.recorded.gross_cents, december.totals.gross_cents) == (-1200, -1000)


def test_a_month_takes_over_what_its_own_side_carried() -> None:
    recorded = Transfer("trf_1", "comptoir", "b", 50, "2026-10")
    replayed = recorded._replace(amount_cents=80)
    month = [a_carry("lin_1", "comptoir", "b", 50, "2026-10"), a_charge("lin_2")]
    simulation = Replay().month(month, HOST_PRICE, carries=Carries([recorded], [replayed]))
    assert simulation.recorded.carried_in_cents == {"comptoir": -50, "b": 50}
    assert simulation.totals.carried_in_cents == {"comptoir": -80, "b": 80}
    assert simulation.totals.carried_since == {("comptoir", "b"): "2026-10"}


def test_what_each_kind_of_pass_costs_its_home_is_added_up_over_the_months() -> None:
    replay = Replay(pass_kinds={"psd_1": "book", "psd_2": "unlimited"})
    first = a_charge("lin_1")
    voided = a_charge("lin_3", pseudonym="psd_2")
    month = [
        first,
        a_charge("lin_2", pseudonym="psd_2"),
        voided,
        an_answer("reversal", voided),
        a_charge("lin_5", visit="golden", amount_cents=0, levy_cents=0),
        a_charge("lin_6", pseudonym="psd_purged"),
        a_charge("lin_7", debtor="lyon"),
    ]
    replay.month(month, PASS_VALUE)
    replay.month([first], PASS_VALUE)
    assert replay.costs == {
        ("comptoir", "book"): Cost(2, 2400, 2000),
        ("comptoir", "unlimited"): Cost(1, 1200, 1000),
        ("comptoir", "golden"): Cost(1, 0, 0),
        ("comptoir", "unknown"): Cost(1, 1200, 1000),
    }


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=12), st.data())
def test_positions_sum_to_zero_and_the_recorded_side_is_the_month(
    prices: list[tuple[int, int]], data: st.DataObject
) -> None:
    month = [
        a_charge(f"lin_{number}", host_price_cents=price, pass_value_cents=value)
        for number, (price, value) in enumerate(prices)
    ]
    share = data.draw(st.integers(0, 10_000))
    simulation = simulate(month, PASS_VALUE._replace(rule=Rule("difference_share", share)))
    assert sum(simulation.totals.positions.values()) == 0
    assert simulation.recorded.positions == fold(month).positions


def test_a_replay_of_many_lines_takes_little_memory() -> None:
    def many() -> Iterator[Line]:
        charge = a_charge()
        for number in range(20_000):
            yield charge._replace(id=f"lin_{number}")

    tracemalloc.start()
    simulation = Replay(answered=()).month(many(), PASS_VALUE)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert simulation.revalued == 20_000
    assert peak_bytes < 100_000
