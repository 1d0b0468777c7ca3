"""The command that loads a network file."""

from __future__ import annotations

import json
from typing import BinaryIO

import click

from cowopass.network_file.loading import Loaded, load_document
from cowopass.network_file.reading import parse_document
from cowopass.running import current_config
from cowopass.transaction import transaction


@click.command("load")
@click.argument("file", metavar="FILE.json", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print what changed as JSON.")
def load(file: BinaryIO, *, as_json: bool) -> None:
    """Create or change networks, spaces, prices, plans and agreements as a file says.

    Everything in the file is written, or nothing and a list of what is wrong. The same file again
    changes nothing. FILE.json may be - for standard input.
    """
    document = parse_document(file.read())
    with transaction() as session:
        loaded = load_document(session, current_config(), document)
    if as_json:
        click.echo(json.dumps(loaded.to_json(), indent=2))
    else:
        _print(loaded)


def _print(loaded: Loaded) -> None:
    if not loaded.has_changed:
        click.echo("Nothing changed: all of it is recorded already.")
        return
    for kind, counter in loaded.counts.items():
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counter.items()))
        if told:
            click.echo(f"{kind.ljust(12)}{told}")


COMMANDS: list[click.Command] = [load]
