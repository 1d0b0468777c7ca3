from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, validate

from cowopass import fields
from cowopass.fields import list_errors

LARGEST = 2**31 - 1


@pytest.mark.parametrize("value", [0, 1, 1500, LARGEST])
def test_cents_are_whole_numbers_from_zero_on(value):
    assert fields.Cents().deserialize(value) == value


@pytest.mark.parametrize(
    "value", [True, False, 15.0, 277.5, "1500", -1, LARGEST + 1, 10**400, None, [], {}]
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValidationError):
        fields.Cents().deserialize(value)


def test_cents_take_a_stricter_rule_beside_their_own():
    field = fields.Cents(validate=validate.Range(max=2000))
    assert field.deserialize(1500) == 1500
    for wrong in (2001, -100):
        with pytest.raises(ValidationError):
            field.deserialize(wrong)


def test_an_instant_is_kept_in_utc_and_written_with_a_z():
    instant = fields.Instant().deserialize("2026-11-24T09:30:00+01:00")
    assert instant == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert fields.Instant()._serialize(instant, None, None) == "2026-11-24T08:30:00Z"


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T09:30:00", "2026-11-24", "yesterday", 1_700_000_000, "0001-01-01T00:00:00+23:00"],
)
def test_an_instant_without_a_zone_or_out_of_range_is_refused(text):
    with pytest.raises(ValidationError):
        fields.Instant().deserialize(text)


@pytest.mark.parametrize("slug", ["b", "comptoir-numerique", "tiers-lieu-42", "a" * 60])
def test_a_slug_is_words_joined_by_dashes(slug):
    assert fields.Slug().deserialize(slug) == slug


@pytest.mark.parametrize(
    "slug", ["", "B", "-b", "b-", "a--b", "été", "a b", "a\n", "a_b", "a" * 61, "a>b", 7]
)
def test_what_is_no_slug_is_refused(slug):
    with pytest.raises(ValidationError):
        fields.Slug().deserialize(slug)


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a\tb", "\x00", "a\ud800", "a" * 201, 7, None])
def test_what_is_no_line_of_text_is_refused(text):
    with pytest.raises(ValidationError):
        fields.Text().deserialize(text)


def test_a_line_of_text_is_trimmed():
    assert fields.Text().deserialize("  Le Comptoir  ") == "Le Comptoir"


@pytest.mark.parametrize("text", ["a\x00b", "\udfff"])
def test_text_that_no_database_keeps_is_refused(text):
    with pytest.raises(ValidationError):
        fields.String().deserialize(text)


@pytest.mark.parametrize("month", ["2026-1", "2026-13", "26-01", "2026-01-01", "", "2026-00"])
def test_what_is_no_month_is_refused(month):
    with pytest.raises(ValidationError):
        fields.Month().deserialize(month)


def test_a_unit_is_one_of_three():
    assert fields.Unit().deserialize("half_day") == "half_day"
    with pytest.raises(ValidationError):
        fields.Unit().deserialize("week")


@given(st.uuids())
def test_a_client_id_is_kept_in_small_letters(uuid):
    assert fields.ClientId().deserialize(str(uuid).upper()) == str(uuid)


@pytest.mark.parametrize("text", ["", "1", "not-a-uuid", 12, None, True])
def test_what_is_no_client_id_is_refused(text):
    with pytest.raises(ValidationError):
        fields.ClientId().deserialize(text)


@pytest.mark.parametrize("value", [0, 1, "true", "yes", None])
def test_a_flag_is_true_or_false_and_nothing_like_it(value):
    with pytest.raises(ValidationError):
        fields.Flag().deserialize(value)


def test_nested_messages_become_paths():
    messages = {
        "holder": {"name": ["Missing."], "_schema": ["Wrong."]},
        "rows": {0: {"at": ["Naive."]}},
        "_schema": ["Whole."],
    }
    assert list_errors(messages) == [
        {"path": "holder.name", "message": "Missing."},
        {"path": "holder", "message": "Wrong."},
        {"path": "rows[0].at", "message": "Naive."},
        {"path": "", "message": "Whole."},
    ]
