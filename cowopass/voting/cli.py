"""Commands on votes: listing and showing them, proposing, voting, counting."""

from __future__ import annotations

import json
from typing import Any

import click
from marshmallow import ValidationError

from cowopass.errors import DataInvalid, JsonInvalid
from cowopass.fields import list_errors
from cowopass.people.access import caller_with
from cowopass.running import current_config
from cowopass.settlement.printing import print_json, print_table
from cowopass.settlement.service import get_network
from cowopass.transaction import transaction
from cowopass.voting.clerk import do_due
from cowopass.voting.closing import close_early
from cowopass.voting.requests import draft_of
from cowopass.voting.rules import CHOICES, KINDS
from cowopass.voting.schemas import STATES, ProposalSchema, ProposeSchema
from cowopass.voting.service import cast_vote, get_proposal, list_proposals, open_proposal
from cowopass.voting.showing import proposal_document

_OPERATOR = caller_with("command", "operator")
"""Who can run commands on this instance may do everything."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")


@click.group("vote")
def vote_group() -> None:
    """Propose a change, vote on it for a space, and count."""


@vote_group.command("list")
@click.argument("network")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@json_option
def list_all(network: str, state: str | None, *, as_json: bool) -> None:
    """List what NETWORK votes on, or did, the latest first."""
    with transaction(read_only=True) as session:
        get_network(session, network)
        documents = [proposal_document(one) for one in list_proposals(session, network, state)]
    if as_json:
        print_json(ProposalSchema(many=True), documents)
        return
    rows = [
        (
            str(document["id"]),
            str(document["state"]),
            str(document["kind"]),
            str(document["effective_on"]),
            document["closes_at"].isoformat(),
            f"{len(document['votes'])} of {sum(map(len, document['electorate'].values()))}",
        )
        for document in documents
    ]
    print_table(("id", "state", "kind", "effective_on", "closes_at", "voted"), rows)


@vote_group.command("show")
@click.argument("proposal")
@json_option
def show(proposal: str, *, as_json: bool) -> None:
    """Show a proposal: its text, its figures, who voted, and what came of it."""
    with transaction(read_only=True) as session:
        _print(proposal_document(get_proposal(session, proposal)), as_json=as_json)


@vote_group.command("propose")
@click.argument("network")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--text", required=True, help="What is proposed, in words that all can read.")
@click.option("--from", "effective_from", help="A month for a rule, else a day. The earliest.")
@click.option("--as", "author_space", help="The space that proposes; else the treasurer does.")
@click.option("--agreement", help="Of a rule: the fields that change, as '{\"levy_bps\": 300}'.")
@click.option("--charter", help="How the network votes, as '{\"quorum_bps\": 5000}'.")
@click.option("--space", help="Whose membership it is about.")
@click.option("--name", help="Of a space that joins.")
@click.option("--email", help="Of who will be the first host of a space that joins.")
@click.option("--sold-days", help="Of one that leaves: honoured, bought_back or refunded.")
@json_option
def propose(network: str, kind: str, *, as_json: bool, **options: str | None) -> None:
    """Open a vote in NETWORK on a change of a KIND."""
    body: dict[str, Any] = {"network": network, "kind": kind}
    for name, value in options.items():
        if value is not None:
            body[name] = _object(value) if name in {"agreement", "charter"} else value
    try:
        draft = draft_of(ProposeSchema().load(body))
    except ValidationError as error:
        raise DataInvalid(list_errors(error.messages)) from error
    with transaction() as session:
        opened, _ = open_proposal(session, current_config(), _OPERATOR, draft)
        _print(proposal_document(opened), as_json=as_json)


@vote_group.command("cast")
@click.argument("proposal")
@click.argument("choice", type=click.Choice(CHOICES))
@click.option("--space", required=True, help="Whose vote it is.")
@json_option
def cast(proposal: str, choice: Any, space: str, *, as_json: bool) -> None:  # noqa: ANN401
    """Vote on PROPOSAL for a space; until the closing its last vote counts."""
    with transaction() as session:
        found = cast_vote(session, _OPERATOR, proposal, space, choice)
        _print(proposal_document(found), as_json=as_json)


@vote_group.command("close")
@click.argument("proposal", required=False)
@json_option
def close(proposal: str | None, *, as_json: bool) -> None:
    """Count every vote whose time is over, send the reminders and end the passes that are due.

    With PROPOSAL, count that one, also before its time where every space has voted. To run again
    changes nothing.
    """
    with transaction() as session:
        if proposal is not None:
            counted = [close_early(session, current_config(), _OPERATOR, proposal)]
        else:
            counted = do_due(session, current_config())
        documents = [proposal_document(one) for one in counted]
    if as_json:
        print_json(ProposalSchema(many=True), documents)
        return
    for document in documents:
        click.echo(f"{document['id']} {document['state']}")


def _print(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(ProposalSchema(), document)
        return
    click.echo(f"{document['id']} {document['kind']}, {document['state']}")
    click.echo(document["text"])
    click.echo(f"effective on {document['effective_on']}: {json.dumps(document['details'])}")
    click.echo(f"closes at {document['closes_at'].isoformat()}")
    for month in document["what_if"]:
        for row in month["positions"]:
            click.echo(f"  {row['sentences']['en']}")
    for space, choice in document["votes"].items():
        click.echo(f"  {space}: {choice or 'voted'}")
    if document["result"]:
        click.echo(f"result {json.dumps(document['result'])}")


def _object(text: str) -> Any:  # noqa: ANN401 (any JSON)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise JsonInvalid(str(error)) from error


COMMANDS = (vote_group,)
