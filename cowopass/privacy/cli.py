"""Commands of privacy: the purge, and a holder's data told or erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cowopass.errors import OutputExists, OutputUnwritable
from cowopass.privacy.records import as_json, erase, export_of, find_holder
from cowopass.privacy.service import Purged, purge
from cowopass.privacy.wiping import wipe
from cowopass.running import current_engine
from cowopass.transaction import transaction, trial


@click.group("privacy")
def privacy_group() -> None:
    """Forget what was kept for long enough; tell or erase what is held on a holder."""


@privacy_group.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
def purge_all(*, dry_run: bool, as_json_: bool) -> None:
    """Forget whose the visits were of months locked three months ago, and what else is over.

    Run it daily, and after each restore; again, it changes nothing.
    """
    with trial() if dry_run else transaction() as session:
        purged = purge(session)
    if not dry_run:
        wipe(current_engine())
    if as_json_:
        click.echo(json.dumps(_document(purged, dry_run=dry_run), indent=2))
    else:
        _print(purged, dry_run=dry_run)


@privacy_group.command("export")
@click.argument("holder", metavar="HOLDER")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file that only you may read; else it is printed.",
)
def export(holder: str, out: Path | None) -> None:
    """Tell everything that is held on HOLDER, as JSON.

    HOLDER is her id, that of one of her passes, or her e-mail address.
    """
    with transaction(read_only=True) as session:
        told = as_json(export_of(session, find_holder(session, holder)))
    if out is None:
        click.echo(told)
    else:
        _write(out, told)
        click.echo(out)


@privacy_group.command("erase")
@click.argument("holder", metavar="HOLDER")
@click.option("--end-passes", is_flag=True, help="End her passes too; nothing is paid back.")
def erase_holder(holder: str, *, end_passes: bool) -> None:
    """Forget the name, the address and the guests of HOLDER, for good.

    HOLDER is her id, that of one of her passes, or her e-mail address. Sales and charges stay,
    without her name.
    """
    with transaction() as session:
        found = find_holder(session, holder)
        erase(session, found, end_passes=end_passes)
    wipe(current_engine())
    click.echo(f"{found.id} is erased.")


def _write(out: Path, text: str) -> None:
    try:
        out.touch(mode=0o600, exist_ok=False)
        out.write_text(text + "\n", encoding="utf-8")
    except FileExistsError as error:
        raise OutputExists(str(out)) from error
    except OSError as error:
        raise OutputUnwritable(str(out), error.strerror or str(error)) from error


def _document(purged: Purged, *, dry_run: bool) -> dict[str, Any]:
    months = [month._asdict() for month in purged.months]
    return {"dry_run": dry_run, "months": months, **purged.others}


def _print(purged: Purged, *, dry_run: bool) -> None:
    for month in purged.months:
        key = ", key destroyed" if month.key_destroyed else ""
        click.echo(
            f"{month.network} {month.month}: {month.check_ins} check-ins without names, "
            f"{month.words} reasons blanked{key}"
        )
    for name, count in purged.others.items():
        if count:
            click.echo(f"{name.replace('_', ' ')}: {count}")
    if not purged.months and not any(purged.others.values()):
        click.echo("Nothing has been kept for too long.")
    elif dry_run:
        click.echo("Nothing was changed.")


COMMANDS: list[click.Command] = [privacy_group]
