"""Commands of accounting: a month in the books of a space, for its accountant."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass.accounting.service import BOOKS_FORMATS, BooksFormat, books_file
from cowopass.output import write_file
from cowopass.settlement.cli import month_argument, network_argument
from cowopass.transaction import transaction


@click.group("accounting")
def accounting_group() -> None:
    """Write a month's entries for an accountant."""


@accounting_group.command("export")
@network_argument
@month_argument
@click.argument("space")
@click.option(
    "--format",
    "form",
    type=click.Choice(BOOKS_FORMATS),
    default="fec",
    show_default=True,
    help="For a French accounting program (fec), a spreadsheet (csv), or hledger.",
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file."
)
def export(network: str, month: str, space: str, form: BooksFormat, out: Path) -> None:
    """Write a locked month in the books of SPACE to a file, which is replaced if it is there.

    SPACE may also be `fund`, for the fund's holder, or the network itself, for its own ledger.
    """
    with transaction(read_only=True) as session:
        file = books_file(session, network, month, space, form)
    write_file(out, file.content)
    click.echo(out)
    for piece in file.missing:
        click.echo(f"no invoice has a number here: {piece}", err=True)


COMMANDS: list[click.Command] = [accounting_group]
