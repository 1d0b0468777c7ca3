"""Who carries which pass in the demonstration, and where they go: made from a seed.

Pure: the same seed and the same day give the same story. Names are common French ones put together
at random; no real person is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

FIRST_NAMES = (
    "Camille Jeanne Tom Inès Yanis Louise Hugo Fatou Karim Manon Théo Amina Paul Zoé Malik Élise "
    "Nadia Antoine Sofia Lucas Maëlle Idriss Clara Mehdi Alice Baptiste Leïla Simon Awa Marius "
    "Hélène Omar Juliette Noé Rachida Étienne Salomé Bilal Agathe Victor"
).split()
LAST_NAMES = (
    "Berthet Chavanon Dumas Faure Gagnaire Jacquemond Koné Lacroix Meunier Nguyen Ollier Peyron "
    "Quiblier Rivoire Saïdi Thollet Vacher Benali Fontvieille Granjon Forissier Massardier "
    "Traoré Chapuis Bonnefoy Descours Épinat Giraud Vial Moreau"
).split()

HOLDERS_OF_KIND = {"unlimited": 5, "quota": 8, "book": 17, "single": 6}
"""How many passes of a plan are sold, by its kind."""

VISITS_PER_WEEK = {"unlimited": 3.4, "quota": 1.9, "book": 0.55, "single": 0.09}
"""How often a holder works somewhere, on average."""

SHARE_AWAY = {"unlimited": 0.12, "quota": 0.2, "book": 0.38, "single": 0.5}
"""How often that is not at home."""

WEEKDAYS = (0.9, 1.2, 1.15, 1.2, 0.75)
"""Monday to Friday, beside their mean: Tuesday and Thursday are full, Friday is not."""

ABROAD = 0.04
"""How often a visit away is in the other network."""


class DemoPass(NamedTuple):
    """A pass to sell: `reference` is the home's own name for it."""

    reference: str
    home: str
    plan: str
    kind: str
    unit: str
    roaming: bool
    holder_name: str
    starts_on: date
    volunteer: bool


class DemoVisit(NamedTuple):
    """A visit to report, as a row of an import file says it."""

    id: str
    reference: str
    home: str
    space: str
    at: datetime
    unit: str
    golden: bool


def cast_passes(
    document: dict[str, Any], first: date, last: date, seed: int, times: int = 1
) -> list[DemoPass]:
    """Return the passes of a network's holders; monthly ones are sold anew each month.

    `first` and `last` are the first days of the first and the last month of the story; there are
    `times` as many holders as it tells of.
    """
    random = Random(f"{seed} {document['network']['slug']}")  # noqa: S311 (a story, not a secret)
    passes: list[DemoPass] = []
    for space in document["spaces"]:
        letters = "".join(word[0] for word in space["slug"].split("-")).upper()
        for plan in space["plans"]:
            for number in range(times * _how_many(random, space, plan)):
                name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
                volunteer = bool(plan["volunteer_price_cents"]) and random.random() < 0.3
                for start in _starts(random, plan["kind"], plan["validity_months"], first, last):
                    reference = f"{letters}-{plan['code']}-{number + 1:02}-{start:%y%m}"
                    passes.append(
                        DemoPass(
                            reference,
                            space["slug"],
                            plan["code"],
                            plan["kind"],
                            plan["unit"],
                            plan["roaming"],
                            name,
                            start,
                            volunteer,
                        )
                    )
    return sorted(passes, key=lambda sold: (sold.starts_on, sold.reference))


def _how_many(random: Random, space: dict[str, Any], plan: dict[str, Any]) -> int:
    size = space["capacity"]["comfortable"] / 18
    many: float = HOLDERS_OF_KIND[plan["kind"]] * size * random.uniform(0.6, 1.2)
    return max(1, round(many))


def _starts(random: Random, kind: str, months: int, first: date, last: date) -> Iterator[date]:
    """Yield the first days of a holder's passes: monthly ones follow each other."""
    if kind in {"unlimited", "quota"}:
        start = first
        while start <= last:
            yield start
            for _ in range(months):
                start = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        return
    span = (last - first).days
    yield first + timedelta(days=random.randint(-45, span))


def tell_visits(
    passes: list[DemoPass],
    spaces: list[dict[str, Any]],
    abroad: list[dict[str, Any]],
    first: date,
    last: date,
    seed: int,
) -> list[DemoVisit]:
    """Return the visits from one day to another, in order of time.

    `spaces` are the network's own, `abroad` those of the other network.
    """
    random = Random(f"{seed} {first} {spaces[0]['slug']}")  # noqa: S311 (a story, not a secret)
    by_slug = {space["slug"]: space for space in spaces}
    visits: list[DemoVisit] = []
    day = first
    while day <= last:
        if day.weekday() < len(WEEKDAYS):
            for sold in passes:
                if _goes_out(random, sold, day):
                    space = _where(random, sold, by_slug[sold.home], spaces, abroad)
                    visits.extend(_visit(random, sold, space, day))
        day += timedelta(days=1)
    return sorted(visits, key=lambda visit: (visit.at, visit.id))


def _goes_out(random: Random, sold: DemoPass, day: date) -> bool:
    months_old = (day.year - sold.starts_on.year) * 12 + day.month - sold.starts_on.month
    monthly = sold.kind in {"unlimited", "quota"}
    if day < sold.starts_on or (monthly and months_old > 0):
        return False
    chance = VISITS_PER_WEEK[sold.kind] / len(WEEKDAYS) * WEEKDAYS[day.weekday()]
    return random.random() < chance


def _where(
    random: Random,
    sold: DemoPass,
    home: dict[str, Any],
    spaces: list[dict[str, Any]],
    abroad: list[dict[str, Any]],
) -> dict[str, Any]:
    if not sold.roaming or random.random() >= SHARE_AWAY[sold.kind]:
        return home
    if random.random() < ABROAD:
        return random.choice(abroad)
    others = [space for space in spaces if space["slug"] != sold.home]
    weights = [space["capacity"]["comfortable"] for space in others]
    return random.choices(others, weights)[0]


def _visit(random: Random, sold: DemoPass, space: dict[str, Any], day: date) -> Iterator[DemoVisit]:
    """Yield a visit within the opening hours of that day, or none when the space is closed."""
    hours = space["opening_hours"].get(f"{day:%A}".lower())
    if not hours:
        return
    opens = time.fromisoformat(hours[0][0])
    arrival = datetime.combine(day, opens, PARIS) + timedelta(minutes=random.randint(5, 240))
    golden = sold.kind in {"quota", "book"} and random.random() < 0.02
    yield DemoVisit(
        id=str(UUID(int=random.getrandbits(128), version=4)),
        reference=sold.reference,
        home=sold.home,
        space=space["slug"],
        at=arrival.astimezone(UTC),
        unit="day" if golden else _unit(random, sold.unit),
        golden=golden,
    )


def _unit(random: Random, unit: str) -> str:
    if unit == "day":
        return "half_day" if random.random() < 0.15 else "day"
    return unit
