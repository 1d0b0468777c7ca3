"""Commands for the transfers of a locked month: paid, come back, given up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from cowopass.settlement.payments import (
    Bill,
    Recorded,
    id_of_payment,
    id_of_write_off,
    list_payments,
    pay_all,
    record_bounce,
    record_payment,
    write_off,
)
from cowopass.settlement.printing import print_json, show_amount
from cowopass.settlement.schemas import PaymentSchema, RecordedSchema
from cowopass.settlement.service import show_month
from cowopass.transaction import transaction

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")
network_argument = click.argument("network")
month_argument = click.argument("month", metavar="YYYY-MM")
transfer_option = click.option("--transfer", required=True, help="The id of the transfer.")
id_option = click.option(
    "--id", "payment_id", type=click.UUID, help="An id of your own; the same one counts once."
)

WORDS = {"payment": "paid", "write_off": "written off", "bounce": "came back"}


@click.command("payments")
@network_argument
@month_argument
@json_option
def show_payments(network: str, month: str, *, as_json: bool) -> None:
    """List what was recorded against the transfers of a month, the oldest first."""
    with transaction(read_only=True) as session:
        documents = [each.document() for each in list_payments(session, network, month)]
    if as_json:
        print_json(RecordedSchema(many=True), documents)
        return
    for each in documents:
        amount, what = show_amount(each["amount_cents"]), WORDS[each["kind"]]
        reason = f"  {each['reason']}" if each["reason"] else ""
        click.echo(f"{each['id']}  {each['paid_on']}  {each['transfer']}  {amount} {what}{reason}")


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


@click.command("bounce")
@network_argument
@month_argument
@click.option("--payment", required=True, type=click.UUID, help="The id of the payment.")
@click.option("--reason", required=True, help="Why, as the bank says.")
@click.option(
    "--on",
    "bounced_on",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day on the bank statement, YYYY-MM-DD.",
)
@json_option
def bounce(
    network: str,
    month: str,
    payment: UUID,
    reason: str,
    bounced_on: datetime,
    *,
    as_json: bool,
) -> None:
    """Take back a payment that came back: its transfer lacks it again."""
    with transaction() as session:
        recorded = record_bounce(session, network, month, str(payment), bounced_on.date(), reason)
        state = show_month(session, network, month)["state"]
    _print_recorded(recorded, state, as_json=as_json)


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


def _print_recorded(recorded: Recorded, state: str, *, as_json: bool) -> None:
    document = {**recorded.document(), "state": state}
    if as_json:
        print_json(PaymentSchema(), document)
        return
    on: date = document["paid_on"]
    click.echo(
        f"{show_amount(document['amount_cents'])} {WORDS[document['kind']]} on {on}; "
        f"{show_amount(document['left_cents'])} left; the month is {state}"
    )


COMMANDS: list[click.Command] = [show_payments, pay, pay_everything, bounce, give_up]
