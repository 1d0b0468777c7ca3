"""Time all documents of a month: the command, from a month just locked to a folder of files.

    python -m benchmarks.documents --spaces 50 --rows 20000

Makes a network in a new SQLite database and locks its month, then runs `cowopass documents` twice
in processes of their own: to make everything, and to find that everything is there. Beside it, in
the same run, typst sets a page of plain text again and again in one process: the ratio to a hundred
of those is the figure to quote, since machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from stdnum import luhn

from benchmarks.month import network_file, run, write_passes, write_visits

SPACES, ROWS = 50, 20_000
PASSES_A_SPACE = 10
LIMITS = {"documents_seconds": 60, "documents_ratio": 60}
"""A minute, or where the machine is slow or busy, so many times a hundred plain pages."""

PLAIN_PAGE = b'#set page(paper: "a4")\n#lorem(500)\n'
IBAN = "FR7630004000010000000000039"


def main() -> None:
    """Run the benchmark and print its figures; exit 1 when one is out of bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spaces", type=int, default=SPACES)
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.rows, options.spaces)
    print("\n".join(f"{name:28} {value:>14,.1f}" for name, value in figures.items()))
    if not is_within(figures):
        sys.exit(1)


def measure(folder: Path, rows: int, spaces: int) -> dict[str, float]:
    """Return the figures of the documents of a month with so many charges."""
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)  # noqa: DTZ011
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
    (folder / "network.json").write_text(json.dumps(_network(month, spaces)), encoding="utf-8")
    write_passes(folder / "passes.csv", month, PASSES_A_SPACE * spaces, spaces)
    write_visits(folder / "visits.csv", month, rows, spaces)
    run(environment, folder, "init")
    run(environment, folder, "load", "network.json")
    run(environment, folder, "load-passes", "passes.csv", "--network", "bench")
    run(environment, folder, "load-check-ins", "visits.csv", "--network", "bench")
    run(environment, folder, "period", "lock", "bench", f"{month:%Y-%m}")
    plain = _set_plain_pages(100)
    command = ("documents", "bench", f"{month:%Y-%m}", "--out", "out")
    made = run(environment, folder, *command)
    again = run(environment, folder, *command)
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return {
        "rows": rows,
        "spaces": spaces,
        "documents": len(files) - 1,
        "megabytes": sum(path.stat().st_size for path in files) / 1e6,
        "plain_pages_seconds": plain,
        "documents_seconds": made.seconds,
        "documents_ratio": made.seconds / plain,
        "documents_mb": made.peak_mb,
        "again_seconds": again.seconds,
    }


def is_within(figures: dict[str, float], slack: float = 1) -> bool:
    """Say whether the documents came quickly enough by one of the two measures."""
    return any(figures[name] <= limit * slack for name, limit in LIMITS.items())


def _set_plain_pages(count: int) -> float:
    """Return the seconds that typst takes for so many plain pages, none like the one before."""
    fonts = typst.Fonts()
    start = time.perf_counter()
    for number in range(count):
        typst.compile(PLAIN_PAGE + str(number).encode(), font_paths=fonts)
    return time.perf_counter() - start


def _network(month: date, spaces: int) -> dict[str, Any]:
    """Return a network file whose spaces can be paid, and pay a levy."""
    document = network_file(month, spaces)
    document["agreements"][0]["levy_bps"] = 500
    fund = _legal(spaces, "Bench fund")
    document["network"]["fund"] = {"holder": fund.pop("name"), **fund}
    del document["network"]["fund"]["self_billing_mandate_on"]
    for number, space in enumerate(document["spaces"]):
        space["legal"] = _legal(number, space["name"])
    return document


def _legal(number: int, name: str) -> dict[str, Any]:
    """Return a legal entity with numbers of its own: one company does not invoice itself."""
    siren = f"1000{number:04}"
    siren += luhn.calc_check_digit(siren)
    siret = f"{siren}0001"
    return {
        "name": name,
        "siret": siret + luhn.calc_check_digit(siret),
        "vat_number": f"FR{(12 + 3 * int(siren) % 97) % 97:02}{siren}",
        "iban": IBAN,
        "self_billing_mandate_on": "2020-01-01",
        "vat": [{"regime": "standard", "effective_from": "2020-01-01"}],
        "address": {
            "building_number": "1",
            "street_name": "rue de la Mesure",
            "postcode": "42000",
            "town": "Saint-Étienne",
            "country": "FR",
        },
    }


if __name__ == "__main__":
    main()
