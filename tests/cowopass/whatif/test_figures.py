from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowopass.whatif.figures import read_count, read_hundredths, write_hundredths


@given(st.integers(0, 10**9 - 1))
def test_what_is_written_reads_back(figure):
    assert read_hundredths(write_hundredths(figure)) == figure


@pytest.mark.parametrize("text", ["", "-1", "1,234", "1.2.3", "douze", "٣", "1e3", "12345678901"])
def test_what_is_no_figure_is_none(text):
    assert read_hundredths(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), (" ", 0), ("7", 7), ("11", None), ("-1", None), ("1,5", None)]
)
def test_a_count_is_whole_and_within_its_bound(text, number):
    assert read_count(text, 10) == number
