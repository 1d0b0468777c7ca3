"""Commands of the treasurer: months, payments, and rules to try."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from cowopass.settlement.dispute_cli import dispute_group
from cowopass.settlement.lock import lock_period, review_period
from cowopass.settlement.payments import (
    Bill,
    Recorded,
    id_of_payment,
    id_of_write_off,
    pay_all,
    record_payment,
    write_off,
)
from cowopass.settlement.printing import (
    print_json,
    print_month,
    print_months,
    print_plan,
    print_simulation,
    show_amount,
)
from cowopass.settlement.schemas import (
    MonthRowSchema,
    MonthSchema,
    NettingPlanSchema,
    PaymentSchema,
    SimulationSchema,
)
from cowopass.settlement.service import list_months, show_month, show_plan
from cowopass.settlement.simulation import simulate_month
from cowopass.transaction import transaction

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")
network_argument = click.argument("network")
month_argument = click.argument("month", metavar="YYYY-MM")
transfer_option = click.option("--transfer", required=True, help="The id of the transfer.")
id_option = click.option(
    "--id", "payment_id", type=click.UUID, help="An id of your own; the same one counts once."
)


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
        lock_period(session, current_app.extensions["cowopass.config"], network, month)
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


@click.command("pay")
@network_argument
@month_argument
@transfer_option
@click.option("--amount-cents", required=True, type=click.IntRange(min=1), help="In cents.")
@click.option(
    "--on",
    "paid_on",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day on the bank statement, YYYY-MM-DD.",
)
@id_option
@json_option
def pay(  # noqa: PLR0913 (the options of a command)
    network: str,
    month: str,
    transfer: str,
    amount_cents: int,
    paid_on: datetime,
    payment_id: str | None,
    *,
    as_json: bool,
) -> None:
    """Record money seen on a bank statement against a transfer, whole or in part.

    The same command again counts once; for an equal payment of the same day give it an --id.
    """
    bill, day = Bill(network, month, transfer), paid_on.date()
    payment = str(payment_id) if payment_id else id_of_payment(bill, amount_cents, day)
    with transaction() as session:
        recorded = record_payment(session, bill, amount_cents, day, payment)
        state = show_month(session, network, month)["state"]
    _print_recorded(recorded, state, as_json=as_json)


@click.command("pay-all")
@network_argument
@month_argument
@click.option(
    "--on",
    "paid_on",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day on the bank statements, YYYY-MM-DD.",
)
@json_option
def pay_everything(network: str, month: str, paid_on: datetime, *, as_json: bool) -> None:
    """Record that what is left of every transfer of a month was paid on one day."""
    with transaction() as session:
        recorded = pay_all(session, network, month, paid_on.date())
        state = show_month(session, network, month)["state"]
    if as_json:
        print_json(PaymentSchema(many=True), [each.document() for each in recorded])
    else:
        click.echo(f"{len(recorded)} transfers paid; the month is {state}.")


@click.command("write-off")
@network_argument
@month_argument
@transfer_option
@click.option("--reason", required=True, help="Why, for the record.")
@click.option(
    "--borne-by",
    type=click.Choice(["creditor", "fund"]),
    default="creditor",
    help="Who bears the loss.",
)
@click.option(
    "--amount-cents", type=click.IntRange(min=1), help="In cents; without it, all that is left."
)
@id_option
@json_option
def give_up(  # noqa: PLR0913 (the options of a command)
    network: str,
    month: str,
    transfer: str,
    reason: str,
    borne_by: Any,  # noqa: ANN401 (click gives the choices as text)
    amount_cents: int | None,
    payment_id: str | None,
    *,
    as_json: bool,
) -> None:
    """Give up what is left of a transfer, or a part of it."""
    bill = Bill(network, month, transfer)
    payment = str(payment_id) if payment_id else id_of_write_off(bill, amount_cents, reason)
    with transaction() as session:
        recorded = write_off(
            session,
            bill,
            reason=reason,
            borne_by=borne_by,
            amount_cents=amount_cents,
            payment_id=payment,
        )
        state = show_month(session, network, month)["state"]
    _print_recorded(recorded, state, as_json=as_json)


@click.command("simulate")
@network_argument
@month_argument
@click.option(
    "--agreement",
    required=True,
    help="Any of an agreement's fields, as JSON or in a JSON file.",
)
@json_option
def simulate(network: str, month: str, agreement: str, *, as_json: bool) -> None:
    """Try a rule on a real month: positions now and then, side by side. Nothing is written."""
    changes = _read_agreement(agreement)
    with transaction(read_only=True) as session:
        document = simulate_month(session, network, month, changes, "en")
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


def _print_recorded(recorded: Recorded, state: str, *, as_json: bool) -> None:
    document = {**recorded.document(), "state": state}
    if as_json:
        print_json(PaymentSchema(), document)
        return
    what = "paid" if document["kind"] == "payment" else "written off"
    on: date = document["paid_on"]
    click.echo(
        f"{show_amount(document['amount_cents'])} {what} on {on}; "
        f"{show_amount(document['left_cents'])} left; the month is {state}"
    )


COMMANDS: list[click.Command] = [
    period_group,
    pay,
    pay_everything,
    give_up,
    simulate,
    dispute_group,
]
