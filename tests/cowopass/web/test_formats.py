"""How pages and papers write what people read."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask_babel import force_locale

from cowopass.web.formats import day, hour, of_month, short_day


@pytest.mark.parametrize(
    ("month", "french", "english"),
    [
        ("2026-10", "d’octobre 2026", "October 2026"),
        ("2026-04", "d’avril 2026", "April 2026"),
        ("2026-08", "d’août 2026", "August 2026"),
        ("2026-11", "de novembre 2026", "November 2026"),
    ],
)
def test_what_belongs_to_a_month_is_said_as_people_say_it(shared_app, month, french, english):
    with shared_app.test_request_context():
        with force_locale("fr"):
            assert of_month(month) == french
        with force_locale("en"):
            assert of_month(month) == english


def test_the_first_of_a_month_is_written_as_each_language_says_it(shared_app):
    with shared_app.test_request_context():
        with force_locale("fr"):
            assert day(date(2020, 12, 1)) == "mardi 1er décembre 2020"
            assert short_day("2020-11-01") == "1er nov."
            assert short_day("2020-11-11") == "11 nov."
        with force_locale("en"):
            assert "1er" not in day(date(2020, 12, 1))


def test_an_hour_is_never_broken_by_a_line(shared_app):
    with shared_app.test_request_context(), force_locale("fr"):
        assert hour(time(9, 5)) == "9\xa0h\xa005"
        assert hour(time(18)) == "18\xa0h"
