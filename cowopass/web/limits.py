"""What may come in, and the headers that go out with every answer."""

from __future__ import annotations

import re

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from cowopass.running import current_config
from cowopass.web.vendor import IMPORT_MAP_HASH

KIB = 1024
BODY_LIMIT = 64 * KIB
BATCH_LIMIT = 16 * KIB * KIB
BATCH_PATHS = re.compile(
    r"/api/v1/check-ins/(batch|import)|/api/v1/networks/[^/]+/bank-files|/treasury/[^/]+/bank"
)
"""Where a body may be large: a journal kept offline, a file of visits, a bank statement."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


def register(app: Flask) -> None:
    """Hold every request to the limits, and send every answer with the headers."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.before_request(check_request)
    app.after_request(add_headers)


def check_request() -> None:
    """Refuse a body that is too large before it is read, and text no database can look up."""
    limit = BATCH_LIMIT if BATCH_PATHS.fullmatch(request.path) else BODY_LIMIT
    # A body sent in chunks would be cut at the limit without a word: read one byte more.
    request.max_content_length = limit + 1
    length = request.content_length
    if (len(request.get_data()) if length is None else length) > limit:
        raise RequestEntityTooLarge
    if "\0" in request.path:
        raise BadRequest


def add_headers(answer: Response) -> Response:
    """Add the security headers; what a view has set itself stays."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", content_security_policy())
    if request.path.startswith("/api/v1"):
        answer.headers.setdefault("Cache-Control", "no-store")
    if current_config().is_production:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer


def content_security_policy(*, inline_styles: bool = False, wasm: bool = False) -> str:
    """Return a policy under which a page loads from this host alone and runs nothing inline.

    The import map of `web.vendor` is the one thing inline. `wasm` lets a page compile
    WebAssembly, which the scanner reads codes with.
    """
    styles = "'self' 'unsafe-inline'" if inline_styles else "'self'"
    scripts = f"'self' '{IMPORT_MAP_HASH}'" + (" 'wasm-unsafe-eval'" if wasm else "")
    return (
        f"default-src 'self'; script-src {scripts}; style-src {styles}; "
        "img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
