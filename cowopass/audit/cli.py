"""The command that audits the records."""

from __future__ import annotations

import json

import click

from cowopass.audit.findings import findings_to_json, print_findings
from cowopass.audit.service import audit_records
from cowopass.running import current_config
from cowopass.settlement.cli import json_option
from cowopass.transaction import snapshot


@click.command("audit")
@click.option("--network", help="One network alone.")
@json_option
def audit(network: str | None, *, as_json: bool) -> None:
    """Work out every figure again from the records, and say where they do not agree.

    Exits with 1 when they do not.
    """
    config = current_config()
    with snapshot() as session:
        found = list(audit_records(session, config, network, _tell))
    if as_json:
        click.echo(json.dumps(findings_to_json(found), ensure_ascii=False, indent=2))
    else:
        print_findings(found, "the records add up")
    if found:
        raise click.exceptions.Exit(1)


def _tell(progress: str) -> None:
    click.echo(progress, err=True)


COMMANDS: list[click.Command] = [audit]
