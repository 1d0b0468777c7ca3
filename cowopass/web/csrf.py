"""Requests that another site makes a browser send are refused, without tokens in forms.

Every browser says where a request comes from (`Sec-Fetch-Site`, and `Origin` on plain HTTP), and
no page can change that. So a form needs no hidden token, and a page that a phone kept for a week
without a network can still be sent. Cookies are SameSite=Lax besides. The reasons stand in
docs/decisions/0008-no-tokens-in-forms.md.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request

from cowopass.errors import CrossSiteRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    """Look at where every request comes from before any view sees it."""
    app.before_request(check_origin)


def check_origin() -> None:
    """Refuse a change that another site asks for. Raises CrossSiteRequest.

    A request with an `Authorization` header was made by a program that knows a token; one with
    neither header was made by no browser, and carries no cookie that it was not given.
    """
    if request.method in SAFE or "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSiteRequest
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise CrossSiteRequest
