"""The scanner: the page, and the worker that keeps it for when there is no network."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.desk.occupancy import show_occupancy
from cowopass.host.frame import Desk, desk_of
from cowopass.host.sale import plans_on_sale, sales_after_refusal
from cowopass.host.scan_words import scan_words
from cowopass.language import spoken_language
from cowopass.spaces.models import Space
from cowopass.spaces.seats import pie_of
from cowopass.transaction import transaction
from cowopass.web.limits import content_security_policy

blueprint = Blueprint("scan", __name__, url_prefix="/desk")

STATIC = Path(__file__).parents[1] / "static"
KEPT = (
    "tokens.css",
    "ground.css",
    "controls.css",
    "icon.svg",
    "parts/lines.css",
    "host/*.css",
    "host/*.js",
    "ticket/*.js",
    "vendor/idb/*.js",
    "vendor/barcode-detector/*",
    "vendor/fonts/*.woff2",
)
"""What the worker keeps: all that the page loads. The reader of codes is a megabyte, once."""


@blueprint.get("/<slug>")
def scanner(slug: str) -> Response:
    """Show the scanner of a space to its host, or on a device of it."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug, device_may=True)
        seats = show_occupancy(session, slug)
        told = _told(session, desk)
    pie = pie_of(seats["present"], seats["capacity"])
    page = render_template("host/scan.html", desk=desk, told=told, seats=seats, pie=pie)
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = content_security_policy(wasm=True)
    # The worker keeps a copy of its own; a page in a shared cache would outlive a sign-out.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/worker.js")
def worker() -> Response:
    """Serve the worker, whose text changes whenever a file that it keeps does."""
    files = _kept_files()
    script = (STATIC / "host" / "worker.js").read_text(encoding="utf-8")
    kept = {
        "version": _version(files, script),
        "files": [f"/static/{name}" for name in files],
        "colours": "/spaces.css",
    }
    text = f"const KEPT = {json.dumps(kept)};\n{script}"
    answer = Response(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _told(session: Session, desk: Desk) -> dict[str, Any]:
    """Return what the page's scripts have to know; it names no holder, since it is kept."""
    spaces = session.scalars(select(Space).order_by(Space.slug))
    return {
        "space": desk.space.slug,
        "timezone": desk.network.timezone,
        "currency": desk.network.currency,
        "language": spoken_language(),
        "spaces": {space.slug: space.name for space in spaces},
        "sales": _sales(session, desk),
        "words": scan_words(),
    }


def _sales(session: Session, desk: Desk) -> list[dict[str, str]]:
    """Return what to sell after a refusal: nothing on a device, which does desk work only."""
    if not desk.caller.serves(desk.space.slug, "host"):
        return []
    return sales_after_refusal(plans_on_sale(session, desk.space.slug), desk.network.currency)


def _kept_files() -> list[str]:
    """Return the files that the worker keeps, as paths under `static/`."""
    found = {path for pattern in KEPT for path in STATIC.glob(pattern)}
    return sorted(path.relative_to(STATIC).as_posix() for path in found if path.name != "worker.js")


def _version(files: list[str], script: str) -> str:
    """Return what changes when any kept file does."""
    digest = sha256(script.encode())
    for name in files:
        digest.update(name.encode() + (STATIC / name).read_bytes())
    return digest.hexdigest()[:16]
