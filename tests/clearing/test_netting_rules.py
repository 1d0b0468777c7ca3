from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from clearing.line import Line, LineKind
from clearing.month import fold
from clearing.netting import Netting, Plan, make_plan
from clearing.sums import Totals

PERIOD = "2026-11"
SLUGS = ["comptoir", "fund", *"abcdefghijklmnop"]
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


def plan_of(totals: Totals, netting: Netting = "multilateral", below: int = 0) -> Plan:
    return make_plan(
        "sainte",
        PERIOD,
        totals,
        netting=netting,
        carry_forward_below_cents=below,
    )


def left_open(totals: Totals, plan: Plan) -> dict[str, int]:
    """What stays of each position once the plan is carried out."""
    positions = dict(totals.positions)
    for transfer in (*plan.transfers, *plan.carried):
        positions[transfer.debtor] += transfer.amount_cents
        positions[transfer.creditor] -= transfer.amount_cents
    return {slug: cents for slug, cents in positions.items() if cents}


def fewest_transfers(cents: list[int]) -> int:
    """Search every way in which the first open position is settled against another."""
    cents = [amount for amount in cents if amount]
    if not cents:
        return 0
    first, *others = cents
    return 1 + min(
        fewest_transfers([*others[:place], others[place] + first, *others[place + 1 :]])
        for place in range(len(others))
        if others[place] * first < 0
    )


def splits(slugs: list[str]) -> Iterator[list[list[str]]]:
    """Every way to split sorted slugs into groups."""
    if not slugs:
        yield []
        return
    first, *others = slugs
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            rest = [slug for slug in others if slug not in chosen]
            for groups in splits(rest):
                yield [[first, *chosen], *groups]


def groups_of(plan: Plan) -> list[list[str]]:
    """The groups of a plan: who is linked by its transfers."""
    group_of: dict[str, set[str]] = defaultdict(set)
    for transfer in (*plan.transfers, *plan.carried):
        both = {transfer.debtor, transfer.creditor}
        merged = both.union(*(group_of[slug] for slug in both))
        for slug in merged:
            group_of[slug] = merged
    return [list(group) for group in sorted({tuple(sorted(group)) for group in group_of.values()})]


@st.composite
def positions(draw: st.DrawFn, most: int = 7, largest: int = 12) -> dict[str, int]:
    cents = draw(st.lists(st.integers(-largest, largest), min_size=1, max_size=most - 1))
    slugs = draw(st.permutations(SLUGS))[: len(cents) + 1]
    return dict(zip(slugs, [*cents, -sum(cents)], strict=True))


@st.composite
def months(draw: st.DrawFn) -> list[Line]:
    spaces = ["a", "b", "c", "d"]
    lines = []
    for _ in range(draw(st.integers(0, 12))):
        debtor, creditor = draw(st.permutations(spaces))[:2]
        kind: LineKind = draw(
            st.sampled_from(["charge", "charge", "charge", "reversal", "write_off", "carried"])
        )
        cents = draw(st.integers(0, 3000))
        if kind == "carried":
            since = draw(st.sampled_from(["2025-11", "2026-03", "2026-10"]))
            lines.append(
                a_line(kind, debtor, draw(st.sampled_from([creditor, "fund"])), 10, 0, since)
            )
        elif kind == "write_off":
            lines.append(a_line(kind, "fund", creditor, cents))
        else:
            lines.append(a_line(kind, debtor, creditor, cents, cents // 20))
    return lines


@settings(max_examples=150, deadline=None)
@given(positions(), st.sampled_from([0, 5, 100]))
def test_transfers_settle_every_position_exactly(cents: dict[str, int], below: int) -> None:
    totals = month_of_positions(cents)
    plan = plan_of(totals, below=below)
    assert left_open(totals, plan) == {}
    assert all(row.amount_cents >= max(below, 1) for row in plan.transfers)
    assert all(0 < row.amount_cents < below for row in plan.carried)
    settled = {slug for row in (*plan.transfers, *plan.carried) for slug in row[1:3]}
    assert settled == {slug for slug, amount in cents.items() if amount}


@settings(max_examples=150, deadline=None)
@given(positions())
def test_no_plan_has_fewer_transfers_than_the_exact_one(cents: dict[str, int]) -> None:
    plan = plan_of(month_of_positions(cents))
    assert plan.method == "exact"
    assert len(plan.transfers) == fewest_transfers(list(cents.values()))
    assert len(plan.transfers) <= plan.alternative_transfers


@settings(max_examples=150, deadline=None)
@given(positions(most=6, largest=3))
def test_the_groups_are_the_most_and_the_first_by_slugs(cents: dict[str, int]) -> None:
    opened = {slug: amount for slug, amount in cents.items() if amount}
    zero_sum = [
        groups
        for groups in splits(sorted(opened))
        if all(sum(opened[slug] for slug in group) == 0 for group in groups)
    ]
    most = max(map(len, zero_sum))
    expected = min(groups for groups in zero_sum if len(groups) == most)
    assert groups_of(plan_of(month_of_positions(cents))) == expected


@settings(max_examples=60, deadline=None)
@given(months(), st.randoms(use_true_random=False), st.sampled_from(NETTINGS))
def test_the_plan_does_not_depend_on_the_order_of_the_lines(
    lines: list[Line], random: Random, netting: Netting
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert plan_of(fold(shuffled), netting, 100) == plan_of(fold(lines), netting, 100)


@settings(max_examples=100, deadline=None)
@given(months(), st.sampled_from(NETTINGS))
def test_every_month_is_settled_by_transfers_and_carries_together(
    lines: list[Line], netting: Netting
) -> None:
    totals = fold(lines)
    plan = plan_of(totals, netting, 100)
    everything = (*plan.transfers, *plan.carried)
    assert left_open(totals, plan) == {}
    assert all(row.amount_cents > 0 for row in everything)
    assert len({row.id for row in everything}) == len(everything)


@settings(max_examples=60, deadline=None)
@given(months())
def test_bilateral_transfers_stay_between_those_who_had_business(lines: list[Line]) -> None:
    totals = fold(lines)
    known = {frozenset(pair) for pair in totals.pairs}
    known |= {frozenset((creditor, "fund")) for creditor in totals.levies}
    plan = plan_of(totals, "bilateral", 100)
    assert {frozenset(row[1:3]) for row in (*plan.transfers, *plan.carried)} <= known
