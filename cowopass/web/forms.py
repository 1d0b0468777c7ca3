"""Forms that do a thing once: each is drawn with an id, by which a second click is known.

Templates draw it by `{{ form_id() }}`.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Flask, request
from markupsafe import Markup


def register(app: Flask) -> None:
    """Give templates the hidden field of a form's own id."""
    app.jinja_env.globals["form_id"] = draw_form_id


def draw_form_id() -> Markup:
    """Return a hidden field with a new id."""
    return Markup('<input type="hidden" name="id" value="{}">').format(uuid4())


def read_form_id() -> str | None:
    """Return the id of the form that was sent, a UUID; None when it came without one."""
    try:
        return str(UUID(request.form.get("id", "")))
    except ValueError:
        return None
