"""The command that reads a file of visits into a network."""

from __future__ import annotations

import csv
import gc
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cowopass.csvfile import cell_of
from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.visits_file import BATCH_ROWS, Outcome, batches, read_visits
from cowopass.transaction import transaction

REPORT_HEADER = ("line", "id", "code", "message")

SHOWN = 20
"""So many refusals are printed; a report keeps them all."""


@click.command("load-check-ins")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--network", required=True, help="Network whose spaces were visited.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Keep the refused rows in this CSV file (line,id,code,message).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def load_check_ins(file: Path, network: str, report: Path | None, *, as_json: bool) -> None:
    """Record the visits of a CSV FILE: id,pass_reference,home,space,at,unit,kind.

    Rows met before change nothing, so a run that was cut short is simply run again. Exits with 1
    when the file could not be read to its end.
    """
    counts: Counter[str] = Counter()
    is_cut = False
    with _progress(file) as advance, _reporting(report) as refuse:
        for outcome in _outcomes(file, Scope(network), advance):
            counts[outcome.status] += 1
            is_cut = is_cut or outcome.code == "csv_unreadable"
            if outcome.status == "refused":
                refuse(outcome)
    _print_counts(counts, as_json=as_json)
    if is_cut:
        raise click.exceptions.Exit(1)


def _outcomes(file: Path, scope: Scope, advance: Callable[[int], None]) -> Iterator[Outcome]:
    """Record the file batch by batch, each in a transaction of its own.

    A batch is a great many small values and no cycles: looking for those less often saves time.
    """
    gc.set_threshold(BATCH_ROWS * 20, 20, 20)
    with file.open("rb") as stream:
        for batch in batches(read_visits(stream, advance)):
            with transaction() as session:
                outcomes = import_batch(session, scope, batch)
            yield from outcomes


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """Show on standard error how much of the file is read."""
    size = file.stat().st_size
    with click.progressbar(length=size, file=sys.stderr, label=file.name) as bar:
        yield bar.update


@contextmanager
def _reporting(report: Path | None) -> Iterator[Callable[[Outcome], None]]:
    """Give a function that keeps a refusal: in the report, or the first ones on the screen."""
    if report is None:
        yield _on_screen()
        return
    with report.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(REPORT_HEADER)
        yield lambda refused: writer.writerow(
            map(cell_of, (refused.line, refused.id, refused.code, refused.message))
        )


def _on_screen() -> Callable[[Outcome], None]:
    shown: list[int] = []

    def show(refused: Outcome) -> None:
        shown.append(refused.line)
        if len(shown) <= SHOWN:
            click.echo(f"line {refused.line}: {refused.code}: {refused.message}", err=True)
        elif len(shown) == SHOWN + 1:
            click.echo("… more were refused; --report FILE.csv keeps them all.", err=True)

    return show


def _print_counts(counts: Counter[str], *, as_json: bool) -> None:
    document: dict[str, Any] = {
        status: counts[status] for status in ("accepted", "refused", "repeated")
    }
    if as_json:
        click.echo(json.dumps(document))
    else:
        click.echo(", ".join(f"{count} {status}" for status, count in document.items()))


COMMANDS: list[click.Command] = [load_check_ins]
