"""A big month is read, locked and audited within its bounds of time and memory."""

from __future__ import annotations

import pytest

from benchmarks.month import LIMITS, measure

SLACK = 3
"""Continuous integration shares its machine: this guards against a step back, not a bad minute."""


@pytest.mark.bench
def test_a_big_month_stays_within_its_bounds(tmp_path):
    figures = measure(tmp_path, 50_000)
    print(figures)  # noqa: T201 (the figures are what a benchmark is for)
    assert figures["load_ratio"] <= LIMITS["load_ratio"] * SLACK
    assert figures["load_mb"] <= LIMITS["load_mb"]
    assert figures["lock_mb"] <= LIMITS["lock_mb"]
