"""A command that shows who stands behind a space; `cowopass load` writes it."""

from __future__ import annotations

import click

from cowopass.legal.schemas import SpaceLegalSchema
from cowopass.legal.showing import legal_document
from cowopass.settlement.cli import json_option
from cowopass.settlement.printing import print_json
from cowopass.spaces.service import get_space
from cowopass.transaction import transaction


@click.command("legal")
@click.argument("space")
@json_option
def show_legal(space: str, *, as_json: bool) -> None:
    """Show who stands behind SPACE, how its invoices are made and what it lacks."""
    with transaction(read_only=True) as session:
        document = legal_document(session, get_space(session, space))
    if as_json:
        print_json(SpaceLegalSchema(), document)
        return
    side = dict(document["legal"] or {})
    address, regimes = side.pop("address", {}), side.pop("vat", [])
    for name, value in [*side.items(), *address.items()]:
        if value is not None:
            click.echo(f"{name}: {value}")
    for version in regimes:
        click.echo(f"vat: {version['regime']} from {version['effective_from']}")
    if document["lacks"]:
        click.echo(f"{space} lacks {', '.join(document['lacks'])}.", err=True)


COMMANDS: list[click.Command] = [show_legal]
