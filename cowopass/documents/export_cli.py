"""Commands that write a month and its statements to files."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass.documents.export import EXPORT_FORMATS, ExportFormat, MonthExport, files_of
from cowopass.documents.statement_files import (
    STATEMENT_FORMATS,
    StatementFormat,
    statement_file,
)
from cowopass.language import LANGUAGES
from cowopass.output import into_file, into_folder
from cowopass.running import current_config
from cowopass.settlement.cli import month_argument, network_argument, period_group
from cowopass.transaction import snapshot

FILE = click.Path(dir_okay=False, path_type=Path)


@period_group.command("export")
@network_argument
@month_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(EXPORT_FORMATS),
    default="json",
    help="The month for recomputing (json), spreadsheets (csv), or an accounting program.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write to, made if missing.",
)
def export(network: str, month: str, form: ExportFormat, out: Path) -> None:
    """Write a month to files: for anyone's audit, a spreadsheet, or an accounting program.

    Prints the files' names. Files of the same name are replaced.
    """
    with snapshot() as session:
        exported = MonthExport(session, current_config(), network, month)
        with into_folder(out) as folder:
            exported.write_all(form, folder)
    for name in files_of(form):
        click.echo(out / name)


@click.command("statement")
@network_argument
@month_argument
@click.argument("space")
@click.option(
    "--format",
    "form",
    type=click.Choice(STATEMENT_FORMATS),
    default="json",
    help="With proofs (json), for a spreadsheet (csv), or to print, with both inside (pdf).",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="fr",
    help="The language of a PDF.",
)
@click.option("--out", required=True, type=FILE, help="The file to write.")
def statement(
    network: str, month: str, space: str, form: StatementFormat, language: str, out: Path
) -> None:
    """Write the statement of SPACE: its own lines, and the proof that they are in the month.

    SPACE may also be `fund`, or another network.
    """
    with snapshot() as session:
        content = statement_file(session, current_config(), network, month, space, form, language)
    with into_file(out) as file:
        file.write_bytes(content)
    click.echo(out)


COMMANDS: list[click.Command] = [statement]
