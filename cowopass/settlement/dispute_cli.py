"""Commands on disputes: listing them, and deciding."""

from __future__ import annotations

import click

from cowopass.ledger.disputes import Decision
from cowopass.people.access import caller_with
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.dispute_schemas import STATES, DisputeSchema, ThreadSchema
from cowopass.settlement.dispute_thread import find_dispute, read_thread, say, thread_document
from cowopass.settlement.disputes import dispute_document, list_disputes
from cowopass.settlement.printing import print_json, print_table
from cowopass.transaction import transaction

_OPERATOR = caller_with("command", "operator")
"""Who can run commands on this instance may do everything."""

_ALL = 1_000_000

reason_option = click.option("--reason", required=True, help="Why; both spaces read it.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")


@click.group("dispute")
def dispute_group() -> None:
    """List the lines that spaces contest, and decide."""


@dispute_group.command("list")
@click.argument("network")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@json_option
def list_all(network: str, state: str | None, *, as_json: bool) -> None:
    """List the disputes of NETWORK, oldest first."""
    with transaction(read_only=True) as session:
        found, _ = list_disputes(session, _OPERATOR, network, state=state, limit=_ALL)
        documents = [dispute_document(dispute) for dispute in found]
    if as_json:
        print_json(DisputeSchema(many=True), documents)
        return
    names = ("id", "state", "on", "unit", "home", "host", "reason")
    print_table(
        names, [tuple(str(document[name] or "?") for name in names) for document in documents]
    )


@dispute_group.command("uphold")
@click.argument("dispute")
@reason_option
@json_option
def uphold(dispute: str, reason: str, *, as_json: bool) -> None:
    """Uphold a dispute: the line falls."""
    _decide(dispute, "upheld", reason, as_json=as_json)


@dispute_group.command("refuse")
@click.argument("dispute")
@reason_option
@json_option
def refuse(dispute: str, reason: str, *, as_json: bool) -> None:
    """Refuse a dispute: the line stands."""
    _decide(dispute, "refused", reason, as_json=as_json)


@dispute_group.command("show")
@click.argument("dispute")
@json_option
def show(dispute: str, *, as_json: bool) -> None:
    """Show all that was said in DISPUTE, the oldest first."""
    with transaction(read_only=True) as session:
        thread = read_thread(session, find_dispute(session, _OPERATOR, dispute))
        document = thread_document(thread)
    if as_json:
        print_json(ThreadSchema(), document)
        return
    for said in document["said"]:
        who = said["space"] or said["side"]
        click.echo(f"{said['at']:%Y-%m-%d %H:%M}  {said['kind']}  {who}: {said['text']}")
    if document["days_left"] is not None:
        click.echo(f"answers are awaited until {document['answer_by']}")


@dispute_group.command("answer")
@click.argument("dispute")
@click.option("--text", required=True, help="What to say; everyone concerned reads it.")
def answer(dispute: str, text: str) -> None:
    """Say something in DISPUTE, as who runs the instance."""
    with transaction() as session:
        message, _ = say(session, _OPERATOR, dispute, text)
        click.echo(message.id)


def _decide(dispute: str, decision: Decision, reason: str, *, as_json: bool) -> None:
    with transaction() as session:
        document = dispute_document(decide(session, _OPERATOR, dispute, decision, reason))
    if as_json:
        print_json(DisputeSchema(), document)
    else:
        click.echo(f"{document['id']} is {document['state']}")
