"""The interface speaks French first and English second.

Texts stand in French in templates and code; `translations/` has their English, a catalogue for
each room of the service.
"""

from __future__ import annotations

from functools import cached_property
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations
from flask import Flask, Response, request
from flask_babel import Babel, Domain

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).parent / "translations"
COOKIE = "lang"
YEAR_SECONDS = 365 * 86_400


class FrenchTexts(NullTranslations):
    """The texts as they stand in the code: in French none is singular, unlike in English."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the singular of a text for none or one, else its plural."""
        return msgid1 if abs(n) < 2 else msgid2


class FromFrench(Domain):  # type: ignore[misc]  # untyped
    """The catalogues; what they lack, and French lacks all of them, is said in French."""

    def get_translations(self) -> Translations:
        """Return the texts of the present language."""
        translations: Translations = super().get_translations()
        if translations._fallback is None:  # noqa: SLF001 (gettext has no other way to ask)
            translations.add_fallback(FrenchTexts())
        return translations


class Speech(Babel):  # type: ignore[misc]  # untyped
    """Flask-Babel, whose own texts would be English where a catalogue has none."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The catalogues of the service."""
        return FromFrench(domain=self.domain)


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
    Speech(app, locale_selector=spoken_language)
    app.jinja_env.globals["spoken_language"] = spoken_language
    app.after_request(remember_language)
