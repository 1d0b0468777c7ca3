"""The interface speaks French first and English second.

Texts stand in French in templates and code; `translations/` has their English.
"""

from __future__ import annotations

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = ("fr", "en")


def spoken_language() -> str:
    """Return the language of the present request: `?lang=`, else the browser's, else French."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(LANGUAGES, "fr") or "fr"


def register(app: Flask) -> None:
    """Let templates translate and format in the language of the request."""
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    Babel(app, locale_selector=spoken_language)
    app.jinja_env.globals["spoken_language"] = spoken_language
