"""Three files of a small month, to begin with: a network, its passes and last month's visits.

They are the worked example of docs/reference/charges.md, told of the month before today: three
spaces at 15, 12 and 20 euros a day, the host's price, a levy of 5 %.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from clearing.period import add_months, first_day, month_of

NETWORK = "trois-lieux"
SPACES = (
    ("la-forge", "La Forge", 1500, "FR7630004000010000000001494"),
    ("le-grenier", "Le Grenier", 1200, "FR7630004000010000000001591"),
    ("le-phare", "Le Phare", 2000, "FR7630004000010000000001688"),
)
FUND_IBAN = "FR7630004000010000000001785"

STAYS = (
    ("la-forge", "le-grenier", "day", 6),
    ("la-forge", "le-phare", "day", 2),
    ("le-grenier", "la-forge", "day", 3),
    ("le-grenier", "le-phare", "day", 1),
    ("le-phare", "la-forge", "day", 4),
    ("le-phare", "le-grenier", "half_day", 1),
)
"""Home, host, unit, and how many such visits there were."""

HOLDERS = {"la-forge": "Camille Berthet", "le-grenier": "Karim Saïdi", "le-phare": "Zoé Vial"}


def write_files(folder: Path, today: date) -> list[Path]:
    """Write network.json, passes.csv and check-ins.csv into a folder, and return their paths."""
    month = add_months(month_of(today), -1)
    folder.mkdir(parents=True, exist_ok=True)
    network, passes, check_ins = (
        folder / name for name in ("network.json", "passes.csv", "check-ins.csv")
    )
    document = json.dumps(_network(month), ensure_ascii=False, indent=2)
    network.write_text(document + "\n", encoding="utf-8")
    _write_csv(
        passes,
        "reference,home,plan,holder_name,holder_email,starts_on,price_paid_cents",
        (
            (_reference(home), home, "carnet", name, "", first_day(month).isoformat(), 15000)
            for home, name in HOLDERS.items()
        ),
    )
    _write_csv(check_ins, "id,pass_reference,home,space,at,unit,kind", _visits(month))
    return [network, passes, check_ins]


def _network(month: str) -> dict[str, Any]:
    start = first_day(month)
    return {
        "network": {
            "slug": NETWORK,
            "name": "Trois lieux",
            "timezone": "Europe/Paris",
            "currency": "EUR",
            "fund": {"holder": "Association Trois lieux", "iban": FUND_IBAN},
        },
        "agreements": [
            {
                "home": NETWORK,
                "host": NETWORK,
                "effective_from": month,
                "rule": {
                    "kind": "difference_share",
                    "share_bps": 10000,
                    "cap_at_host_price": True,
                },
                "top_up": False,
                "golden_share_bps": 0,
                "levy_bps": 500,
                "roaming_days_per_month": None,
                "liability_cap_bps": None,
                "max_host_price_cents": None,
                "offline_paper_per_day": 10,
                "late_days": 5,
                "review_days": 7,
                "netting": "multilateral",
                "convention_signed_on": start.isoformat(),
                "carry_forward_below_cents": 100,
            }
        ],
        "spaces": [_space(*space, start) for space in SPACES],
    }


def _space(slug: str, name: str, day_cents: int, iban: str, start: date) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "capacity": {"comfortable": 20, "maximum": 24},
        "legal": {"name": f"Association {name}", "iban": iban},
        "prices": [{"unit": "day", "amount_cents": day_cents, "effective_from": start.isoformat()}],
        "plans": [
            {
                "code": "carnet",
                "name": "Carnet de 11 journées",
                "kind": "book",
                "unit": "day",
                "units": 11,
                "validity_months": 12,
                "price_cents": 15000,
                "golden_tickets": 1,
                "roaming": True,
            }
        ],
    }


def _visits(month: str) -> Iterator[tuple[str, ...]]:
    """Yield the visits of the month, one a working day for each home, and one golden guest."""
    days = {home: _working_days(month) for home in HOLDERS}
    for home, space, unit, count in STAYS:
        for _ in range(count):
            yield _row(home, space, next(days[home]), unit, "normal")
    yield _row("la-forge", "le-phare", next(days["la-forge"]), "day", "golden")


def _row(home: str, space: str, day: date, unit: str, kind: str) -> tuple[str, ...]:
    at = datetime.combine(day, time(9, 30), ZoneInfo("Europe/Paris")).isoformat()
    name = f"{home} {space} {at} {kind}"
    return str(uuid5(NAMESPACE_URL, name)), _reference(home), home, space, at, unit, kind


def _reference(home: str) -> str:
    return f"{home}-1"


def _working_days(month: str) -> Iterator[date]:
    day = first_day(month)
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def _write_csv(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
