"""The command that verifies files of months, with no database and no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from clearing.chain import verify_chain
from clearing.document import Finding
from clearing.errors import ClearingError
from cowopass.audit.attached import read_document, read_json
from cowopass.audit.findings import findings_to_json, print_findings
from cowopass.audit.verifying import Verdict, read_jwks, verify_document
from cowopass.errors import DocumentUnreadable
from cowopass.settlement.cli import json_option

IS_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("files", metavar="FILE...", type=IS_THERE, nargs=-1, required=True)
@click.option(
    "--keys",
    "keys_file",
    type=IS_THERE,
    help="The network's published keys (/.well-known/jwks.json); else those in each file itself.",
)
@json_option
def verify(files: tuple[Path, ...], keys_file: Path | None, *, as_json: bool) -> None:
    """Verify statements or exported months, with no database and no network.

    A FILE is JSON, or a PDF that has one attached. Of several, also that each month names the root
    of the one before: a past that was rewritten shows. Exits with 1 when anything in them does not
    hold.
    """
    verdicts = [(file, _verify(file, keys_file)) for file in files]
    chain = verify_chain(verdict.head for _, verdict in verdicts if verdict.head is not None)
    if as_json:
        shown = _to_json(verdicts, chain, keys_file)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _print_all(verdicts, chain, keys_file)
    if chain or any(verdict.findings for _, verdict in verdicts):
        raise click.exceptions.Exit(1)


def _verify(file: Path, keys_file: Path | None) -> Verdict:
    document = read_document(file)
    named = keys_file or file
    keys = read_json(keys_file) if keys_file else _embedded_keys(document)
    try:
        trusted = read_jwks(keys)
        named = file
        return verify_document(document, trusted)
    except ClearingError as error:
        raise DocumentUnreadable(str(named), str(error)) from error


def _embedded_keys(document: object) -> object:
    found = document.get("jwks") if isinstance(document, dict) else None
    return {"keys": []} if found is None else found


def _print_all(
    verdicts: Sequence[tuple[Path, Verdict]], chain: list[Finding], keys_file: Path | None
) -> None:
    if len(verdicts) == 1:
        _print_verdict(verdicts[0][1], keys_file)
        return
    for file, verdict in verdicts:
        click.echo(f"{file}:")
        _print_verdict(verdict, keys_file)
        click.echo()
    click.echo("chain:")
    print_findings(chain, "each month names the root of the one before")


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
    print_findings(verdict.findings, "everything holds")


def _to_json(
    verdicts: Sequence[tuple[Path, Verdict]], chain: list[Finding], keys_file: Path | None
) -> dict[str, Any]:
    """Return one verdict, or several by file with what is wrong with their chain."""
    if len(verdicts) == 1:
        return _verdict_to_json(verdicts[0][1], keys_file)
    return {
        "files": [
            {"file": str(file), **_verdict_to_json(verdict, keys_file)}
            for file, verdict in verdicts
        ],
        "chain": findings_to_json(chain),
    }


def _verdict_to_json(verdict: Verdict, keys_file: Path | None) -> dict[str, Any]:
    return {
        "facts": verdict.facts,
        "signed_by": verdict.signed_by,
        "issuer": verdict.issuer,
        "keys": "given" if keys_file else "embedded",
        **findings_to_json(verdict.findings),
    }


COMMANDS: list[click.Command] = [verify]
