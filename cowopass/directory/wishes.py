"""What somebody looks for: the filters of the directory, as they stand in its address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cowopass.directory.places import SpaceNow


class Wishes(NamedTuple):
    """Which spaces to show. `transport` is a kind of it (`Tram`), `equipment` one thing by name."""

    open_now: bool = False
    free_seat: bool = False
    transport: str = ""
    equipment: str = ""

    def __bool__(self) -> bool:
        """Return whether anything is wished for."""
        return any(self)


def read_wishes(asked: Mapping[str, str]) -> Wishes:
    """Return the wishes of a query such as `?open=1&transport=Tram`; what is unknown is nothing.

    >>> read_wishes({"open": "1", "transport": "Tram"}).open_now
    True
    """
    return Wishes(
        open_now=bool(asked.get("open")),
        free_seat=bool(asked.get("free")),
        transport=asked.get("transport", "").strip(),
        equipment=asked.get("equipment", "").strip(),
    )


def suits(place: SpaceNow, wishes: Wishes) -> bool:
    """Say whether a space is one to show. One that keeps no hours is open; a closed one is full."""
    return (
        (not wishes.open_now or place.open_now is not False)
        and (not wishes.free_seat or (place.open_now is not False and place.free != 0))
        and (not wishes.transport or wishes.transport in kinds_of_transport([place]))
        and (not wishes.equipment or wishes.equipment in place.space.equipment)
    )


def kinds_of_transport(places: Iterable[SpaceNow]) -> list[str]:
    """Return the kinds of transport near the spaces, in order: the first word of each line."""
    lines = {line for place in places for line in place.space.transport if line.strip()}
    return sorted({line.split()[0] for line in lines})


def pieces_of_equipment(places: Iterable[SpaceNow]) -> list[str]:
    """Return everything that the spaces have, in order of its name."""
    return sorted({piece for place in places for piece in place.space.equipment})
