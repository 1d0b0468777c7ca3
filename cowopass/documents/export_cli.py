"""Commands for files out: months, statements, their verification, the audit and backups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app

from clearing.document import Finding
from clearing.errors import ClearingError
from cowopass.config import Config
from cowopass.documents.auditing import audit_records
from cowopass.documents.backup import back_up, is_sqlite, postgresql_commands, restore
from cowopass.documents.export import EXPORT_FORMATS, ExportFormat, MonthExport, files_of
from cowopass.documents.output import into_file, into_folder
from cowopass.documents.snapshot import snapshot
from cowopass.documents.statements import (
    STATEMENT_FORMATS,
    StatementFormat,
    read_statement,
    write_statement,
)
from cowopass.documents.verifying import Verdict, read_jwks, verify_document
from cowopass.errors import DocumentUnreadable
from cowopass.settlement.cli import json_option, month_argument, network_argument, period_group

MOST_SHOWN = 100
"""Findings printed without --json: one broken rule can break a million lines."""

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
    help="With proofs (json), or for a spreadsheet (csv).",
)
@click.option("--out", required=True, type=FILE, help="The file to write.")
def statement(network: str, month: str, space: str, form: StatementFormat, out: Path) -> None:
    """Write the statement of SPACE: its own lines, and the proof that they are in the month.

    SPACE may also be `fund`, or another network.
    """
    with snapshot() as session:
        document = read_statement(session, _config(), network, month, space)
    with into_file(out) as file, file.open("w", encoding="utf-8", newline="") as stream:
        write_statement(stream, document, form)
    click.echo(out)


@click.command("verify")
@click.argument("file", type=IS_THERE)
@click.option(
    "--keys",
    "keys_file",
    type=IS_THERE,
    help="The network's published keys (/.well-known/jwks.json); else those in the file itself.",
)
@json_option
def verify(file: Path, keys_file: Path | None, *, as_json: bool) -> None:
    """Verify a statement or an exported month, with no database and no network.

    Exits with 1 when anything in it does not hold.
    """
    verdict = _verify(file, keys_file)
    if as_json:
        click.echo(json.dumps(_verdict_to_json(verdict, keys_file), ensure_ascii=False, indent=2))
    else:
        _print_verdict(verdict, keys_file)
    if verdict.findings:
        raise click.exceptions.Exit(1)


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
        rows = [finding._asdict() for finding in found]
        click.echo(json.dumps({"findings": rows}, ensure_ascii=False, indent=2))
    else:
        _print_findings(found, "the records add up")
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
    click.echo("Run `cowopass init` to bring them up to date, then `cowopass audit`.", err=True)


def _config() -> Config:
    config: Config = current_app.extensions["cowopass.config"]
    return config


def _tell(progress: str) -> None:
    click.echo(progress, err=True)


def _verify(file: Path, keys_file: Path | None) -> Verdict:
    document = _read_json(file)
    named = keys_file or file
    keys = _read_json(keys_file) if keys_file else _embedded_keys(document)
    try:
        trusted = read_jwks(keys)
        named = file
        return verify_document(document, trusted)
    except ClearingError as error:
        raise DocumentUnreadable(str(named), str(error)) from error


def _embedded_keys(document: object) -> object:
    found = document.get("jwks") if isinstance(document, dict) else None
    return {"keys": []} if found is None else found


def _read_json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DocumentUnreadable(str(file), f"it is no whole JSON file ({error})") from error


def _print_verdict(verdict: Verdict, keys_file: Path | None) -> None:
    for fact in verdict.facts:
        click.echo(fact)
    if verdict.signed_by:
        click.echo(f"signed by the key {verdict.signed_by} of {verdict.issuer}")
    if verdict.signed_by and keys_file is None:
        click.echo(
            "That key came in the file itself, so the signature only shows that the file agrees "
            f"with itself. Compare the key with those at {verdict.issuer}/.well-known/jwks.json, "
            "or verify again with --keys and that file."
        )
    _print_findings(verdict.findings, "everything holds")


def _verdict_to_json(verdict: Verdict, keys_file: Path | None) -> dict[str, Any]:
    return {
        "facts": verdict.facts,
        "signed_by": verdict.signed_by,
        "issuer": verdict.issuer,
        "keys": "given" if keys_file else "embedded",
        "findings": [finding._asdict() for finding in verdict.findings],
    }


def _print_findings(findings: list[Finding], all_is_well: str) -> None:
    if not findings:
        click.echo(f"findings: none, {all_is_well}")
        return
    click.echo(f"findings: {len(findings)}")
    for code, where, message in findings[:MOST_SHOWN]:
        click.echo(f"{code} {where}: {message}")
    if len(findings) > MOST_SHOWN:
        click.echo(f"and {len(findings) - MOST_SHOWN} more (--json shows all)")


def _print_command(command: str) -> None:
    """Print what to run for PostgreSQL. Nothing was done, so it does not count as success."""
    click.echo(
        "PostgreSQL has its own tools for this. Run the command below; it asks for", err=True
    )
    click.echo("the password, or takes it from PGPASSWORD or ~/.pgpass.", err=True)
    click.echo(command)
    raise click.exceptions.Exit(2)


COMMANDS: list[click.Command] = [statement, verify, audit, backup, restore_backup]
