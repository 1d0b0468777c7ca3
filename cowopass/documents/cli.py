"""The command that writes all documents of a month into a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from cowopass.documents.edition import read_edition
from cowopass.documents.folder import DocumentFolder
from cowopass.documents.kinds import Bench, list_documents
from cowopass.documents.lacks import Lack
from cowopass.documents.making import make_all
from cowopass.running import current_config
from cowopass.settlement.cli import json_option, month_argument, network_argument
from cowopass.transaction import transaction


@click.command("documents")
@network_argument
@month_argument
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write to, made if missing.",
)
@json_option
def documents(network: str, month: str, out: Path, *, as_json: bool) -> None:
    """Write all documents of a month: itself, statements, invoices, payments to make.

    Prints the files' names. Documents that are there already, made of the same records, stay as
    they are: a run that was cut short goes on. What can not be made is listed, with who has to
    give what; it does not keep the others from being made.
    """
    config = current_config()
    with transaction() as session:
        bench = Bench(session, config, network, month)
        (wanted, lacks), edition = list_documents(bench), read_edition(bench)
    folder = DocumentFolder(out)
    folder.keep_only(wanted)
    left = [each for each in wanted if not folder.has(each, edition)]
    written = []
    with click.progressbar(
        make_all(config, network, month, left),
        length=len(left),
        label="documents",
        file=sys.stderr,
    ) as made:
        for each, content in made:
            if isinstance(content, bytes):
                written.append(str(folder.write(each, edition, content)))
                continue
            # What was made of other records would no longer be right.
            folder.remove(each.path)
            if content is not None:
                lacks.append(content)
    _print(sorted(written), sorted(lacks), len(wanted) - len(left), as_json=as_json)


def _print(written: list[str], lacks: list[Lack], kept: int, *, as_json: bool) -> None:
    if as_json:
        missing = [{"path": lack.path, "who": lack.who, "what": lack.en} for lack in lacks]
        result = {"written": written, "kept": kept, "missing": missing}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for path in written:
        click.echo(path)
    for lack in lacks:
        click.echo(f"missing: {lack.path}, by {lack.who}: {lack.en}")
    click.echo(f"{len(written)} written, {kept} there already, {len(lacks)} missing", err=True)


COMMANDS: list[click.Command] = [documents]
