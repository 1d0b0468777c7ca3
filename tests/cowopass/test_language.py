"""How the interface counts: French has no plural for none, English has one."""

from __future__ import annotations

import pytest
from flask import render_template_string
from flask_babel import ngettext

TEXT = "{{ ngettext('%(num)d visiteur', '%(num)d visiteurs', count) }}"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("fr", 0, "0 visiteur"),
        ("fr", 1, "1 visiteur"),
        ("fr", 2, "2 visiteurs"),
        ("en", 0, "0 visitors"),
        ("en", 1, "1 visitor"),
    ],
)
def test_none_is_singular_in_french_and_plural_in_english(app, language, count, said):
    with app.test_request_context(f"/?lang={language}"):
        assert ngettext("%(num)d visiteur", "%(num)d visiteurs", count) == said
        assert render_template_string(TEXT, count=count) == said


def test_a_text_without_english_is_said_in_french(app):
    with app.test_request_context("/?lang=en"):
        assert ngettext("%(num)d ruban", "%(num)d rubans", 0) == "0 ruban"
