"""What may come in over HTTP and in files: strict fields, so that nothing is guessed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate
from marshmallow.exceptions import SCHEMA

from clearing.errors import MonthInvalid
from clearing.line import FUND
from clearing.period import parse_month

LARGEST_INTEGER = 2**31 - 1
"""The most that a number may be: what both databases keep in an integer."""

LONGEST_SLUG = 60
PAIRING = "pair"
"""What stands in an address in the place of a space, so that none can have this name."""

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)"
"""The shape of a slug, in a regular expression that JavaScript reads alike."""

_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Integer(fields.Integer):
    """An integer that both databases can keep; in a query it comes as its digits."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 (any JSON)
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> int:
        number = super()._deserialize(value, attr, data, **options)
        if number is None or abs(number) > LARGEST_INTEGER:
            raise ValidationError("Out of range.")
        return number


class WholeNumber(Integer):
    """An integer that came as one: `277.0`, `"277"` and `true` are refused."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (marshmallow's own options)
        super().__init__(strict=True, **options)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("Not a whole number.")
        return super()._deserialize(value, attr, data, **options)


class Cents(WholeNumber):
    """An amount of money in cents, zero or more."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        own = options.pop("validate", None)
        limits = [validate.Range(min=0, max=LARGEST_INTEGER)]
        super().__init__(validate=[*limits, own] if own else limits, **options)


class Flag(fields.Boolean):
    """True or false, and nothing that could pass for it: `"yes"` and `1` are refused."""

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> bool:  # noqa: ANN401
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class String(fields.String):
    """Text that both databases can keep: no NUL, no half of a surrogate pair."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if text is None or _UNKEEPABLE.search(text):
            raise ValidationError("Not a text.")
        return text


class Text(String):
    """A line of text, trimmed, without control characters."""

    def __init__(self, *, shortest: int = 1, longest: int = 200, **options: Any) -> None:  # noqa: ANN401
        self._length = validate.Length(shortest, longest)
        super().__init__(validate=self._length, **options)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if _CONTROL.search(text):
            raise ValidationError("Not a line of text.")
        return text.strip()


class Checked(Text):
    """Text that a function brings into its usual form, or refuses with a ValueError."""

    def __init__(self, check: Callable[[str], str], **options: Any) -> None:  # noqa: ANN401
        self._check = check
        super().__init__(**options)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401 (any JSON)
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return self._check(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Slug(String):
    """The name of a network, space or plan in addresses and files: words joined by dashes."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        rules = [validate.Length(1, LONGEST_SLUG), validate.Regexp(SLUG)]
        super().__init__(validate=rules, **options)


class Participant(Slug):
    """The slug of a network or space: its name in ledgers, where the common fund has its own."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        slug = super()._deserialize(value, attr, data, **options)
        if slug == FUND:
            raise ValidationError(f"`{FUND}` is the name of the common fund in every ledger.")
        if slug == PAIRING:
            raise ValidationError(f"`{PAIRING}` is the address where devices are paired.")
        return slug


class Month(String):
    """A calendar month, YYYY-MM."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return parse_month(text)
        except MonthInvalid as error:
            raise ValidationError("Not a month: YYYY-MM.") from error


class Unit(String):
    """A unit of a visit: hour, half_day or day."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(validate=validate.OneOf(["hour", "half_day", "day"]), **options)


class Instant(fields.AwareDateTime):
    """An instant, ISO 8601 with its zone; a naive one is refused. Written in UTC with a Z."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(format="iso", **options)

    def _serialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        obj: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str | float | None:
        text = super()._serialize(value, attr, obj, **options)
        return text.replace("+00:00", "Z") if isinstance(text, str) else text

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> datetime:
        instant = super()._deserialize(value, attr, data, **options)
        try:
            return instant.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("Out of range.") from error


class ClientId(String):
    """An id that the client made: a UUID, kept as text in its usual small letters."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        options["metadata"] = {"format": "uuid", **options.get("metadata", {})}
        super().__init__(**options)

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return str(uuid.UUID(text))
        except ValueError as error:
            raise ValidationError("Not a UUID.") from error


def list_errors(messages: Any, path: str = "") -> list[dict[str, str]]:  # noqa: ANN401 (nested)
    """Return marshmallow's nested messages as a list of {"path", "message"}.

    >>> list_errors({"rooms": {1: {"seats": ["Not a whole number."]}}})
    [{'path': 'rooms[1].seats', 'message': 'Not a whole number.'}]
    """
    if isinstance(messages, Mapping):
        return [
            error
            for name, below in messages.items()
            for error in list_errors(below, _join(path, name))
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [{"path": path, "message": str(text)} for text in texts]


def _join(path: str, name: object) -> str:
    """Return a path one step deeper; what concerns a whole object says so by the object's path."""
    if isinstance(name, int):
        return f"{path}[{name}]"
    return path if name == SCHEMA else ".".join(filter(None, (path, str(name))))


Boolean = fields.Boolean
Date = fields.Date
Dict = fields.Dict
Email = fields.Email
Float = fields.Float
List = fields.List
Nested = fields.Nested
Time = fields.Time
Url = fields.Url
UUID = fields.UUID
