from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.ledger import (
    Entry,
    balances,
    carried,
    disputed,
    due,
    entries_of,
    entries_of_carry,
    entries_of_payment,
    entries_of_transfer,
    entries_of_upheld,
    position,
)
from clearing.line import FUND, Line, LineKind, Unit, effects
from clearing.netting import Transfer
from clearing.valuation import Rule, Terms, host_price_cents, value_charge

KINDS: tuple[LineKind, ...] = (
    "charge",
    "reversal",
    "withheld",
    "released",
    "carried",
    "write_off",
)


def a_line(
    kind: LineKind = "charge",
    *,
    debtor: str = "home",
    creditor: str = "host",
    amount_cents: int = 1200,
    levy_cents: int = 60,
) -> Line:
    return Line("lin_1", "sainte", "2026-11", kind, debtor, creditor, amount_cents, levy_cents)


def a_transfer(debtor: str = "home", creditor: str = "host", amount_cents: int = 900) -> Transfer:
    return Transfer("trf_1", debtor, creditor, amount_cents, "2026-11")


CARRIED = a_line("carried", amount_cents=10, levy_cents=0)
WRITE_OFF = a_line("write_off", debtor=FUND, amount_cents=900, levy_cents=0)

CHARGED = [
    ("position:home", "position:host", 1200),
    ("position:host", "position:fund", 60),
]
REVERSED = [
    ("position:host", "position:home", 1200),
    ("position:fund", "position:host", 60),
]
WITHHELD = [
    ("position:host", "disputed:host", 1140),
    ("position:fund", "disputed:fund", 60),
    ("disputed:home", "position:home", 1200),
]
RELEASED = [
    ("disputed:host", "position:host", 1140),
    ("disputed:fund", "position:fund", 60),
    ("position:home", "disputed:home", 1200),
]
UPHELD = [
    ("disputed:host", "disputed:home", 1140),
    ("disputed:fund", "disputed:home", 60),
]
DUE = [
    ("position:host", "due:trf_1:host", 900),
    ("due:trf_1:home", "position:home", 900),
]
CARRIED_OUT = [
    ("position:host", "carried:host", 10),
    ("carried:home", "position:home", 10),
]
CARRIED_IN = [
    ("carried:host", "position:host", 10),
    ("position:home", "carried:home", 10),
]
PAID_IN_PART = [("due:trf_1:host", "due:trf_1:home", 400)]
BORNE_BY_THE_FUND = [("position:fund", "position:host", 900)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param(entries_of(a_line("charge")), CHARGED, id="check-in away"),
        pytest.param(entries_of(a_line("reversal")), REVERSED, id="void or correction"),
        pytest.param(entries_of(a_line("withheld")), WITHHELD, id="dispute before the lock"),
        pytest.param(entries_of(a_line("released")), RELEASED, id="dispute refused"),
        pytest.param(entries_of_upheld(a_line("withheld")), UPHELD, id="dispute upheld"),
        pytest.param(entries_of_upheld(a_line("charge")), UPHELD, id="voided while disputed"),
        pytest.param(entries_of_transfer(a_transfer()), DUE, id="lock"),
        pytest.param(entries_of_carry(a_transfer(amount_cents=10)), CARRIED_OUT, id="carry out"),
        pytest.param(entries_of(CARRIED), CARRIED_IN, id="carry in, a month later"),
        pytest.param(entries_of_payment(a_transfer(), 400), PAID_IN_PART, id="payment in part"),
        pytest.param(entries_of(WRITE_OFF), BORNE_BY_THE_FUND, id="write-off borne by the fund"),
    ],
)
def test_each_event_writes_the_entries_of_the_table(
    entries: tuple[Entry, ...], expected: list[tuple[str, str, int]]
) -> None:
    assert list(entries) == expected


PARTICIPANTS = ("comptoir", "b", "c", "lyon")


@st.composite
def lines(draw: st.DrawFn, kinds: Iterable[LineKind] = KINDS) -> Line:
    kind = draw(st.sampled_from(tuple(kinds)))
    debtor, creditor = draw(st.permutations(PARTICIPANTS))[:2]
    amount_cents = draw(st.integers(0, 10**9))
    if kind in {"carried", "write_off"}:
        debtor = draw(st.sampled_from([debtor, FUND]))
        return a_line(
            kind, debtor=debtor, creditor=creditor, amount_cents=amount_cents, levy_cents=0
        )
    levy_cents = draw(st.integers(0, amount_cents))
    return a_line(
        kind, debtor=debtor, creditor=creditor, amount_cents=amount_cents, levy_cents=levy_cents
    )


def moved(sums: dict[str, int], kind: str) -> dict[str, int]:
    """The participants whose account of a kind has changed, and by how much."""
    return {
        account.removeprefix(f"{kind}:"): cents
        for account, cents in sums.items()
        if account.startswith(f"{kind}:") and cents
    }


@given(lines())
def test_entries_change_positions_exactly_as_the_line_says(line: Line) -> None:
    expected: Counter[str] = Counter()
    for participant, cents in effects(line):
        expected[participant] += cents
    found = moved(balances(entries_of(line)), "position")
    assert found == {participant: cents for participant, cents in expected.items() if cents}


@given(lines())
def test_entries_balance_and_none_is_zero(line: Line) -> None:
    entries = (*entries_of(line), *entries_of_upheld(line))
    assert sum(balances(entries).values()) == 0
    assert all(entry.amount_cents > 0 for entry in entries)


@given(lines(kinds=["charge"]))
def test_a_reversal_takes_everything_back(charge: Line) -> None:
    entries = entries_of(charge) + entries_of(charge._replace(kind="reversal"))
    assert not any(balances(entries).values())


