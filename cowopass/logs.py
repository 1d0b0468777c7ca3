"""Structured logs on standard error. No token, no name, no query string ever goes into them."""

from __future__ import annotations

import secrets
import sys
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, request
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

log = structlog.get_logger()


def register(app: Flask, *, as_json: bool) -> None:
    """Log each request by its route, under a reference that a failure's answer tells."""
    configure(as_json=as_json)
    app.before_request(begin_request)
    app.after_request(log_request)


def configure(*, as_json: bool) -> None:
    """Write logs as lines of JSON, or as lines for a person."""
    if as_json:
        last: list[Any] = [
            structlog.processors.format_exc_info,
            drop_details,
            structlog.processors.JSONRenderer(),
        ]
    else:
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def drop_details(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop from tracebacks the lines in which PostgreSQL quotes the row at fault."""
    lines = str(event.get("exception", "")).splitlines()
    if lines:
        event["exception"] = "\n".join(line for line in lines if not line.startswith("DETAIL:"))
    return event


def begin_request() -> None:
    """Give the request a reference, and note when it began."""
    clear_contextvars()
    bind_contextvars(reference=secrets.token_hex(6))
    request.environ["cowopass.began"] = perf_counter()


def log_request(answer: Response) -> Response:
    """Log what was asked for by its route: the path itself may name somebody's pass."""
    log.info(
        "request",
        method=request.method,
        route=route_name(),
        status=answer.status_code,
        milliseconds=round(elapsed_seconds() * 1000, 1),
    )
    return answer


def reference() -> str:
    """Return the reference of the present request, by which its log lines are found."""
    return str(get_contextvars().get("reference", ""))


def route_name() -> str:
    """Return the route of the present request, as `/api/v1/passes/<pass_id>`."""
    return request.url_rule.rule if request.url_rule else "none"


def elapsed_seconds() -> float:
    """Return for how long the present request has been running."""
    began = request.environ.get("cowopass.began")
    return perf_counter() - began if began else 0.0


def log_failure(exc_info: Any) -> None:  # noqa: ANN401 (what sys.exc_info returns)
    """Log what nobody foresaw, with its traceback."""
    log.error("failure", method=request.method, route=route_name(), exc_info=exc_info)
