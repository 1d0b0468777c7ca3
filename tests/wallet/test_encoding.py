from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.encoding import (
    base32_decode,
    base32_encode,
    base64url_decode,
    base64url_encode,
    pack,
    unpack,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "base32.json").read_text())


@pytest.mark.parametrize("case", VECTORS["bytes"], ids=lambda case: str(case["base32"])[:8])
def test_base32_is_that_of_the_rfc(case: dict[str, str]) -> None:
    data = bytes.fromhex(case["hex"])
    assert base32_encode(data) == case["base32"] == base64.b32encode(data).decode().rstrip("=")
    assert base32_decode(case["base32"]) == base32_decode(case["base32"].lower()) == data


@pytest.mark.parametrize("text", [*VECTORS["not_base32"], "\u017fA", "é", "A" * 9])
def test_what_is_not_base32_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not base32"):
        base32_decode(text)


@pytest.mark.parametrize("case", VECTORS["packed"], ids=lambda case: str(case["hex"])[:8])
def test_segments_are_packed_after_their_lengths(case: dict[str, list[str]]) -> None:
    segments = [bytes.fromhex(one) for one in case["segments"]]
    data = bytes.fromhex("".join(case["hex"]))
    assert pack(segments) == data
    assert unpack(data) == segments


@pytest.mark.parametrize("text", VECTORS["not_packed"])
def test_a_segment_that_is_cut_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a segment is cut"):
        unpack(bytes.fromhex(text))


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_what_is_packed_comes_back(segments: list[bytes]) -> None:
    assert unpack(pack(segments)) == segments


@given(st.binary())
def test_whatever_is_unpacked_packs_to_the_same(data: bytes) -> None:
    with suppress(ValueError):
        assert pack(unpack(data)) == data


@given(st.binary())
def test_bytes_come_back_from_both_encodings(data: bytes) -> None:
    assert base32_decode(base32_encode(data)) == data
    assert base64url_decode(base64url_encode(data)) == data


@given(st.text(st.sampled_from("AaQ9_-=+/ \n\u00e9"), max_size=12) | st.text(max_size=12))
def test_one_text_alone_stands_for_given_bytes(text: str) -> None:
    with suppress(ValueError):
        assert base64url_encode(base64url_decode(text)) == text
    with suppress(ValueError):
        assert base32_encode(base32_decode(text)) == text.upper()


@pytest.mark.parametrize("text", ["YW55Pw==", "YW55Px", "YW55P", "YW 55Pw", "YW+5", "YW/5", "é"])
def test_what_is_not_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not base64url"):
        base64url_decode(text)
