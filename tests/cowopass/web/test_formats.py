"""How pages and papers write what people read."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from cowopass.web.formats import of_month


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
