from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.encoding import base64url_encode
from wallet.errors import BaseUrlInvalid, NotATicket, TicketMalformed, TokenTooLarge, WalletError
from wallet.text import TEXT_LIMIT, TOKEN_LIMIT, token_from_text, token_to_text

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "base32.json").read_text())
BASE_URL = "https://pass.sainte.example"
SEGMENTS = st.binary(min_size=30, max_size=300).map(base64url_encode)
TICKETS = st.tuples(SEGMENTS, SEGMENTS, SEGMENTS).map(".".join)
PROOFS = st.tuples(*[st.binary(min_size=1, max_size=60).map(base64url_encode)] * 3).map(".".join)
TOKENS = TICKETS | st.tuples(TICKETS, PROOFS).map("~".join)


@pytest.mark.parametrize("case", VECTORS["texts"], ids=lambda case: str(case["base_url"]))
def test_the_text_of_a_token_is_the_same_everywhere(case: dict[str, str]) -> None:
    assert token_to_text(case["token"], case["base_url"]) == case["text"]
    assert token_from_text(case["text"]) == case["token"]


@given(TOKENS)
def test_every_token_comes_back_from_every_form_of_its_text(token: str) -> None:
    text = token_to_text(token, BASE_URL)
    for form in (text, text.lower(), text.partition("#")[2], token, f"\n {token}\t"):
        assert token_from_text(form) == token


@given(TOKENS)
def test_a_text_is_capitals_but_for_one_mark(token: str) -> None:
    address, mark, packed = token_to_text(token, BASE_URL).partition("#")
    assert (address, mark) == ("HTTPS://PASS.SAINTE.EXAMPLE/T", "#")
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_development_addresses_work_too() -> None:
    token = VECTORS["texts"][0]["token"]
    text = token_to_text(token, "http://127.0.0.1:8000")
    assert text.startswith("HTTP://127.0.0.1:8000/T#")
    assert token_from_text(text) == token


@pytest.mark.parametrize(
    "base_url",
    [
        *("", "pass.example", "ftp://pass.example", "https://", "https://a.example/pass"),
        *("https://é.example", "https://a b.example", "https://a.example?b", "https://a.example#"),
        *("https://a.example:port", "https://a_b.example", "https://u@a.example", "https://a//"),
    ],
)
def test_an_address_that_capitals_would_break_is_refused(base_url: str) -> None:
    with pytest.raises(BaseUrlInvalid) as caught:
        token_to_text("e30.e30.AQ", base_url)
    assert caught.value.base_url == base_url


@given(st.text(st.sampled_from("aAbB2-_.~=#/: \nſK"), max_size=400) | st.text())
def test_what_is_read_is_a_token_of_three_parts_or_six_or_refused(text: str) -> None:
    with suppress(WalletError):
        assert token_from_text(text).count(".") in {2, 4}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("A" * (TEXT_LIMIT + 1), TEXT_LIMIT),
        (f"eyJ.A.{'A' * (TOKEN_LIMIT - 5)}", TOKEN_LIMIT),
    ],
)
def test_a_text_above_its_limit_is_not_read(text: str, limit: int) -> None:
    with pytest.raises(TokenTooLarge) as caught:
        token_from_text(text)
    assert (caught.value.length, caught.value.limit) == (len(text), limit)


def test_the_largest_token_fits_in_the_largest_text() -> None:
    token = f"eyJ{'A' * 1361}.{'A' * 340}.{'A' * 342}"
    assert len(token) == TOKEN_LIMIT
    assert token_from_text(token_to_text(token, f"https://{'h' * 255}")) == token


def test_a_larger_token_is_refused_in_a_qr_code_too() -> None:
    with pytest.raises(TokenTooLarge) as caught:
        token_from_text(token_to_text(f"eyJ{'A' * 1365}.{'A' * 340}.{'A' * 342}", BASE_URL))
    assert caught.value.limit == TOKEN_LIMIT


@pytest.mark.parametrize("text", ["", " ", "HELLO", "a.b", "9KC5-R2YV", "~eyJ", "é.e.e", "ab#"])
def test_what_was_never_a_ticket_is_not_called_a_damaged_one(text: str) -> None:
    with pytest.raises(NotATicket):
        token_from_text(text)


@pytest.mark.parametrize(
    "text",
    ["eyJ", "eyJ~", "eyJhIjoxfQ.e30", "eyJ.a.b.c.d", "eyJ.a.b~", "eyJ.a.b~c.d", "A" * 101],
)
def test_what_looks_like_a_ticket_is_a_damaged_one(text: str) -> None:
    with pytest.raises(TicketMalformed):
        token_from_text(text)


@given(TOKENS, st.data())
def test_no_two_texts_carry_one_token(token: str, data: Any) -> None:
    """Stray bits are refused, so a changed text is another token or none."""
    text = token_to_text(token, BASE_URL)
    at = data.draw(st.integers(len(BASE_URL) + 3, len(text) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(text[at].__ne__))
    with suppress(WalletError):
        assert token_from_text(text[:at] + letter + text[at + 1 :]) != token