@given(lines(kinds=["charge"]))
def test_a_dispute_that_is_refused_leaves_the_charge_as_it_was(charge: Line) -> None:
    entries = (
        *entries_of(charge._replace(kind="withheld")),
        *entries_of(charge._replace(kind="released")),
    )
    assert not any(balances(entries).values())


@given(lines(kinds=["charge"]))
def test_a_dispute_that_is_upheld_leaves_nothing_at_all(charge: Line) -> None:
    withheld = charge._replace(kind="withheld")
    entries = entries_of(charge) + entries_of(withheld) + entries_of_upheld(withheld)
    assert not any(balances(entries).values())


@given(st.integers(1, 10**9), st.data())
def test_a_transfer_paid_in_parts_leaves_no_due(amount_cents: int, data: st.DataObject) -> None:
    transfer = a_transfer(amount_cents=amount_cents)
    part = data.draw(st.integers(1, amount_cents))
    entries = (
        *entries_of_transfer(transfer),
        *entries_of_payment(transfer, part),
        *entries_of_payment(transfer, amount_cents - part),
    )
    sums = balances(entries)
    assert moved(sums, "due") == {}
    assert moved(sums, "position") == {"home": amount_cents, "host": -amount_cents}


def test_a_carry_comes_back_as_it_went_out() -> None:
    out = entries_of_carry(a_transfer(amount_cents=10))
    assert not any(balances(out + entries_of(CARRIED)).values())


def test_a_charge_of_zero_writes_nothing() -> None:
    assert entries_of(a_line(amount_cents=0, levy_cents=0)) == ()


def test_a_charge_without_a_levy_is_one_entry() -> None:
    assert entries_of(a_line(levy_cents=0)) == (Entry("position:home", "position:host", 1200),)


def test_a_charge_that_is_all_levy_withholds_nothing_from_the_host() -> None:
    entries = entries_of(a_line("withheld", amount_cents=60, levy_cents=60))
    assert disputed("host") not in balances(entries)


@pytest.mark.parametrize(("amount_cents", "levy_cents"), [(-1, 0), (50, 60)])
def test_an_entry_below_zero_is_a_broken_invariant(amount_cents: int, levy_cents: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        entries_of(a_line("withheld", amount_cents=amount_cents, levy_cents=levy_cents))


def test_a_payment_below_zero_is_a_broken_invariant() -> None:
    with pytest.raises(ValueError, match="above zero"):
        entries_of_payment(a_transfer(), -1)


def test_accounts_are_named_by_what_they_hold_and_for_whom() -> None:
    assert [position("b"), disputed("b"), carried(FUND), due("trf_1", "b")] == [
        "position:b",
        "disputed:b",
        "carried:fund",
        "due:trf_1:b",
    ]


def test_nothing_has_no_balances() -> None:
    assert balances([]) == {}


# The worked example of the design: three spaces at 15.00, 12.00 and 20.00 a day, a levy of 5 %.

DAY_PRICES = {"comptoir": 1500, "b": 1200, "c": 2000}
HOST_PRICE = Terms(Rule("difference_share", 10_000), False, 0, 500, None, None)
NOVEMBER: list[tuple[int, str, str, Unit]] = [
    (6, "comptoir", "b", "day"),
    (2, "comptoir", "c", "day"),
    (3, "b", "comptoir", "day"),
    (1, "b", "c", "day"),
    (4, "c", "comptoir", "day"),
    (1, "c", "b", "half_day"),
]


def a_visit(home: str, host: str, unit: Unit = "day", *, golden: bool = False) -> Line:
    price_cents = host_price_cents({"day": DAY_PRICES[host]}, unit)
    assert price_cents is not None
    found = value_charge(HOST_PRICE, unit, price_cents, 1000, golden=golden, room_cents=None)
    return a_line(
        debtor=home,
        creditor=host,
        amount_cents=found.charge_cents,
        levy_cents=found.levy_cents,
    )


def november() -> list[Line]:
    visits = [
        a_visit(home, host, unit) for count, home, host, unit in NOVEMBER for _ in range(count)
    ]
    voided = a_visit("b", "c")
    return [*visits, voided, voided._replace(kind="reversal"), a_visit("b", "c", golden=True)]


def entries_of_all(month: Iterable[Line]) -> list[Entry]:
    return [entry for line in month for entry in entries_of(line)]


def test_the_entries_of_the_worked_example_add_up_to_its_positions() -> None:
    assert moved(balances(entries_of_all(november())), "position") == {
        "comptoir": -1225,
        "b": 910,
        "c": -900,
        FUND: 1215,
    }


def test_the_plan_of_the_worked_example_brings_every_position_to_zero() -> None:
    closing = [
        *entries_of_transfer(Transfer("trf_1", "comptoir", FUND, 1215, "2026-11")),
        *entries_of_transfer(Transfer("trf_2", "c", "b", 900, "2026-11")),
        *entries_of_carry(Transfer("trf_3", "comptoir", "b", 10, "2026-11")),
    ]
    sums = balances([*entries_of_all(november()), *closing])
    assert moved(sums, "position") == {}
    assert moved(sums, "carried") == {"comptoir": -10, "b": 10}


def test_december_of_the_worked_example_begins_with_the_carry() -> None:
    carry = a_line("carried", debtor="comptoir", creditor="b", amount_cents=10, levy_cents=0)
    found = moved(balances(entries_of_all([carry, a_visit("comptoir", "b")])), "position")
    assert found == {"comptoir": -1210, "b": 1150, FUND: 60}
