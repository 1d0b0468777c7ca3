"""The weave of a space's ribbon, by which it is told without colour."""

from __future__ import annotations

from cowopass.spaces.models import Space

WEAVES = ("chevron", "stripe", "dots", "check", "ladder", "twill", "pin")
"""The patterns of the ribbons, so that a space is never told by colour alone."""


def weave_of(space: Space) -> str:
    """Return the weave a space picked, or one that follows from its slug."""
    return space.weave or WEAVES[sum(space.slug.encode()) % len(WEAVES)]
