from __future__ import annotations

import time

import pytest

from clearing.line import Line, LineKind
from clearing.month import fold
from clearing.netting import Netting, Plan, Transfer, make_plan, transfer_id
from clearing.sums import Totals

PERIOD = "2026-11"
NETTINGS: list[Netting] = ["bilateral", "multilateral"]


def a_line(
    kind: LineKind, debtor: str, creditor: str, cents: int, levy: int = 0, since: str | None = None
) -> Line:
    line_id = f"{kind}/{debtor}/{creditor}/{cents}"
    return Line(line_id, "sainte", PERIOD, kind, debtor, creditor, cents, levy, since=since)


def month_of_positions(positions: dict[str, int]) -> Totals:
    """A month whose lines give these positions: everybody settles with a hub at zero."""
    return fold(
        a_line("charge", "hub", slug, cents) if cents > 0 else a_line("charge", slug, "hub", -cents)
        for slug, cents in positions.items()
    )


def plan_of(
    totals: Totals,
    netting: Netting = "multilateral",
    below: int = 0,
    leaving: frozenset[str] = frozenset(),
) -> Plan:
    return make_plan(
        "sainte",
        PERIOD,
        totals,
        netting=netting,
        carry_forward_below_cents=below,
        leaving=leaving,
    )


def pairs_of(transfers: tuple[Transfer, ...]) -> list[tuple[str, str, int]]:
    return [(row.debtor, row.creditor, row.amount_cents) for row in transfers]


def left_open(totals: Totals, plan: Plan) -> dict[str, int]:
    """What stays of each position once the plan is carried out."""
    positions = dict(totals.positions)
    for transfer in (*plan.transfers, *plan.carried):
        positions[transfer.debtor] += transfer.amount_cents
        positions[transfer.creditor] -= transfer.amount_cents
    return {slug: cents for slug, cents in positions.items() if cents}


WORKED_EXAMPLE = [
    *[a_line("charge", "comptoir", "b", 1200, 60)] * 6,
    *[a_line("charge", "comptoir", "c", 2000, 100)] * 2,
    *[a_line("charge", "b", "comptoir", 1500, 75)] * 3,
    a_line("charge", "b", "c", 2000, 100),
    *[a_line("charge", "c", "comptoir", 1500, 75)] * 4,
    a_line("charge", "c", "b", 600, 30),
    a_line("charge", "c", "b", 1200, 60),
    a_line("reversal", "c", "b", 1200, 60),
    a_line("charge", "b", "comptoir", 0),
]


def test_the_worked_example_of_the_design_comes_out_to_the_cent() -> None:
    november = fold(WORKED_EXAMPLE)
    assert november.gross_cents == 24300
    assert november.positions == {"comptoir": -1225, "b": 910, "c": -900, "fund": 1215}
    plan = plan_of(november, below=100)
    assert plan.method == "exact"
    assert pairs_of(plan.transfers) == [("comptoir", "fund", 1215), ("c", "b", 900)]
    assert pairs_of(plan.carried) == [("comptoir", "b", 10)]
    assert plan.carried[0].since == PERIOD
    assert (plan.alternative_method, plan.alternative_transfers) == ("largest_first", 2)


def test_the_carry_and_the_late_visit_of_the_worked_example_are_decembers() -> None:
    december = fold(
        [
            Line("lin_1", "sainte", "2026-12", "carried", "comptoir", "b", 10, since=PERIOD),
            Line("lin_2", "sainte", "2026-12", "charge", "comptoir", "b", 1200, 60),
        ]
    )
    assert december.positions == {"comptoir": -1210, "b": 1150, "fund": 60}
    assert december.carried_in_cents == {"comptoir": -10, "b": 10}


def test_bilateral_netting_keeps_pairs_and_sends_each_levy_to_the_fund() -> None:
    plan = plan_of(fold(WORKED_EXAMPLE), "bilateral")
    assert plan.method == "bilateral"
    assert pairs_of(plan.transfers) == [
        ("comptoir", "b", 2700),
        ("c", "comptoir", 2000),
        ("b", "c", 1400),
        ("comptoir", "fund", 525),
        ("b", "fund", 390),
        ("c", "fund", 300),
    ]
    assert (plan.alternative_method, plan.alternative_transfers) == ("exact", 3)


def test_a_levy_is_set_off_against_an_earlier_carry_of_its_pair() -> None:
    lines = [a_line("charge", "a", "b", 1000, 50), a_line("carried", "b", "fund", 30, 0, "2026-10")]
    assert pairs_of(plan_of(fold(lines), "bilateral").transfers) == [
        ("a", "b", 1000),
        ("b", "fund", 80),
    ]


def test_charges_taken_back_beyond_the_month_turn_their_pair_around() -> None:
    plan = plan_of(fold([a_line("reversal", "a", "b", 1000, 50)]), "bilateral")
    assert pairs_of(plan.transfers) == [("b", "a", 1000), ("fund", "b", 50)]


