"""Commands for files out: months, statements, the audit and backups."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app

from cowopass.config import Config
from cowopass.documents.auditing import audit_records
from cowopass.documents.backup import back_up, is_sqlite, postgresql_commands, restore
from cowopass.documents.export import EXPORT_FORMATS, ExportFormat, MonthExport, files_of
from cowopass.documents.findings import findings_to_json, print_findings
from cowopass.documents.output import into_file, into_folder
from cowopass.documents.snapshot import snapshot
from cowopass.documents.statement_files import (
    STATEMENT_FORMATS,
    StatementFormat,
    statement_file,
)
from cowopass.language import LANGUAGES
from cowopass.settlement.cli import json_option, month_argument, network_argument, period_group

FILE = click.Path(dir_okay=False, path_type=Path)
IS_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
        exported = MonthExport(session, _config(), network, month)
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
        content = statement_file(session, _config(), network, month, space, form, language)
    with into_file(out) as file:
        file.write_bytes(content)
    click.echo(out)


@click.command("audit")
@click.option("--network", help="One network alone.")
@json_option
def audit(network: str | None, *, as_json: bool) -> None:
    """Work out every figure again from the records, and say where they do not agree.

    Exits with 1 when they do not.
    """
    with snapshot() as session:
        found = list(audit_records(session, _config(), network, _tell))
    if as_json:
        click.echo(json.dumps(findings_to_json(found), ensure_ascii=False, indent=2))
    else:
        print_findings(found, "the records add up")
    if found:
        raise click.exceptions.Exit(1)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, *, force: bool) -> None:
    """Copy the whole database to FILE, also while the service runs.

    On PostgreSQL it prints the command to use instead, and exits with 2.
    """
    url = _config().database_url
    if not is_sqlite(url):
        _print_command(postgresql_commands(url, file)[0])
    back_up(url, file, force=force)
    click.echo(file)
    click.echo("Keep COWOPASS_SECRET_KEY with it: without it no key in it can sign.", err=True)


@click.command("restore")
@click.argument("file", type=IS_THERE)
@click.option("--force", is_flag=True, help="Lose the records that are there now.")
def restore_backup(file: Path, *, force: bool) -> None:
    """Put the backup FILE in the place of the database, while the service is stopped.

    On PostgreSQL it prints the command to use instead, and exits with 2.
    """
    url = _config().database_url
    if not is_sqlite(url):
        _print_command(postgresql_commands(url, file, force=force)[1])
    revision = restore(url, file, force=force)
    click.echo(f"restored; its tables have version {revision}")
    click.echo(
        "Run `cowopass init` to bring them up to date, `cowopass privacy purge` to forget again "
        "what was forgotten since the backup, then `cowopass audit`.",
        err=True,
    )


def _config() -> Config:
    config: Config = current_app.extensions["cowopass.config"]
    return config


def _tell(progress: str) -> None:
    click.echo(progress, err=True)


def _print_command(command: str) -> None:
    """Print what to run for PostgreSQL. Nothing was done, so it does not count as success."""
    click.echo(
        "PostgreSQL has its own tools for this. Run the command below; it asks for", err=True
    )
    click.echo("the password, or takes it from PGPASSWORD or ~/.pgpass.", err=True)
    click.echo(command)
    raise click.exceptions.Exit(2)


COMMANDS: list[click.Command] = [statement, audit, backup, restore_backup]
