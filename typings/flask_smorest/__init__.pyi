"""The types of what we use of flask-smorest, which has none of its own."""

from collections.abc import Callable
from typing import Any, TypeVar

import flask
from apispec import APISpec
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

_View = TypeVar("_View", bound=Callable[..., Any])
_Shape = type[Schema] | Schema | dict[str, Any]

class Api:
    DEFAULT_ERROR_RESPONSE_NAME: str
    ERROR_SCHEMA: type[Schema]
    spec: APISpec
    _app: flask.Flask
    def __init__(self, app: flask.Flask) -> None: ...

class Blueprint(flask.Blueprint):
    ARGUMENTS_PARSER: FlaskParser
    PAGINATION_HEADER_NAME: str | None
    description: str
    def __init__(
        self, name: str, import_name: str, *, url_prefix: str = ..., description: str = ...
    ) -> None: ...
    def arguments(
        self,
        schema: type[Schema] | Schema,
        *,
        location: str = ...,
        content_type: str | None = ...,
        required: bool = ...,
        description: str | None = ...,
        example: object = ...,
        examples: object = ...,
    ) -> Callable[[_View], _View]: ...
    def response(
        self,
        status_code: int,
        schema: _Shape | None = ...,
        *,
        content_type: str | None = ...,
        description: str | None = ...,
        example: object = ...,
        examples: object = ...,
        headers: dict[str, object] | None = ...,
    ) -> Callable[[Callable[..., object]], Callable[..., flask.Response]]: ...
    def alt_response(
        self,
        status_code: int,
        response: str | None = ...,
        *,
        schema: _Shape | None = ...,
        content_type: str | None = ...,
        description: str | None = ...,
        example: object = ...,
        examples: object = ...,
        headers: dict[str, object] | None = ...,
        success: bool = ...,
    ) -> Callable[[_View], _View]: ...
    def doc(self, **members: object) -> Callable[[_View], _View]: ...
    def register_views_in_doc(
        self, api: Api, app: flask.Flask, spec: APISpec, *, name: str, parameters: object
    ) -> None: ...
