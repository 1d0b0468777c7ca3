"""Which parameters of a long test a developer's run takes, and which are for CI alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def slow_but(fast: object, values: Iterable[Any]) -> list[Any]:
    """Return values as parameters, each marked `slow` but the one that a developer's run takes."""
    return [
        value if value == fast else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]
