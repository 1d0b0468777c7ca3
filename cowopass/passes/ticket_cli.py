"""The command that says what a ticket is, and whether it counts."""

from __future__ import annotations

import json

import click
from sqlalchemy.exc import DatabaseError

from cowopass.passes.verdict import Verdict, judge, read_claims
from cowopass.running import current_config
from cowopass.transaction import transaction

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("ticket")
def ticket_group() -> None:
    """Look at tickets."""


@ticket_group.command("show")
@click.argument("token")
@as_json_option
def show_ticket(token: str, *, as_json: bool) -> None:
    """Say what TOKEN is: a compact JWS, or the address in a QR code.

    What it claims is read without a database; whether it counts, with one. Exits with 1 when it
    does not count now.
    """
    claims = read_claims(token)
    verdict = _judge(token)
    if as_json:
        document = {"claims": claims, "code": verdict.code, "verdict": verdict.sentence}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for name, value in claims.items():
            click.echo(f"{name:8} {'-' if value is None else value}")
        click.echo(f"{verdict.code or 'valid':8} {verdict.sentence}")
    if verdict.code is not None:
        raise click.exceptions.Exit(1)


def _judge(token: str) -> Verdict:
    """Return the verdict; where there is no database to ask, say so."""
    try:
        with transaction(read_only=True) as session:
            return judge(session, current_config(), token)
    except DatabaseError:
        return Verdict("unchecked", "There is no database here to check it with: cowopass init.")
