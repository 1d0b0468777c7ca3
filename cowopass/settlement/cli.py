"""Commands of the treasurer: months, and rules to try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cowopass.running import current_config
from cowopass.settlement import payment_cli
from cowopass.settlement.dispute_cli import dispute_group
from cowopass.settlement.lock import lock_period, review_period
from cowopass.settlement.printing import (
    print_json,
    print_month,
    print_months,
    print_plan,
    print_simulation,
)
from cowopass.settlement.schemas import (
    MonthRowSchema,
    MonthSchema,
    NettingPlanSchema,
)
from cowopass.settlement.service import list_months, show_month, show_plan
from cowopass.settlement.simulation import simulate_months
from cowopass.settlement.simulation_schemas import SimulationSchema
from cowopass.settlement.simulation_words import Span
from cowopass.transaction import transaction

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")
network_argument = click.argument("network")
month_argument = click.argument("month", metavar="YYYY-MM")


@click.group("period")
def period_group() -> None:
    """Show the months of a network, send them out for review, lock them."""


@period_group.command("list")
@network_argument
@json_option
def list_periods(network: str, *, as_json: bool) -> None:
    """List the months of NETWORK, newest first."""
    with transaction(read_only=True) as session:
        months = list_months(session, network)
    if as_json:
        print_json(MonthRowSchema(many=True), months)
    else:
        print_months(months)


@period_group.command("show")
@network_argument
@month_argument
@json_option
def show_period(network: str, month: str, *, as_json: bool) -> None:
    """Show the positions of a month, and what comes next."""
    with transaction(read_only=True) as session:
        document = show_month(session, network, month)
    _print_month(document, as_json=as_json)


@period_group.command("review")
@network_argument
@month_argument
@json_option
def review(network: str, month: str, *, as_json: bool) -> None:
    """Send a month that is over out for review."""
    with transaction() as session:
        review_period(session, network, month)
        document = show_month(session, network, month)
    _print_month(document, as_json=as_json)


@period_group.command("lock")
@network_argument
@month_argument
@json_option
def lock(network: str, month: str, *, as_json: bool) -> None:
    """Lock a month for good, and the empty ones before it."""
    with transaction() as session:
        lock_period(session, current_config(), network, month)
        document = show_month(session, network, month)
    _print_month(document, as_json=as_json)


@period_group.command("plan")
@network_argument
@month_argument
@json_option
def plan(network: str, month: str, *, as_json: bool) -> None:
    """Show who pays whom; before the lock, who would."""
    with transaction(read_only=True) as session:
        document = show_plan(session, network, month)
    if as_json:
        print_json(NettingPlanSchema(), document)
    else:
        print_plan(document)


@click.command("simulate")
@network_argument
@month_argument
@click.option(
    "--agreement",
    required=True,
    help="Any of an agreement's fields, as JSON or in a JSON file.",
)
@click.option("--until", metavar="YYYY-MM", help="The last of several months, from the first on.")
@json_option
def simulate(network: str, month: str, agreement: str, until: str | None, *, as_json: bool) -> None:
    """Try a rule on real months: positions now and then, side by side. Nothing is written."""
    changes = _read_agreement(agreement)
    with transaction(read_only=True) as session:
        document = simulate_months(session, network, Span(month, until or month), changes, "en")
    if as_json:
        print_json(SimulationSchema(), document)
    else:
        print_simulation(document)


def _read_agreement(given: str) -> dict[str, Any]:
    """Return the fields of an agreement, given as JSON or as the name of a file that has them."""
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text("utf-8")
        fields = json.loads(text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"neither JSON nor a JSON file: {error}") from error
    if not isinstance(fields, dict):
        raise click.BadParameter('must be a JSON object, such as {"levy_bps": 0}')
    return fields


def _print_month(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(MonthSchema(), document)
    else:
        print_month(document)


COMMANDS: list[click.Command] = [
    period_group,
    *payment_cli.COMMANDS,
    simulate,
    dispute_group,
]
