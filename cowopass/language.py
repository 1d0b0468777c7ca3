"""The interface speaks French first and English second.

Texts stand in French in templates and code; `translations/` has their English, a catalogue for
each room of the service.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from flask_babel import Babel

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).parent / "translations"
COOKIE = "lang"
YEAR_SECONDS = 365 * 86_400


def spoken_language() -> str:
    """Return the language of the present request.

    What `?lang=` asks for, else what it asked for last, else the browser's, else French.
    """
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return str(asked)
    return request.accept_languages.best_match(LANGUAGES, "fr") or "fr"


def remember_language(answer: Response) -> Response:
    """Keep the language that this request asked for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and not request.path.startswith("/api/"):
        answer.set_cookie(
            COOKIE, str(asked), max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure
        )
    return answer


def catalogue_names() -> list[str]:
    """Return the names of the catalogues, one a room."""
    return sorted(path.stem for path in CATALOGUES.glob("en/LC_MESSAGES/*.po"))


def register(app: Flask) -> None:
    """Let templates translate and format in the language of the request."""
    names = catalogue_names()
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    app.config["BABEL_DOMAIN"] = ";".join(names)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([str(CATALOGUES)] * len(names))
    Babel(app, locale_selector=spoken_language)
    app.jinja_env.globals["spoken_language"] = spoken_language
    app.after_request(remember_language)
