"""The shell of HTTP that every feature shares, and that knows none of them."""

from __future__ import annotations

from flask import Flask

from cowopass.web import csrf, failures, formats, forms, limits, openapi, rates
from cowopass.web.blueprint import Blueprint
from cowopass.web.openapi import Api

__all__ = ["Api", "Blueprint", "register"]


def register(app: Flask) -> Api:
    """Give an application limits, headers, formats, error answers and a description of its API.

    Blueprints are registered on what is returned, so that they are described.
    """
    limits.register(app)
    csrf.register(app)
    formats.register(app)
    forms.register(app)
    failures.register(app)
    rates.register(app)
    return openapi.register(app)
