"""Commands of the operator: the tokens that may act."""

from __future__ import annotations

import json
from typing import get_args

import click

from cowopass.people.access import Role
from cowopass.people.models import ApiToken
from cowopass.people.service import create_token, list_tokens, revoke_token
from cowopass.transaction import transaction


@click.group("token")
def token_group() -> None:
    """Make, list and cut off the tokens that may use the API."""


@token_group.command("create")
@click.option("--role", required=True, type=click.Choice(get_args(Role)), help="What it may do.")
@click.option("--network", help="The network a treasurer's token is limited to.")
@click.option("--space", help="The space a host's or device's token is limited to.")
@click.option("--label", default="", help="Where it is used, to tell it from others in a list.")
def make_token(role: Role, network: str | None, space: str | None, label: str) -> None:
    """Make a token and print it: it can not be read again."""
    with transaction() as session:
        token = create_token(session, role, network=network, space=space, label=label)
    click.echo("Keep it now: it is not shown again.", err=True)
    click.echo(token)


@token_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_tokens(*, as_json: bool) -> None:
    """List the tokens made, oldest first, by their ids; they themselves are not kept."""
    with transaction(read_only=True) as session:
        records = [_record(token) for token in list_tokens(session)]
    if as_json:
        click.echo(json.dumps(records, indent=2))
        return
    for record in records:
        click.echo("  ".join(str(value) for value in record.values() if value))


@token_group.command("revoke")
@click.argument("token_id", metavar="ID")
def cut_off_token(token_id: str) -> None:
    """Cut the token with this ID off, at once and for good."""
    with transaction() as session:
        revoke_token(session, token_id)
    click.echo(f"{token_id} is cut off.")


def _record(token: ApiToken) -> dict[str, str | None]:
    return {
        "id": token.id,
        "role": token.role,
        "network": token.network,
        "space": token.space,
        "label": token.label,
        "created_at": token.created_at.isoformat(),
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }


COMMANDS: list[click.Command] = [token_group]
