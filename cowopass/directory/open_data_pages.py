"""The open data: a page that tells what there is, and the files. Open to anyone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

from flask import Blueprint, Response, abort, render_template

from cowopass import clock
from cowopass.csvfile import write_table
from cowopass.directory.open_data import DATASETS, LICENCE, Row
from cowopass.directory.suppression import SMALLEST
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("open_data", __name__, url_prefix="/open-data")

FRESH_SECONDS = 600
"""How long others may keep a file."""

MIMETYPES = {"csv": "text/csv", "json": "application/json"}


@blueprint.get("")
def show() -> str:
    """Tell what data is open, under which licence, and what is left out of it."""
    return render_template("directory/open_data.html", licence=LICENCE, smallest=SMALLEST)


@blueprint.get("/<name>.<any(csv, json):kind>")
def download(name: str, kind: str) -> Response:
    """Serve a table whole, as CSV or as JSON."""
    if name not in DATASETS:
        abort(404)
    dataset = DATASETS[name]
    with transaction(read_only=True) as session:
        rows = [_written(row) for row in dataset.rows(session)]
    text = _csv(dataset.columns, rows) if kind == "csv" else _json(name, rows)
    answer = Response(text, mimetype=MIMETYPES[kind])
    answer.cache_control.public = True
    answer.cache_control.max_age = FRESH_SECONDS
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Link"] = f'<{LICENCE["url"]}>; rel="license"'
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    return answer


def _written(row: Row) -> Row:
    """Return a row with its days as ISO dates."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def _csv(columns: Iterable[str], rows: list[Row]) -> str:
    """Return a table for spreadsheets; lists and objects are JSON in their cell."""
    stream = StringIO()
    flat = ({name: _cell(value) for name, value in row.items()} for row in rows)
    write_table(stream, list(columns), flat)
    return stream.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401 (a value of any column)
    is_nested = isinstance(value, list | dict)
    return json.dumps(value, ensure_ascii=False) if is_nested else value


def _json(name: str, rows: list[Row]) -> str:
    document = {
        "licence": LICENCE,
        "source": current_config().base_url,
        "generated_at": clock.now().isoformat(timespec="seconds"),
        name: rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
