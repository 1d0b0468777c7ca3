"""Commands on the signing keys of networks."""

from __future__ import annotations

import json
from typing import Any

import click

from cowopass.networks.keys import compromise_key, describe_keys, rotate_key
from cowopass.networks.schemas import KeySchema
from cowopass.running import current_config
from cowopass.transaction import transaction

network_option = click.option("--network", required=True, help="The network the key signs for.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("key")
def key_group() -> None:
    """Show the keys that sign tickets; replace one in time, or at once when it was stolen."""


@key_group.command("list")
@click.option("--network", help="Only the keys of this network.")
@json_option
def list_keys(network: str | None, *, as_json: bool) -> None:
    """List the keys, oldest first."""
    with transaction(read_only=True) as session:
        keys = describe_keys(session, network)
    if as_json:
        click.echo(json.dumps(KeySchema(many=True).dump(keys), indent=2))
    else:
        _print_keys(keys)


@key_group.command("rotate")
@network_option
@click.option("--now", "at_once", is_flag=True, help="Let it sign at once, not in 30 days.")
def rotate(network: str, *, at_once: bool) -> None:
    """Make the next key. It is published now, so that desks know it before it signs."""
    with transaction() as session:
        key = rotate_key(session, current_config(), network, at_once=at_once)
    click.echo(f"{key.kid} signs for {network} from {key.signs_from:%Y-%m-%d %H:%M} UTC on.")


# A base64url id may begin with a dash, and is no option then.
@key_group.command("compromise", context_settings={"ignore_unknown_options": True})
@network_option
@click.argument("kid")
def compromise(kid: str, network: str) -> None:
    """Declare the key KID stolen: of its tickets, only those we issued still count."""
    with transaction() as session:
        config = current_config()
        key = compromise_key(session, config, kid, network)
        signing = [one for one in describe_keys(session, network) if one["state"] == "signing"]
    click.echo(f"{key.kid} counts as stolen since {key.compromised_at:%Y-%m-%d %H:%M} UTC.")
    for one in signing:
        click.echo(f"{one['kid']} signs for {network}.")


def _print_keys(keys: list[dict[str, Any]]) -> None:
    for key in keys:
        click.echo(
            f"{key['kid']}  {key['network']}  {key['state']}"
            f"  signs from {key['signs_from']:%Y-%m-%d}"
        )


COMMANDS: list[click.Command] = [key_group]
