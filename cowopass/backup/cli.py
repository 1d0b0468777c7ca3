"""Commands that copy the database to a file, and put such a copy back."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass.backup.service import back_up, is_sqlite, postgresql_commands, restore
from cowopass.running import current_config

FILE = click.Path(dir_okay=False, path_type=Path)
IS_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, *, force: bool) -> None:
    """Copy the whole database to FILE, also while the service runs.

    On PostgreSQL it prints the command to use instead, and exits with 2.
    """
    url = current_config().database_url
    if not is_sqlite(url):
        _print_command(postgresql_commands(url, file)[0])
    back_up(url, file, force=force)
    click.echo(file)
    click.echo("Keep COWOPASS_SECRET_KEY with it: without it no key in it can sign.", err=True)


@click.command("restore")
@click.argument("file", type=IS_THERE)
@click.option("--force", is_flag=True, help="Lose the records that are there now.")
def restore_backup(file: Path, *, force: bool) -> None:
    """Put the backup FILE in the place of the database, while the service is stopped.

    On PostgreSQL it prints the command to use instead, and exits with 2.
    """
    url = current_config().database_url
    if not is_sqlite(url):
        _print_command(postgresql_commands(url, file, force=force)[1])
    revision = restore(url, file, force=force)
    click.echo(f"restored; its tables have version {revision}")
    click.echo(
        "Run `cowopass init` to bring them up to date, `cowopass privacy purge` to forget again "
        "what was forgotten since the backup, then `cowopass audit`.",
        err=True,
    )


def _print_command(command: str) -> None:
    """Print what to run for PostgreSQL. Nothing was done, so it does not count as success."""
    click.echo(
        "PostgreSQL has its own tools for this. Run the command below; it asks for", err=True
    )
    click.echo("the password, or takes it from PGPASSWORD or ~/.pgpass.", err=True)
    click.echo(command)
    raise click.exceptions.Exit(2)


COMMANDS: list[click.Command] = [backup, restore_backup]
