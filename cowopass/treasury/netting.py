"""What netting saves: debts as they arose, transfers two by two, transfers among all."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from clearing.netting import Netting, make_plan
from clearing.sums import Totals
from cowopass.networks.models import Agreement
from cowopass.settlement.months import read_sums
from cowopass.settlement.service import show_plan


class Step(NamedTuple):
    """So many payments of so many cents; `is_agreed` is what the spaces voted.

    `share` is the sum against the largest, out of 100.
    """

    name: str
    payments: int
    cents: int
    share: float
    is_agreed: bool


class Netted(NamedTuple):
    """The plan of a month (`show_plan`) and the three ways to pay it."""

    plan: dict[str, Any]
    steps: list[Step]


def net_month(session: Session, month: dict[str, Any], own: Agreement) -> Netted:
    """Return the plan of a month, and what its agreed netting saves against the others."""
    slug, period = month["network"], month["period"]
    plan = show_plan(session, slug, period)
    totals = read_sums(session, slug, period)
    agreed: Netting = "bilateral" if plan["method"] == "bilateral" else "multilateral"
    sums = {"gross": _gross(totals)}
    for netting in ("bilateral", "multilateral"):
        sums[netting] = (
            _sum_of(plan["transfers"])
            if netting == agreed
            else _other(totals, slug, period, netting, own.carry_forward_below_cents)
        )
    largest = max(cents for _, cents in sums.values()) or 1
    return Netted(
        plan,
        [
            Step(name, number, cents, round(100 * cents / largest, 2), name == agreed)
            for name, (number, cents) in sums.items()
        ],
    )


def _gross(totals: Totals) -> tuple[int, int]:
    debts = [abs(cents) for cents in (*totals.pairs.values(), *totals.levies.values()) if cents]
    return len(debts), sum(debts)


def _sum_of(transfers: list[dict[str, Any]]) -> tuple[int, int]:
    return len(transfers), sum(transfer["amount_cents"] for transfer in transfers)


def _other(
    totals: Totals, slug: str, period: str, netting: Netting, carry_below_cents: int
) -> tuple[int, int]:
    plan = make_plan(
        slug, period, totals, netting=netting, carry_forward_below_cents=carry_below_cents
    )
    return len(plan.transfers), sum(transfer.amount_cents for transfer in plan.transfers)
