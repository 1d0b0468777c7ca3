"""Values of a network file that only a library or a rule can judge."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError
from marshmallow import fields as marshmallow_fields

from cowopass import fields
from cowopass.spaces.hours import WEEKDAYS, read_span

_PHONE = re.compile(r"\+?[0-9][0-9 .()/-]{3,30}")


def check_timezone(name: str) -> str:
    """Return the name of an IANA time zone. Raises ValueError."""
    if name not in available_timezones():
        raise ValueError(f"{name} is no time zone: a name such as Europe/Paris.")
    return name


def check_phone(text: str) -> str:
    """Return a telephone number as it was written. Raises ValueError."""
    if not _PHONE.fullmatch(text):
        raise ValueError("Not a telephone number: digits, and + ( ) . / - between them.")
    return text


class Prose(fields.String):
    """Text of several lines, trimmed."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        return super()._deserialize(value, attr, data, **options).strip()


class Degrees(marshmallow_fields.Field[float]):
    """A latitude or longitude in degrees, up to a limit on either side of zero."""

    def __init__(self, limit: int, **options: Any) -> None:  # noqa: ANN401
        self._limit = limit
        super().__init__(**options)

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> float:  # noqa: ANN401
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or abs(value) > self._limit:
            raise ValidationError(f"Must be a number from -{self._limit} to {self._limit}.")
        return float(value)


class Span(marshmallow_fields.Field[list[str]]):
    """A pair ["HH:MM", "HH:MM"]: a space opens, and closes on the same day."""

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> list[str]:  # noqa: ANN401
        match value:
            case [str(opens), str(closes)]:
                try:
                    read_span(opens, closes)
                except ValueError as error:
                    raise ValidationError(
                        f"Not two times HH:MM of one day: {error}. A night is two spans, "
                        "until 23:59 and from 00:00 on."
                    ) from error
                return [opens, closes]
        raise ValidationError('Not a pair of times such as ["08:00", "18:00"].')


def check_spans(spans: list[list[str]]) -> None:
    """Refuse spans of a day that overlap."""
    ordered = sorted(spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise ValidationError("The hours of this day overlap.")


OpeningHoursSchema = Schema.from_dict(
    {day: fields.List(Span(), validate=check_spans) for day in WEEKDAYS}, name="OpeningHoursSchema"
)
