"""The name of a browser in a list, so that its owner can tell which one it is."""

from __future__ import annotations

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
"""Marks in a `User-Agent` header, in the order in which they are looked for."""


def name_browser(user_agent: str) -> str:
    """Return a short name of who sends a `User-Agent` header, empty when it tells nothing.

    >>> name_browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    >>> name_browser("curl/8")
    ''
    """
    browser = _first(user_agent, BROWSERS) or ("Safari" if "Safari" in user_agent else "")
    return ", ".join(filter(None, (browser, _first(user_agent, SYSTEMS))))


def _first(user_agent: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
