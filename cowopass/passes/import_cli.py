"""The command that reads a file of passes into a network."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from cowopass.csvfile import cell_of
from cowopass.passes.importing import Outcome, batches, load_batch, read_sales
from cowopass.transaction import transaction

REPORT_HEADER = ("line", "reference", "code", "message")


@click.command("load-passes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--network", required=True, help="Network whose spaces sold them.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the refused rows in this CSV file (line,reference,code,message).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def load_passes(file: Path, network: str, report: Path | None, *, as_json: bool) -> None:
    """Record the passes of FILE.

    A CSV file: reference,home,plan,holder_name,holder_email,starts_on,price_paid_cents.
    Rows met before change nothing, so a run that was cut short, or a file that was mended, is
    simply run again. Exits with 1 when the file could not be read to its end.
    """
    if report is not None:
        _write_report(report, [])
    counts: Counter[str] = Counter()
    refusals: list[Outcome] = []
    for outcome in _outcomes(file, network):
        counts[outcome.status] += 1
        if outcome.status == "refused":
            refusals.append(outcome)
            click.echo(f"line {outcome.line}: {outcome.code}: {outcome.message}", err=True)
    if report is not None:
        _write_report(report, refusals)
    _print_counts(counts, as_json=as_json)
    if any(refused.code == "csv_unreadable" for refused in refusals):
        raise click.exceptions.Exit(1)


def _outcomes(file: Path, network: str) -> Iterator[Outcome]:
    """Record the file batch by batch, each in a transaction of its own."""
    with file.open("rb") as stream:
        for batch in batches(read_sales(stream)):
            with transaction() as session:
                outcomes = load_batch(session, network, batch)
            yield from outcomes


def _write_report(report: Path, refusals: list[Outcome]) -> None:
    """Write the refused rows; also called first of all, to know that they can be written."""
    try:
        with report.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(REPORT_HEADER)
            writer.writerows(
                map(cell_of, (one.line, one.reference, one.code, one.message)) for one in refusals
            )
    except OSError as error:
        raise click.FileError(str(report), error.strerror) from error


def _print_counts(counts: Counter[str], *, as_json: bool) -> None:
    document = {status: counts[status] for status in ("accepted", "refused", "repeated")}
    if as_json:
        click.echo(json.dumps(document))
    else:
        click.echo(", ".join(f"{count} {status}" for status, count in document.items()))


COMMANDS: list[click.Command] = [load_passes]
