"""Reading a network file: its items one by one, so that every error in it is found at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError

from cowopass.errors import CowopassError, DataInvalid
from cowopass.fields import list_errors
from cowopass.network_file.schemas import (
    AgreementSchema,
    NetworkSchema,
    PlanSchema,
    PriceSchema,
    SpaceSchema,
)

KEYS = ("network", "agreements", "spaces")

KEPT_OF_NETWORK = ("name", "timezone", "currency")
KEPT_OF_SPACE = ("name",)
"""What a file may leave out of what exists already."""


class Item(NamedTuple):
    """A part of the file that its schema took: where it stands, and its values."""

    path: str
    values: dict[str, Any]


class SpaceItem(NamedTuple):
    """A space of the file. `values` is None when something in them is wrong."""

    path: str
    slug: str
    values: dict[str, Any] | None
    prices: list[Item]
    plans: list[Item]


@dataclass
class NetworkFile:
    """What could be read of a file, and what could not: {"path", "code", "message"} each.

    `network_slug` is what the file calls its network, also when something else in it is wrong.
    """

    network: Item | None = None
    network_slug: str = ""
    agreements: list[Item] = field(default_factory=list)
    spaces: list[SpaceItem] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, path: str, message: str, code: str = DataInvalid.code) -> None:
        """Note what is wrong at a path."""
        self.errors.append({"path": path, "code": code, "message": message})

    def refuse_for(self, path: str, error: CowopassError) -> None:
        """Note a refusal of the service at a path."""
        self.refuse(path, str(error), error.code)

    @contextmanager
    def noting(self, path: str) -> Iterator[None]:
        """Let a refusal of the service end the block, and note it at a path."""
        try:
            yield
        except CowopassError as error:
            self.refuse_for(path, error)


class Known(NamedTuple):
    """The slugs of what is recorded already."""

    networks: Collection[str]
    spaces: Collection[str]


def parse_document(content: bytes) -> Any:  # noqa: ANN401 (any JSON)
    """Return the JSON document of a file's bytes, UTF-8 with or without a byte order mark.

    Raises DataInvalid, also for a key that stands twice in an object: one of the two values would
    be lost without a word.
    """
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object_of,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise _unreadable(f"is not UTF-8 from byte {error.start} on") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(f"is not whole JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise _unreadable("is nested too deep") from error
    except ValueError as error:
        raise _unreadable(str(error)) from error


def read_file(document: Any, known: Known) -> NetworkFile:  # noqa: ANN401 (any JSON)
    """Return the items of a parsed file that are right in themselves, and what is wrong."""
    file = NetworkFile()
    if not isinstance(document, Mapping):
        file.refuse("document", "must be an object with network, agreements or spaces")
        return file
    for key in document:
        if key not in KEYS:
            file.refuse(str(key), f"Unknown field: a file has {', '.join(KEYS)}.")
    if document.get("network") is not None:
        _read_network(file, document["network"], known)
    for path, raw in _list_of(file, document, "agreements"):
        values = _load(file, AgreementSchema(), raw, path)
        if values is not None:
            file.agreements.append(Item(path, values))
    for path, raw in _list_of(file, document, "spaces"):
        _read_space(file, raw, path, known)
    _refuse_repeated(file)
    return file


def _read_network(file: NetworkFile, raw: object, known: Known) -> None:
    file.network_slug = _slug_of(raw)
    kept = KEPT_OF_NETWORK if file.network_slug in known.networks else ()
    values = _load(file, NetworkSchema(partial=kept), raw, "network")
    if values is not None:
        file.network = Item("network", values)


def _read_space(file: NetworkFile, raw: object, path: str, known: Known) -> None:
    if not isinstance(raw, Mapping):
        file.refuse(path, "must be an object")
        return
    identity = {name: value for name, value in raw.items() if name not in {"prices", "plans"}}
    kept = KEPT_OF_SPACE if _slug_of(raw) in known.spaces else ()
    values = _load(file, SpaceSchema(partial=kept), identity, path)
    prices = _read_items(file, raw, "prices", path, PriceSchema())
    plans = _read_items(file, raw, "plans", path, PlanSchema())
    file.spaces.append(SpaceItem(path, _slug_of(raw), values, prices, plans))


def _read_items(
    file: NetworkFile, raw: Mapping[str, Any], name: str, path: str, schema: Schema
) -> list[Item]:
    loaded = ((at, _load(file, schema, one, at)) for at, one in _list_of(file, raw, name, path))
    return [Item(at, values) for at, values in loaded if values is not None]


def _load(file: NetworkFile, schema: Schema, raw: object, path: str) -> dict[str, Any] | None:
    """Return what a schema makes of a part of the file, or note its errors."""
    if not isinstance(raw, Mapping):
        file.refuse(path, "must be an object")
        return None
    try:
        values: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        for one in list_errors(error.messages, path):
            file.refuse(**one)
        return None
    return values


def _list_of(
    file: NetworkFile, raw: Mapping[str, Any], name: str, above: str = ""
) -> list[tuple[str, object]]:
    """Return the items of a list with their paths; a list left out or null has none."""
    path = f"{above}.{name}" if above else name
    items = raw.get(name)
    if items is not None and not isinstance(items, list):
        file.refuse(path, "must be a list")
        return []
    return [(f"{path}[{place}]", item) for place, item in enumerate(items or ())]


def _refuse_repeated(file: NetworkFile) -> None:
    """Refuse what stands twice: the file would say two things of one."""
    _refuse_twins(
        file,
        [
            (f"{path}.effective_from", (one["home"], one["host"], one["effective_from"]))
            for path, one in file.agreements
        ],
    )
    slugs = [(f"{space.path}.slug", space.slug) for space in file.spaces if space.slug]
    network = [("network.slug", file.network.values["slug"])] if file.network else []
    _refuse_twins(file, [*network, *slugs])
    for space in file.spaces:
        prices = [
            (f"{path}.effective_from", (one["unit"], one["effective_from"]))
            for path, one in space.prices
        ]
        _refuse_twins(file, prices)
        _refuse_twins(file, [(f"{path}.code", one["code"]) for path, one in space.plans])


def _refuse_twins(file: NetworkFile, named: list[tuple[str, Any]]) -> None:
    first: dict[Any, str] = {}
    for path, name in named:
        if name in first:
            file.refuse(path, f"Stands twice: it is the same as {first[name]}.")
        first.setdefault(name, path)


def _slug_of(raw: object) -> str:
    slug = raw.get("slug") if isinstance(raw, Mapping) else None
    return slug if isinstance(slug, str) else ""


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has the key `{twice}` twice in one object")
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(f"has {name}, which is no JSON")


def _unreadable(why: str) -> DataInvalid:
    return DataInvalid(
        [{"path": "document", "code": DataInvalid.code, "message": f"The file {why}."}]
    )
