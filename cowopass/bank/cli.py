"""Commands for what goes to the banks and comes from them."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass.bank.parties import list_parties
from cowopass.bank.payment_files import payment_file, waiting_dues
from cowopass.settlement.cli import month_argument, network_argument
from cowopass.settlement.printing import show_amount
from cowopass.settlement.service import get_month
from cowopass.transaction import transaction

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("bank")
def bank_group() -> None:
    """Write files for the spaces' banks, and read what comes from them."""


@bank_group.command("payment-file")
@network_argument
@month_argument
@click.argument("space")
@click.option("--out", required=True, type=FILE, help="The file to write.")
def write_payment_file(network: str, month: str, space: str, out: Path) -> None:
    """Write what SPACE still owes of a month as a file for its bank (pain.001.001.09).

    SPACE may also be `fund`. Where it owes nothing, no file is written.
    """
    with transaction(read_only=True) as session:
        content = payment_file(session, network, month, space)
        found = get_month(session, network, month)
        waiting = waiting_dues(found.dues, space, list_parties(session, found.network))
    for due in waiting:
        amount = show_amount(due.left_cents)
        click.echo(f"{amount} to the network {due.creditor} wait until both have locked.", err=True)
    if content is None:
        click.echo(f"{space} owes nothing that can be paid from here; no file is written.")
        return
    out.write_bytes(content)
    click.echo(out)


COMMANDS: list[click.Command] = [bank_group]
