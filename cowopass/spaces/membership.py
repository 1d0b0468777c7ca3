"""When a space takes part in its network."""

from __future__ import annotations

from datetime import date


def is_member(joins_on: date | None, leaves_on: date | None, on: date) -> bool:
    """Say whether a space takes part on a day: it has joined, and is not past its last day."""
    return (joins_on is None or joins_on <= on) and (leaves_on is None or on <= leaves_on)
