"""How commands print passes and write pictures of tickets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast, get_args

import click
from marshmallow import Schema
from sqlalchemy.orm import Session

from cowopass.passes.models import Ticket
from cowopass.passes.paper import draw
from cowopass.passes.tickets import Picture
from cowopass.running import current_config


def form_of(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Check that a picture's file name ends with a form we draw; a click callback."""
    if path is not None and path.suffix[1:] not in get_args(Picture):
        raise click.BadParameter("the file's name must end with .png, .svg or .pdf")
    return path


def write_picture(session: Session, ticket: Ticket, path: Path) -> None:
    """Write a ticket's picture in the form that the file's name ends with."""
    form = cast(Picture, path.suffix[1:])
    picture = draw(session, current_config(), ticket, form)
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error


def print_answer(schema: Schema, answer: dict[str, Any], *, as_json: bool) -> None:
    """Print an answer: as JSON, or a line a fact, with the token alone on the last line."""
    document = schema.dump(answer)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    token = (document.get("ticket") or {}).pop("token", None)
    for name, value in _flat(document):
        click.echo(f"{name:18} {value}")
    if token:
        click.echo(token)


def print_list(schema: Schema, answers: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print passes: as JSON, or a line each."""
    documents = schema.dump(answers)
    if as_json:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    for one in documents:
        left = "no limit" if one["units_left"] is None else f"{one['units_left']} left"
        facts = (one["state"], left, one["valid_until"], one["plan"], one["holder"]["name"])
        click.echo("  ".join((one["id"], *facts)))


def _flat(document: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return the facts of a document that are there, nested names joined by a dot."""
    flat: list[tuple[str, Any]] = []
    for name, value in document.items():
        if isinstance(value, dict):
            flat += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            for number, item in enumerate(value, start=1):
                flat += _flat(item, f"{prefix}{name}.{number}.")
        elif value is not None:
            flat.append((prefix + name, value))
    return flat
