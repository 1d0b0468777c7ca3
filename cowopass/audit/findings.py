"""What commands print of the findings of a verification or an audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from clearing.document import Finding

MOST_SHOWN = 100
"""Findings printed without --json: one broken rule can break a million lines."""


def findings_to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return all findings, as `--json` prints them."""
    return {"findings": [finding._asdict() for finding in findings]}


def print_findings(findings: Sequence[Finding], all_is_well: str) -> None:
    """Print the first findings one a line, and how many there are; or that all is well."""
    if not findings:
        click.echo(f"findings: none, {all_is_well}")
        return
    click.echo(f"findings: {len(findings)}")
    for code, where, message in findings[:MOST_SHOWN]:
        click.echo(f"{code} {where}: {message}")
    if len(findings) > MOST_SHOWN:
        click.echo(f"and {len(findings) - MOST_SHOWN} more (--json shows all)")
