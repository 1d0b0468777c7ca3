"""The commands of the demonstration: load it, and write what a bank would send."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass import clock
from cowopass.demo.bank_statement import write_bank_statement
from cowopass.demo.example import write_files
from cowopass.demo.service import load_demo
from cowopass.errors import DemoForbidden
from cowopass.running import current_config
from cowopass.settlement.cli import month_argument, network_argument
from cowopass.transaction import transaction


@click.group("demo", invoke_without_command=True)
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Load nothing; write the three files of a small month into this folder.",
)
@click.pass_context
def demo(context: click.Context, files: Path | None) -> None:
    """Load two networks with three past months; loading them again changes nothing.

    The spaces and people are invented, but for the Comptoir Numérique, which is told as its keeper
    described it in 2013. Not for production.
    """
    if context.invoked_subcommand is not None:
        return
    if files is not None:
        for path in write_files(files, clock.now().date()):
            click.echo(path)
        return
    config = current_config()
    if config.is_production:
        raise DemoForbidden
    with transaction() as session:
        is_new = load_demo(session, config)
    click.echo("The demonstration is loaded." if is_new else "The demonstration is there already.")


@demo.command("bank-file")
@network_argument
@month_argument
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
def write_bank_file(network: str, month: str, out: Path) -> None:
    """Write a bank statement (camt.053) on which all that a month still lacks has come in.

    To try `cowopass bank import` with. Not for production.
    """
    if current_config().is_production:
        raise DemoForbidden
    with transaction(read_only=True) as session:
        content = write_bank_statement(session, network, month)
    if content is None:
        click.echo("Nothing is left to pay in this month; no file is written.")
        return
    out.write_bytes(content)
    click.echo(out)


COMMANDS: list[click.Command] = [demo]
