"""A rule is tried on a big month within a few times what locking it takes."""

from __future__ import annotations

import pytest

from benchmarks.what_if import LIMITS, measure

SLACK = 2
"""Continuous integration shares its machine: this guards against a step back, not a bad minute."""


@pytest.mark.bench
def test_a_rule_is_tried_on_a_big_month_within_its_bounds(tmp_path):
    figures = measure(tmp_path, 50_000)
    print(figures)  # noqa: T201 (the figures are what a benchmark is for)
    for name, limit in LIMITS.items():
        assert figures[name] <= limit * SLACK
