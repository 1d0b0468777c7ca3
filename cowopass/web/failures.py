"""What goes wrong, answered: RFC 9457 problems to programs, a plain page to browsers."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, UnprocessableEntity
from werkzeug.wrappers import Response as WerkzeugResponse

from clearing.errors import ClearingError
from cowopass import logs
from cowopass.errors import CowopassError, TokenRequired
from cowopass.fields import list_errors
from cowopass.problems import PROBLEMS, problem
from wallet.errors import WalletError

Refusal = CowopassError | WalletError | ClearingError

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type_unsupported",
    429: "too_many_requests",
    503: "not_ready",
}
"""The codes of what the framework refuses by itself."""

PROGRAMS = ("/api/", "/.well-known/", "/healthz", "/readyz", "/metrics")
"""Where programs call, which never want a page."""


def register(app: Flask) -> None:
    """Answer refusals, invalid data, the framework's own errors, and what nobody foresaw."""
    for kind in (CowopassError, WalletError, ClearingError):
        app.register_error_handler(kind, answer_refusal)
    app.register_error_handler(ValidationError, answer_invalid)
    app.register_error_handler(HTTPException, answer_http)


def answer_refusal(refusal: Refusal) -> WerkzeugResponse:
    """Answer a refusal by its code, with its facts in the sentence.

    A person who is not signed in is led to where she can, and back afterwards.
    """
    if isinstance(refusal, TokenRequired) and _is_browser():
        asked = request.full_path.removesuffix("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.ask", next=asked), 303)
    facts = vars(refusal)
    members = {"errors": facts["errors"]} if "errors" in facts else {}
    answer = _answer(refusal.code, str(refusal), facts, **members)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def answer_invalid(error: ValidationError) -> Response:
    """Answer data that does not have the shape asked for; each error says where it is."""
    return _answer("data_invalid", errors=list_errors(error.messages))


def answer_http(error: HTTPException) -> WerkzeugResponse:
    """Answer what the framework refuses, with its own headers; a redirect stays one."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    if isinstance(error, UnprocessableEntity):
        by_location: dict[str, Any] = getattr(error, "data", {}).get("messages", {})
        return _answer("data_invalid", errors=list_errors(_merge(by_location)))
    code = CODES.get(error.code or 500)
    if code is None:
        code = "internal_error" if (error.code or 500) >= 500 else "bad_request"
    members: dict[str, Any] = {"reference": logs.reference()} if code == "internal_error" else {}
    answer = _answer(code, **members)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            answer.headers[name] = value
    return answer


def _answer(
    code: str,
    detail: str | None = None,
    facts: dict[str, Any] | None = None,
    **members: Any,  # noqa: ANN401 (as `problem` takes them)
) -> Response:
    answer = problem(code, detail, facts, **members)
    if _is_browser():
        page = render_template("problem.html", problem=answer.get_json(force=True))
        return Response(page, PROBLEMS[code].status, mimetype="text/html")
    return answer


def _is_browser() -> bool:
    """Return whether a person looks at the answer: pages are preferred, outside the API."""
    if request.path.startswith(PROGRAMS):
        return False
    kinds = ["application/problem+json", "text/html"]
    return request.accept_mimetypes.best_match(kinds) == "text/html"


def _merge(by_location: dict[str, Any]) -> dict[str, Any]:
    """Return the messages of body and query alike, without saying which it was."""
    merged: dict[str, Any] = {}
    for messages in by_location.values():
        merged.update(messages if isinstance(messages, dict) else {"": messages})
    return merged
