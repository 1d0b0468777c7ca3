"""Who acts now, so that services can note it without being told by every caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, NamedTuple

from flask import Flask

Kind = Literal["person", "token", "device", "command", "anyone"]


class Actor(NamedTuple):
    """The one behind an act: a person or token by its id, a command, or somebody unknown."""

    kind: Kind
    id: str = ""


COMMAND = Actor("command")
ANYONE = Actor("anyone")

_present: ContextVar[Actor] = ContextVar("actor", default=COMMAND)


def present_actor() -> Actor:
    """Return who acts now: outside a request, a command."""
    return _present.get()


def let_act(actor: Actor) -> None:
    """Note who acts from now on, in this request or command."""
    _present.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Let somebody else act for a while: what the clock does is not done by who looks at it."""
    token = _present.set(actor)
    try:
        yield
    finally:
        _present.reset(token)


def register(app: Flask) -> None:
    """Begin every request with nobody known: its thread has served others before."""
    app.before_request(lambda: let_act(ANYONE))
