"""Commands for what goes to the banks and comes from them."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from cowopass.bank.importing import Imported, Upload, import_statement
from cowopass.bank.listing import Shown, is_to_look_at, list_entries
from cowopass.bank.matched import confirm, ignore
from cowopass.bank.parties import list_parties
from cowopass.bank.payment_files import payment_file, waiting_dues
from cowopass.bank.reminders import send_reminders
from cowopass.bank.schemas import BankImportSchema, EntrySchema
from cowopass.networks.models import Network
from cowopass.output import write_file
from cowopass.running import current_config
from cowopass.settlement.cli import json_option, month_argument, network_argument
from cowopass.settlement.printing import print_json, show_amount
from cowopass.settlement.service import get_month
from cowopass.transaction import transaction

IS_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
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
    write_file(out, content)
    click.echo(out)


@bank_group.command("import")
@click.argument("file", type=IS_THERE)
@click.option("--network", required=True, help="The network whose month is paid.")
@click.option("--account", help="The IBAN of the account; a CSV file needs it.")
@json_option
def import_file(file: Path, network: str, account: str | None, *, as_json: bool) -> None:
    """Import a bank statement: camt.053, or CSV. What has its reference is matched.

    The same file again, or one that overlaps, changes nothing.
    """
    upload = Upload(file.read_bytes(), file.name, account)
    with transaction() as session:
        imported = import_statement(session, network, upload)
    if as_json:
        print_json(BankImportSchema(), imported)
    else:
        _print_imported(imported)


@bank_group.command("entries")
@network_argument
@click.option("--all", "show_all", is_flag=True, help="Those that are settled too.")
@json_option
def show_entries(network: str, *, show_all: bool, as_json: bool) -> None:
    """List the bank entries that wait for a person: to confirm, to ignore, or with a surplus."""
    with transaction(read_only=True) as session:
        shown = list_entries(session, network)
    listed = [each for each in shown if show_all or is_to_look_at(each.entry)]
    if as_json:
        print_json(EntrySchema(many=True), [each.document() for each in listed])
        return
    for each in listed:
        _print_entry(each)


@bank_group.command("confirm")
@network_argument
@click.argument("entry")
@click.option("--transfer", "transfers", multiple=True, help="A transfer it pays; again for more.")
def confirm_entry(network: str, entry: str, transfers: tuple[str, ...]) -> None:
    """Match ENTRY to the transfers named, or as is suggested.

    Where several ways are suggested, name the transfers.
    """
    with transaction() as session:
        confirm(session, network, entry, transfers)
    click.echo(f"{entry} is matched.")


@bank_group.command("ignore")
@network_argument
@click.argument("entry")
def ignore_entry(network: str, entry: str) -> None:
    """Note that ENTRY, or its surplus, pays no transfer; who it names is forgotten."""
    with transaction() as session:
        ignore(session, network, entry)
    click.echo(f"{entry} is ignored.")


@bank_group.command("remind")
@click.option("--network", help="Only this network; else all of them.")
def remind(network: str | None) -> None:
    """Send the reminders of payments that are due today, each once.

    The web service does this by itself; where it does not run all the time, let cron do it.
    """
    config = current_config()
    with transaction() as session:
        slugs = [network] if network else session.scalars(select(Network.slug)).all()
        asked = sum(send_reminders(session, config, slug) for slug in slugs)
    click.echo(f"{asked} transfers asked for.")


def _print_imported(imported: Imported) -> None:
    if not imported.is_new:
        click.echo("This file was imported before.")
    click.echo(
        f"{imported.matched} matched, {imported.bounced} came back, "
        f"{imported.suggested} to confirm, {imported.unmatched} unknown, "
        f"{imported.twins} seen from the other side too, {imported.repeated} known already, "
        f"{imported.unrelated} not of the network and not kept."
    )
    if imported.surplus_cents:
        click.echo(f"{show_amount(imported.surplus_cents)} were paid too much.")
    if imported.suggested or imported.unmatched or imported.surplus_cents:
        click.echo("See `cowopass bank entries`, then `confirm` or `ignore` each.")


def _print_entry(shown: Shown) -> None:
    entry = shown.entry
    surplus = f"  surplus {show_amount(entry.surplus_cents)}" if entry.surplus_cents else ""
    amount = show_amount(entry.amount_cents)
    click.echo(f"{entry.id}  {entry.booked_on}  {amount}  {entry.state}{surplus}  {entry.name}")
    for option in shown.options:
        what = "takes back" if option.is_bounce else "pays"
        click.echo(f"  {what} {' '.join(option.transfers)}")


COMMANDS: list[click.Command] = [bank_group]
