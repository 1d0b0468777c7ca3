"""Legal numbers are judged by libraries that follow the law."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowopass.networks import legal
from cowopass.networks.models import LegalEntity, VatRegime


@pytest.mark.parametrize(
    ("check", "text", "usual"),
    [
        (legal.check_siren, "732 829 320", "732829320"),
        (legal.check_siret, "732 829 320 00074", "73282932000074"),
        (legal.check_vat_number, "fr 40 303 265 045", "FR40303265045"),
        (legal.check_iban, "fr76 3000 4000 0100 0000 0000 136", "FR7630004000010000000000136"),
        (legal.check_bic, "BNPAFRPP", "BNPAFRPP"),
        (legal.check_country, "FR", "FR"),
        (legal.check_currency, "CHF", "CHF"),
    ],
)
def test_what_is_right_is_brought_into_its_usual_form(check, text, usual):
    assert check(text) == usual


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (legal.check_siren, "732829321"),
        (legal.check_siret, "7328293200007"),
        (legal.check_vat_number, "40303265045"),
        (legal.check_iban, "FR7630004000010000000000137"),
        (legal.check_bic, "BNPA"),
        (legal.check_country, "EU"),
        (legal.check_country, "fr"),
        (legal.check_currency, "EURO"),
        (legal.check_currency, "TND"),
    ],
)
def test_what_is_wrong_is_named_in_a_sentence(check, text):
    with pytest.raises(ValueError, match=text):
        check(text)


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text):
    for check in (
        legal.check_siren,
        legal.check_siret,
        legal.check_vat_number,
        legal.check_iban,
        legal.check_bic,
        legal.check_country,
        legal.check_currency,
    ):
        with suppress(ValueError):
            assert check(text)


def test_a_vat_regime_holds_from_its_day_until_the_next():
    entity = LegalEntity(
        name="Openscop",
        vat=[
            VatRegime(regime="franchise", effective_from=date(2026, 1, 1)),
            VatRegime(regime="standard", effective_from=date(2026, 7, 1)),
        ],
    )
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [legal.regime_on(entity, day) for day in days] == [
        None,
        "franchise",
        "franchise",
        "standard",
    ]
