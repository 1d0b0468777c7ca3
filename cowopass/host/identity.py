"""A space's own page, as its host writes it: what a form holds, what it comes to, and saving it.

What was typed is kept as text until all of it is right. Two hosts may write at once: what only one
of them changed is taken, what both changed is refused and said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cowopass.host.frame import Desk
from cowopass.host.together import PageRefused, Typed, merge
from cowopass.network_file.schemas import SpaceSchema
from cowopass.spaces.hours import WEEKDAYS
from cowopass.spaces.models import Space
from cowopass.spaces.ribbons import hue_of, weave_of
from cowopass.spaces.service import hold_space, save_space

LISTS = ("good_at", "equipment", "transport", "closed_days")
ADDRESS = ("building_number", "street_name", "postcode", "town")
CAPACITY = ("comfortable", "maximum")
NUMBERS = ("visitors_per_day", "hue")
DEGREES = ("latitude", "longitude")
LINES = ("email", "phone", "website", "weave")
SIMPLE = ("presentation", *LISTS, *ADDRESS, *CAPACITY, *NUMBERS, *DEGREES, *LINES)
"""Fields of the form that hold one text.

Beside them are its `week`, pairs of times by weekday, and its `rooms`: name, seats and use of each.
"""


def typed_of(space: Space) -> Typed:
    """Return the form that says what is recorded of a space."""
    numbers = {
        "comfortable": space.capacity_comfortable,
        "maximum": space.capacity_maximum,
        "visitors_per_day": space.visitors_per_day,
        "hue": hue_of(space.slug, space.hue),
    }
    return {
        "presentation": space.presentation.replace("\r\n", "\n"),
        **{name: "\n".join(getattr(space, name)) for name in LISTS},
        **{name: space.address.get(name) or "" for name in ADDRESS},
        **{name: _text(number) for name, number in numbers.items()},
        **{name: _text(getattr(space, name)).replace(".", ",") for name in DEGREES},
        **{name: getattr(space, name) or "" for name in ("email", "phone", "website")},
        "weave": weave_of(space),
        "week": {
            day: [list(span) for span in space.opening_hours.get(day, ())] for day in WEEKDAYS
        },
        "rooms": [
            [room["name"], str(room["seats"]), room.get("use") or ""] for room in space.rooms
        ],
    }


def typed_in(form: MultiDict[str, str]) -> Typed:
    """Return what was typed into the form; rows that were left empty are none."""
    return {
        **{name: form.get(name, "").replace("\r\n", "\n").strip() for name in SIMPLE},
        "week": {day: _rows(form, f"{day}_opens", f"{day}_closes") for day in WEEKDAYS},
        "rooms": _rows(form, "room_name", "room_seats", "room_use"),
    }


def save_page(session: Session, desk: Desk, typed: Typed, opened: str) -> None:
    """Write what was typed, over the fields as they stood in `opened` (see `digests_of`).

    Raises PageRefused, and PageChanged for what somebody else has changed since.
    """
    space = hold_space(session, desk.space.slug)
    merged = merge(typed, typed_of(space), opened)
    schema = SpaceSchema(partial=True, exclude=("slug", "name", "legal"))
    try:
        values = schema.load(_document(merged, space.address))
    except ValidationError as error:
        raise PageRefused(_faults(error.messages_dict)) from error
    save_space(session, space.slug, space.network, values)


def _document(typed: Typed, address: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as a network file says it."""
    kept = {"country": address["country"]} if address.get("country") else {}
    return {
        "presentation": typed["presentation"],
        **{name: _lines(typed[name]) for name in LISTS},
        "closed_days": [_iso(day) for day in _lines(typed["closed_days"])],
        "address": {**kept, **{name: typed[name] for name in ADDRESS if typed[name]}},
        "capacity": {name: _number(typed[name]) for name in CAPACITY},
        **{name: _number(typed[name]) for name in NUMBERS},
        **{name: _degrees(typed[name]) for name in DEGREES},
        **{name: typed[name] or None for name in LINES},
        "opening_hours": {day: spans for day, spans in typed["week"].items() if spans},
        "rooms": [
            {"name": name, "seats": _number(seats), **({"use": use} if use else {})}
            for name, seats, use in typed["rooms"]
        ],
    }


def _faults(messages: Mapping[str, Any]) -> set[str]:
    """Return the fields of the form that the schema's messages are about."""
    faults: set[str] = set()
    for name, below in messages.items():
        is_group = name in {"address", "capacity", "opening_hours"} and isinstance(below, Mapping)
        faults |= set(below) if is_group else {name}
    return faults


def _rows(form: MultiDict[str, str], *names: str) -> list[list[str]]:
    columns = ([text.strip() for text in form.getlist(name)] for name in names)
    return [list(row) for row in zip(*columns, strict=False) if any(row)]


def _text(number: float | None) -> str:
    return "" if number is None else str(number)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> int | str | None:
    """Return a number, None for nothing, and what is none as it is: the schema refuses it."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else text or None


def _degrees(text: str) -> float | str | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text or None


def _iso(day: str) -> str:
    """Return a day as ISO writes it, also out of `25/12/2026`."""
    match day.split("/"):
        case [date, month, year]:
            return f"{year}-{month:0>2}-{date:0>2}"
    return day
