"""What the fields of a document must be before anything is worked out from them.

A document comes from somebody else, so each field is checked against a shape, and the first that
does not fit is named. Amounts are whole numbers: 12.0 and true are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from reprlib import repr as brief
from typing import Any, Final, NamedTuple

from clearing.errors import MonthInvalid, MonthUnreadable
from clearing.period import parse_month

_LARGEST: Final = 2**53 - 1
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, which could make a terminal lie, and halves of surrogate pairs, which JSON
can escape but no UTF-8, so no hash, can hold."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Shape(NamedTuple):
    """A test of a value, and the words that say what passes it."""

    fits: Callable[[object], bool]
    words: str


def read_fields(
    path: str, value: object, shapes: Mapping[str, Shape], *, closed: bool = False
) -> dict[str, Any]:
    """Return the object's fields named in `shapes`, once each is there and fits.

    Other fields are left out, since a document may say more than this version reads; a `closed`
    object may not. `path` is where the object stands in its document, `document` for the whole.
    Raises MonthUnreadable.

    >>> read_fields("lines[0]", {"amount_cents": 12.5}, {"amount_cents": AMOUNT})
    Traceback (most recent call last):
    clearing.errors.MonthUnreadable: lines[0].amount_cents: must be a whole number of cents, \
0 or more, not 12.5
    """
    if not isinstance(value, dict):
        raise MonthUnreadable(path, f"must be an object, not {brief(value)}")
    for name, shape in shapes.items():
        if name not in value:
            raise MonthUnreadable(below(path, name), "is missing")
        if not shape.fits(value[name]):
            raise MonthUnreadable(
                below(path, name), f"must be {shape.words}, not {brief(value[name])}"
            )
    if closed and len(value) > len(shapes):
        unknown = next(name for name in value if name not in shapes)
        raise MonthUnreadable(below(path, brief(unknown)), "is no field of this format")
    return {name: value[name] for name in shapes}


def below(path: str, name: str) -> str:
    """Return the path of a field of the object at a path.

    >>> below("document", "head"), below("head", "count")
    ('head', 'head.count')
    """
    return name if path == "document" else f"{path}.{name}"


def optional(shape: Shape) -> Shape:
    """Return the shape that null fits too."""
    return Shape(lambda value: value is None or shape.fits(value), f"{shape.words}, or null")


def one_of(*texts: str) -> Shape:
    """Return the shape of a text out of a few."""
    return Shape(lambda value: isinstance(value, str) and value in texts, " or ".join(texts))


def list_of(shape: Shape, words: str) -> Shape:
    """Return the shape of a list whose every item fits."""
    return Shape(lambda value: isinstance(value, list) and all(map(shape.fits, value)), words)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not _UNPRINTABLE.search(value)


def _is_integer(value: object) -> bool:
    # JSON's true is Python's 1: a boolean must not pass for a number.
    return type(value) is int and -_LARGEST <= value <= _LARGEST


def _is_natural(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_month(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_month(value)
    except MonthInvalid:
        return False
    return True


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_amounts(value: object) -> bool:
    return (
        isinstance(value, dict)
        and all(map(_is_text, value))
        and all(map(_is_integer, value.values()))
    )


def _is_hashes_by_name(value: object) -> bool:
    return (
        isinstance(value, dict) and all(map(_is_text, value)) and all(map(_is_hash, value.values()))
    )


TEXT: Final = Shape(_is_text, "a text without control characters")
TEXTS: Final = list_of(TEXT, "a list of texts without control characters")
COUNT: Final = Shape(_is_natural, "a whole number, 0 or more")
INTEGER: Final = Shape(_is_integer, "a whole number")
AMOUNT: Final = Shape(_is_natural, "a whole number of cents, 0 or more")
BALANCE: Final = Shape(_is_integer, "a whole number of cents")
BALANCES: Final = Shape(_is_amounts, "an object of whole numbers of cents")
HASH: Final = Shape(_is_hash, "64 hexadecimal digits in lower case")
HASHES: Final = list_of(HASH, "a list of texts of 64 hexadecimal digits in lower case")
HASHES_BY_NAME: Final = Shape(
    _is_hashes_by_name, "an object of texts of 64 hexadecimal digits in lower case"
)
MONTH: Final = Shape(_is_month, "a month such as 2026-11")
DAY: Final = Shape(_is_day, "a day such as 2026-11-29")
OBJECT: Final = Shape(lambda value: isinstance(value, dict), "an object")
LIST: Final = Shape(lambda value: isinstance(value, list), "a list")
