"""The description of the API, /api/openapi.json, and a page to try it, /api/docs."""

from __future__ import annotations

from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import flask_smorest
import flask_swagger_ui
from flask import (
    Blueprint,
    Flask,
    Response,
    jsonify,
    make_response,
    render_template,
    send_from_directory,
)
from flask_smorest.utils import prepare_response
from marshmallow import Schema

from cowopass import fields
from cowopass.web import blueprint as web
from cowopass.web.limits import content_security_policy

DESCRIPTION = """
The way into Cowopass for a space's own software. Money is integer cents, tax included. Instants
are ISO 8601 with a zone, days are local dates of the network. Errors are RFC 9457 problems with a
stable `code`. A write that may be repeated carries an id made by the client: the same id with the
same body returns the first result.
"""
SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"

docs = Blueprint("docs", __name__, url_prefix="/api/docs")


class ProblemErrorSchema(Schema):
    """What is wrong with one field."""

    path = fields.String(required=True, metadata={"example": "holder.name"})
    message = fields.String(required=True, metadata={"example": "Missing data."})


class ProblemSchema(Schema):
    """An RFC 9457 problem; `title` is a sentence to read aloud, in French or in English."""

    type = fields.String(required=True, metadata={"example": "urn:cowopass:problem:no_units_left"})
    title = fields.String(required=True, metadata={"example": "Ce pass est épuisé."})
    status = fields.Integer(required=True, metadata={"example": 422})
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"example": "/api/v1/check-ins"})
    code = fields.String(required=True, metadata={"example": "no_units_left"})
    errors = fields.List(fields.Nested(ProblemErrorSchema))


class Api(flask_smorest.Api):
    """Describes the blueprints registered on it; errors are problems, answered by `failures`.

    The description is made when it is first asked for: it takes a third of a second, and commands
    and tests start an application without ever reading it.
    """

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[web.Blueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blueprint: web.Blueprint) -> None:
        """Serve a feature's part of the API, and describe it later."""
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)

    def describe(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        with self._describing:
            while self._undescribed:
                blueprint = self._undescribed.pop(0)
                blueprint.register_views_in_doc(
                    self, self._app, self.spec, name=blueprint.name, parameters=None
                )
                self.spec.tag({"name": blueprint.name, "description": blueprint.description})
        document: dict[str, Any] = self.spec.to_dict()
        return document

    def _openapi_json(self) -> Response:
        return jsonify(self.describe())

    def _register_error_handlers(self) -> None:
        """Leave errors to `failures`, which also answers browsers."""

    def _register_responses(self) -> None:
        """Describe every status of a failure as a problem, which is no plain JSON."""
        failures = {status.name: status.phrase for status in HTTPStatus if status >= 400}
        for name, phrase in {**failures, self.DEFAULT_ERROR_RESPONSE_NAME: "A problem"}.items():
            response = {"description": phrase, "schema": ProblemSchema}
            prepare_response(response, self.spec, "application/problem+json")
            self.spec.components.response(name, response, lazy=True)


def register(app: Flask) -> Api:
    """Serve the description and the page; return what blueprints are registered on."""
    app.config.update(
        API_TITLE="Cowopass",
        API_VERSION=version("cowopass"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS={
            "info": {
                "description": DESCRIPTION.strip(),
                "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
            },
            "security": [{"bearer": []}],
        },
    )
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    app.register_blueprint(docs)
    return api


@docs.get("")
def show_docs() -> Response:
    """Show the page to try the API; its library writes styles into the page, so these may be."""
    answer = make_response(render_template("api_docs.html"))
    answer.headers["Content-Security-Policy"] = content_security_policy(inline_styles=True)
    return answer


@docs.get("/<name>")
def serve_file(name: str) -> Response:
    """Serve a file of Swagger UI, from the installed package and no other host."""
    return send_from_directory(SWAGGER_FILES, name, max_age=86_400)