def test_a_month_without_open_positions_has_nothing_to_pay() -> None:
    even = fold([a_line("charge", "a", "b", 500), a_line("charge", "b", "a", 500)])
    for netting in NETTINGS:
        for totals in (fold([]), even):
            assert plan_of(totals, netting)[1:3] == ((), ())


def test_positions_that_do_not_sum_to_zero_are_no_month() -> None:
    broken = Totals(1, 1, 5, 0, {"a": 5}, {}, {}, {}, {}, b"")
    with pytest.raises(ValueError, match="sum to zero"):
        plan_of(broken)


def test_the_largest_debtor_of_a_group_pays_its_largest_creditor_and_ties_go_by_slug() -> None:
    totals = month_of_positions({"d": -700, "c": -700, "a": 500, "b": 500, "e": 400})
    assert pairs_of(plan_of(totals).transfers) == [
        ("c", "a", 500),
        ("d", "b", 500),
        ("c", "e", 200),
        ("d", "e", 200),
    ]


def test_of_equal_splits_the_first_by_slugs_is_taken() -> None:
    totals = month_of_positions({"a": 100, "b": 100, "c": -100, "d": -100})
    assert pairs_of(plan_of(totals).transfers) == [("c", "a", 100), ("d", "b", 100)]


def test_a_small_transfer_is_carried_and_keeps_the_age_of_what_was_carried_in() -> None:
    lines = [
        a_line("charge", "a", "b", 40),
        a_line("carried", "b", "a", 10, 0, "2026-08"),
        a_line("charge", "c", "d", 20),
    ]
    for netting in NETTINGS:
        plan = plan_of(fold(lines), netting, 100)
        assert plan.transfers == ()
        assert [
            (row.debtor, row.creditor, row.amount_cents, row.since) for row in plan.carried
        ] == [
            ("a", "b", 30, "2026-08"),
            ("c", "d", 20, PERIOD),
        ]


def test_a_carry_of_a_pair_ages_that_pair_alone_in_bilateral_netting() -> None:
    lines = [
        a_line("carried", "a", "b", 10, 0, "2026-08"),
        a_line("charge", "a", "c", 20),
    ]
    plan = plan_of(fold(lines), "bilateral", 100)
    assert [(row.creditor, row.since) for row in plan.carried] == [("c", PERIOD), ("b", "2026-08")]


@pytest.mark.parametrize("netting", NETTINGS)
@pytest.mark.parametrize(("since", "paid"), [("2025-12", False), ("2025-11", True)])
def test_a_carry_is_paid_once_it_is_twelve_months_old(
    netting: Netting,
    since: str,
    paid: bool,  # noqa: FBT001  a column of the table above
) -> None:
    plan = plan_of(fold([a_line("carried", "a", "b", 10, 0, since)]), netting, 100)
    assert pairs_of(plan.transfers if paid else plan.carried) == [("a", "b", 10)]


@pytest.mark.parametrize("netting", NETTINGS)
@pytest.mark.parametrize("leaver", ["a", "b"])
def test_a_space_that_leaves_is_settled_with_to_the_last_cent(
    netting: Netting, leaver: str
) -> None:
    totals = fold([a_line("charge", "a", "b", 10), a_line("charge", "c", "d", 10)])
    plan = plan_of(totals, netting, 100, frozenset({leaver}))
    assert pairs_of(plan.transfers) == [("a", "b", 10)]
    assert pairs_of(plan.carried) == [("c", "d", 10)]


def test_sixteen_open_positions_are_searched_in_less_than_a_second() -> None:
    totals = month_of_positions(
        {f"s{place:02}": (place + 1) * (-1) ** place for place in range(15)}
    )
    cents = {**totals.positions}
    cents.pop("hub")
    started = time.perf_counter()
    plan = plan_of(month_of_positions({**cents, "s15": -sum(cents.values())}))
    assert time.perf_counter() - started < 1
    assert (plan.method, len(cents)) == ("exact", 15)


def test_above_sixteen_open_positions_the_largest_are_settled_first() -> None:
    cents = {f"s{place:02}": (place + 1) * 100 * (-1) ** place for place in range(17)}
    cents["s16"] -= sum(cents.values())
    assert sum(map(bool, cents.values())) == 17
    totals = month_of_positions(cents)
    plan = plan_of(totals)
    assert (plan.method, plan.alternative_method) == ("largest_first", "bilateral")
    assert left_open(totals, plan) == {}
    assert len(plan.transfers) <= 16
    bilateral = plan_of(totals, "bilateral")
    assert bilateral.alternative_method == "largest_first"
    assert len(bilateral.transfers) == plan.alternative_transfers


def test_a_transfer_id_names_one_debt_of_one_month() -> None:
    ids = {
        transfer_id(network, period, debtor, creditor)
        for network in ("sainte", "lyon")
        for period in ("2026-11", "2026-12")
        for debtor, creditor in (("a", "b"), ("b", "a"), ("ab", "c"), ("a", "bc"))
    }
    assert len(ids) == 16
    assert all(len(name) == 24 and name.startswith("trf_") for name in ids)
