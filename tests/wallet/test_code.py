from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.code import ALPHABET, CODES, LENGTH, make_code, read_code, show_code
from wallet.errors import CodeInvalid

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "codes.json").read_text())
NUMBERS = st.integers(0, CODES - 1)
PLACES = st.integers(0, LENGTH - 1)


@pytest.mark.parametrize("case", VECTORS["codes"], ids=lambda case: str(case["code"]))
def test_a_number_has_one_code(case: dict[str, object]) -> None:
    assert make_code(int(str(case["number"]))) == case["code"]
    assert show_code(str(case["code"])) == case["shown"]


@pytest.mark.parametrize("case", VECTORS["read"], ids=lambda case: str(case["text"]))
def test_case_spaces_and_dashes_do_not_matter(case: dict[str, str]) -> None:
    assert read_code(case["text"]) == case["code"]


@pytest.mark.parametrize("text", VECTORS["code_invalid"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CodeInvalid):
        read_code(text)


def test_no_two_symbols_look_alike() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 29
    assert not set("0O1ILB8U") & set(ALPHABET) - {"8"}


@given(NUMBERS)
def test_every_code_reads_back_as_it_is_shown(number: int) -> None:
    code = make_code(number)
    assert read_code(show_code(code).lower()) == code


@given(NUMBERS, PLACES, st.sampled_from(ALPHABET))
def test_every_wrong_symbol_is_noticed(number: int, at: int, symbol: str) -> None:
    code = make_code(number)
    wrong = code[:at] + symbol + code[at + 1 :]
    if wrong != code:
        with pytest.raises(CodeInvalid):
            read_code(wrong)


@given(NUMBERS, PLACES, PLACES)
def test_every_two_symbols_swapped_are_noticed(number: int, one: int, other: int) -> None:
    code = make_code(number)
    symbols = list(code)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    swapped = "".join(symbols)
    if swapped != code:
        with pytest.raises(CodeInvalid):
            read_code(swapped)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CodeInvalid):
        read_code(f"{text}U")


def test_a_million_characters_are_not_a_code() -> None:
    with pytest.raises(CodeInvalid):
        read_code(f"9KC5R2YV{' ' * 1_000_000}")


@pytest.mark.parametrize("number", [-1, CODES])
def test_a_number_without_a_code_is_an_error_of_the_caller(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to"):
        make_code(number)
