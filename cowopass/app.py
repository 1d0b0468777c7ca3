"""The application: configuration, database, blueprints, commands and errors put together."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from cowopass import cli, language, logs, operations, web
from cowopass.config import Config, read_config
from cowopass.database import make_engine

API = (
    "networks.api",
    "networks.wellknown",
    "spaces.api",
    "passes.api",
    "desk.api",
    "desk.import_api",
    "settlement.api",
    "settlement.dispute_api",
    "documents.api",
)
PAGES = ("spaces.pages", "desk.pages", "passes.pages")


class Service(Flask):
    """A Flask that logs what nobody foresaw under the reference that the answer tells."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 (as Flask has it)
        """Write the failure to the structured log."""
        logs.log_failure(exc_info)


def create_app(config: Config | None = None) -> Flask:
    """Return a WSGI application. Without a configuration it reads the environment.

    Raises ConfigurationInvalid or BaseUrlTooLong, with what to do.
    """
    config = config or read_config()
    app = Service("cowopass")
    app.json = DefaultJSONProvider(app)
    app.json.sort_keys = False
    app.config["SECRET_KEY"] = config.secret_key
    app.extensions["cowopass.config"] = config
    app.extensions["cowopass.engine"] = make_engine(config.database_url)
    logs.register(app, as_json=config.is_production)
    operations.register(app)
    language.register(app)
    api = web.register(app)
    for name in API:
        if blueprint := _interim(name):
            api.register_blueprint(blueprint)
    for name in PAGES:
        if blueprint := _interim(name):
            app.register_blueprint(blueprint)
    cli.register(app)
    return app


def _interim(name: str) -> Any:
    """Interim, while features are being written."""
    try:
        return importlib.import_module(f"cowopass.{name}").blueprint
    except (ImportError, AttributeError) as error:
        if importlib.util.find_spec(f"cowopass.{name}"):
            print(f"interim: cowopass.{name} skipped: {error}", file=sys.stderr)
        return None
