"""Commands of the operator: the people who sign in. The first treasurer comes in by them."""

from __future__ import annotations

import json

import click

from cowopass.errors import DataInvalid, MembershipUnknown
from cowopass.people.access import caller_with
from cowopass.people.models import Membership
from cowopass.people.passkeys import forget_passkeys
from cowopass.people.signing_in import find_person
from cowopass.people.team import Guest, Post, invite, list_everybody, remove
from cowopass.running import current_config
from cowopass.transaction import transaction

_OPERATOR = caller_with("command", "operator")


@click.group("person")
def person_group() -> None:
    """Invite, list and remove the people who sign in."""


@person_group.command("invite")
@click.argument("email", metavar="EMAIL")
@click.option("--role", required=True, type=click.Choice(["host", "treasurer"]), help="Her role.")
@click.option("--network", help="The network of a treasurer.")
@click.option("--space", help="The space of a host; of a treasurer, the one she belongs to.")
@click.option("--name", default="", help="Her name; without one, what stands before the @.")
@click.option(
    "--language",
    default="fr",
    show_default=True,
    type=click.Choice(["fr", "en"]),
    help="The language of her mails.",
)
def invite_person(
    email: str, role: str, network: str | None, space: str | None, name: str, language: str
) -> None:
    """Give the person with this EMAIL a role, and mail her a link to enter by."""
    own_space = space if role == "treasurer" else None
    guest = Guest(email, name, language, own_space)
    with transaction() as session:
        config = current_config()
        membership = invite(session, config, _OPERATOR, _post(role, network, space), guest)
        person = membership.person
    click.echo(f"{person.email} is {role} of {space if role == 'host' else network}.")


@person_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_people(*, as_json: bool) -> None:
    """List everybody who has a role, by network and space."""
    with transaction(read_only=True) as session:
        records = [_record(membership) for membership in list_everybody(session)]
    if as_json:
        click.echo(json.dumps(records, indent=2))
        return
    for record in records:
        click.echo("  ".join(value for value in record.values() if value))


@person_group.command("remove")
@click.argument("email", metavar="EMAIL")
@click.option("--role", required=True, type=click.Choice(["host", "treasurer"]), help="Her role.")
@click.option("--network", help="The network of a treasurer.")
@click.option("--space", help="The space of a host.")
def remove_person(email: str, role: str, network: str | None, space: str | None) -> None:
    """Take a role away from the person with this EMAIL, at once; not from the last one."""
    with transaction() as session:
        person = find_person(session, email)
        if person is None:
            raise MembershipUnknown(email)
        remove(session, _OPERATOR, _post(role, network, space), person.id)
    click.echo(f"{email} is no longer {role} of {space if role == 'host' else network}.")


@person_group.command("forget-passkeys")
@click.argument("email", metavar="EMAIL")
def forget_passkeys_of(email: str) -> None:
    """Let no passkey of the person with this EMAIL count any more, when she has lost them all."""
    with transaction() as session:
        person = find_person(session, email)
        if person is None:
            raise MembershipUnknown(email)
        removed = forget_passkeys(session, person)
    click.echo(f"{email} has {removed} passkeys less, and adds one after a mailed link.")


def _post(role: str, network: str | None, space: str | None) -> Post:
    """Return the role and place that the options name. Raises DataInvalid."""
    if role == "host":
        if space is None:
            raise DataInvalid([{"path": "space", "message": "a host needs --space"}])
        return Post("host", space)
    if network is None:
        raise DataInvalid([{"path": "network", "message": "a treasurer needs --network"}])
    return Post("treasurer", network)


def _record(membership: Membership) -> dict[str, str | None]:
    accepted_at = membership.accepted_at
    return {
        "email": membership.person.email,
        "name": membership.person.name,
        "role": membership.role,
        "network": membership.network,
        "space": membership.space,
        "accepted_at": accepted_at.isoformat() if accepted_at else None,
    }


COMMANDS: list[click.Command] = [person_group]
