"""The hue and the weave of a space's ribbon."""

from __future__ import annotations

from cowopass.spaces.models import Space

WEAVES = ("chevron", "stripe", "dots", "check", "ladder", "twill", "pin")
"""The patterns of the ribbons, so that a space is never told by colour alone."""


def weave_of(space: Space) -> str:
    """Return the weave a space picked, or one that follows from its slug."""
    return space.weave or WEAVES[sum(space.slug.encode()) % len(WEAVES)]


def hue_of(slug: str, hue: int | None) -> int:
    """Return the hue a space picked, or one that follows from its slug."""
    return sum(slug.encode()) * 47 % 360 if hue is None else hue
