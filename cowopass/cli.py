"""The command `cowopass`: what every feature's commands share."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, has_app_context
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from clearing.errors import ClearingError
from cowopass import migration
from cowopass.accounting import cli as accounting
from cowopass.acts.actor import COMMAND, let_act
from cowopass.audit import cli as audit
from cowopass.audit import verify_cli as verifying
from cowopass.backup import cli as backup
from cowopass.bank import cli as bank
from cowopass.demo import cli as demo
from cowopass.desk import cli as desk
from cowopass.desk import import_cli as imports
from cowopass.documents import cli as documents
from cowopass.documents import export_cli as exports
from cowopass.errors import CowopassError
from cowopass.invoicing import cli as invoicing
from cowopass.lan import cli as lan
from cowopass.legal import cli as legal
from cowopass.mail import cli as mail
from cowopass.network_file import cli as network_file
from cowopass.networks import cli as networks
from cowopass.passes import cli as passes
from cowopass.people import cli as tokens
from cowopass.people import person_cli as people
from cowopass.privacy import cli as privacy
from cowopass.running import current_engine
from cowopass.settlement import cli as settlement
from cowopass.voting import cli as votes
from wallet.errors import WalletError

FEATURES = (
    networks,
    mail,
    tokens,
    people,
    passes,
    desk,
    imports,
    settlement,
    invoicing,
    legal,
    bank,
    votes,
    privacy,
    accounting,
    network_file,
    exports,
    documents,
    audit,
    verifying,
    backup,
    demo,
    lan,
)

ALONE = {"verify", "lan"}
"""Commands that work without an instance of the service: no database, no settings."""


class Root(click.Group):
    """Says in one sentence why a command failed, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (as click has it)
        """Run the command; a refusal, a file in the way or a missing table is no traceback."""
        try:
            return super().invoke(ctx)
        except (CowopassError, WalletError, ClearingError) as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except OSError as error:
            raise click.ClickException(_sentence(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"The database does not do it: {error.orig}. If it is new or of an earlier "
                "version, run `cowopass init`."
            ) from error


@click.group("cowopass", cls=Root)
@click.pass_context
def root(context: click.Context) -> None:
    """Sell coworking passes, check them in, and settle the month between spaces."""
    let_act(COMMAND)
    if has_app_context() or context.invoked_subcommand in ALONE:
        return
    script = context.ensure_object(ScriptInfo)
    context.with_resource(script.load_app().app_context())


@root.command("init")
def init() -> None:
    """Create the database, or bring it up to this version; nothing in it is lost."""
    migration.upgrade(current_engine())
    click.echo(f"The database is ready (revision {migration.head()}).")


for _feature in FEATURES:
    for _command in _feature.COMMANDS:
        root.add_command(_command)


def register(app: Flask) -> None:
    """Let `flask --app wsgi cowopass …` run the same commands."""
    app.cli.add_command(root)


def main() -> None:
    """Run the console script. The application imports this module, so it is named, not imported."""
    root.main(prog_name="cowopass", obj=ScriptInfo("cowopass.app:create_app"))


def _sentence(error: OSError) -> str:
    """Return what the system refused, with the file it is about."""
    return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
