"""Who is behind the present request: the one place that views ask."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from cowopass.people.access import Caller
from cowopass.people.service import authenticate


def caller_of_request(session: Session) -> Caller:
    """Return who sends the present request, by its `Authorization` header.

    Raises TokenRequired when there is none, or it is unknown or cut off.
    """
    return authenticate(session, request.headers.get("Authorization", ""))
