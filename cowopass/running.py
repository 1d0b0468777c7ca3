"""What the running application works with: its settings and its database."""

from __future__ import annotations

from flask import Flask, current_app
from sqlalchemy import Engine

from cowopass.config import Config
from cowopass.database import make_engine


def equip(app: Flask, config: Config) -> None:
    """Give an application its settings, and an engine for the database they name."""
    app.extensions["cowopass.config"] = config
    app.extensions["cowopass.engine"] = make_engine(config.database_url)


def current_config() -> Config:
    """Return the settings of the running application."""
    config: Config = current_app.extensions["cowopass.config"]
    return config


def current_engine() -> Engine:
    """Return the engine of the running application."""
    engine: Engine = current_app.extensions["cowopass.engine"]
    return engine
