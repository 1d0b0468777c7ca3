"""Every page of the interface, and who may see it: what all of them must hold is tested on all.

An address may name a value of the site in braces; `Seen.address` fills it in.
"""

from __future__ import annotations

from typing import NamedTuple


class Seen(NamedTuple):
    """A page to look at: where, and as whom (a role and its scope; None is anyone).

    `wallet`: in a browser in which a nomad of the demonstration has opened hers.
    """

    address: str
    role: str | None = None
    scope: dict[str, str] = {}  # noqa: RUF012 (never changed)
    wallet: bool = False


ANYONE = [Seen("/"), Seen("/no-such-page")]

FRONT_DOOR = [
    Seen("/spaces/rubanerie"),
    Seen("/spaces/no-such-space"),
    Seen("/spaces/comptoir-numerique/door"),
    Seen("/rules"),
    Seen("/rules/sainte"),
    Seen("/open-data"),
    Seen("/t"),
]

DESK = [Seen("/desk/rubanerie", "host", {"space": "rubanerie"})]


OUR_SPACE = [
    Seen(f"/desk/comptoir-numerique/{page}", "host", {"space": "comptoir-numerique"})
    for page in ("space", "prices", "people", "devices")
]

TREASURER = ("treasurer", {"network": "sainte"})

TREASURY = [
    Seen("/treasury", *TREASURER),
    Seen("/treasury/sainte/months", *TREASURER),
    Seen("/treasury/sainte/2020-02", *TREASURER),
    Seen("/treasury/sainte/2020-02/lines", *TREASURER),
]

WALLET = [
    Seen("/wallet"),
    Seen("/wallet", wallet=True),
    Seen("/wallet/places", wallet=True),
    Seen("/wallet/visits", wallet=True),
    Seen("/wallet/golden", wallet=True),
    Seen("/wallet/data", wallet=True),
    Seen("/wallet/data/erase", wallet=True),
]

PAGES: list[Seen] = [*ANYONE, *FRONT_DOOR, *DESK, *OUR_SPACE, *TREASURY, *WALLET]
