"""Blueprints of the API, and how they read what is sent: strictly, and with limits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn

import flask_smorest
import marshmallow
from flask import Request
from marshmallow import Schema
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from cowopass.errors import JsonInvalid, NestedTooDeep

DEEPEST = 16
"""So many objects and lists may stand in each other; what the API takes needs far fewer."""


class BodyParser(FlaskParser):
    """Reads bodies and queries; an unknown name in either is an error, so that no typo is lost."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 (as webargs has it)
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": marshmallow.RAISE,
    }

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ANN401, ARG002
        """Return the body read as JSON; nothing sent is as good as an empty object.

        Raises JsonInvalid or NestedTooDeep; a body that says it is something else is a 415.
        """
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not is_json(req.mimetype):
            raise UnsupportedMediaType
        return parse_json(body)


class Blueprint(flask_smorest.Blueprint):
    """A feature's part of the API, described in /api/openapi.json."""

    ARGUMENTS_PARSER = BodyParser()
    PAGINATION_HEADER_NAME = None


def parse_json(body: bytes) -> Any:  # noqa: ANN401 (any JSON)
    """Return what JSON text says. Raises JsonInvalid or NestedTooDeep."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise NestedTooDeep(DEEPEST) from error
    except ValueError as error:
        raise JsonInvalid(str(error)) from error
    _check_depth(document)
    return document


def _check_depth(document: Any) -> None:  # noqa: ANN401 (any JSON)
    level = [document]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return
    raise NestedTooDeep(DEEPEST)


def _parts(whole: Any) -> Iterable[Any]:  # noqa: ANN401 (any JSON)
    if isinstance(whole, dict):
        return whole.values()
    return whole if isinstance(whole, list) else ()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
