"""The command that loads the demonstration."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from cowopass import clock
from cowopass.demo.example import write_files
from cowopass.demo.service import load_demo
from cowopass.errors import DemoForbidden
from cowopass.transaction import transaction


@click.command("demo")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Load nothing; write the three files of a small month into this folder.",
)
def demo(files: Path | None) -> None:
    """Load two networks with three past months; loading them again changes nothing.

    The spaces and people are invented, but for the Comptoir Numérique, which is told as its keeper
    described it in 2013. Not for production.
    """
    if files is not None:
        for path in write_files(files, clock.now().date()):
            click.echo(path)
        return
    config = current_app.extensions["cowopass.config"]
    if config.is_production:
        raise DemoForbidden
    with transaction() as session:
        is_new = load_demo(session, config)
    click.echo("The demonstration is loaded." if is_new else "The demonstration is there already.")


COMMANDS: list[click.Command] = [demo]
