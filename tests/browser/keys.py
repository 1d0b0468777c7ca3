"""Hands that have a keyboard and nothing else: what is wanted is reached by Tab, done by a key."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FURTHEST = 150
"""After so many steps nobody would still be looking for it."""


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until a part of a page has the focus, and expect that this can be seen."""
    expect(wanted).to_be_visible()
    for _ in range(FURTHEST):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    assert wanted.evaluate("one => one.matches(':focus-visible')")


def press(page: Page, wanted: Locator) -> None:
    """Reach a part of a page and press Enter."""
    reach(page, wanted)
    page.keyboard.press("Enter")
