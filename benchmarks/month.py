"""Time the way of a big month: reading its visits, locking it, auditing it.

    python -m benchmarks.month --rows 1000000

Makes a network of spaces and passes in a new SQLite database, writes a file of visits all away from
home in one month, and runs the real commands, each as a process of its own. Beside it, in the same
run, the same rows go into a bare SQLite table, committed as often: the ratio to that is the figure
to quote, since machines differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID

SPACES = 20
WORKING_DAYS = 20
BATCH_ROWS = 5_000

LIMITS = {"load_mb": 300, "load_rows_per_second": 10_000, "load_ratio": 15, "lock_mb": 250}


class Run(NamedTuple):
    """What a command took: seconds of wall time, and its peak memory in megabytes."""

    seconds: float
    peak_mb: float
    output: str


class Filled(NamedTuple):
    """A month full of visits: the environment of its database, YYYY-MM, and how it was loaded."""

    environment: dict[str, str]
    month: str
    load: Run


def main() -> None:
    """Run the benchmark and print its figures; exit 1 when one is out of bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.rows)
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:28} {value:>14,.1f}" for name, value in figures.items()))
    if not _is_within(figures):
        sys.exit(1)


def measure(folder: Path, rows: int) -> dict[str, float]:
    """Return the figures of a month with so many charges."""
    filled = fill_month(folder, rows)
    environment, load = filled.environment, filled.load
    bare = _bare_insert(folder / "visits.csv", folder / "bare.db")
    lock = run(environment, folder, "period", "lock", "bench", filled.month)
    audit = run(environment, folder, "audit")
    return {
        "rows": rows,
        "bare_insert_seconds": bare,
        "load_seconds": load.seconds,
        "load_rows_per_second": rows / load.seconds,
        "load_ratio": load.seconds / bare,
        "load_mb": load.peak_mb,
        "lock_seconds": lock.seconds,
        "lock_ratio": lock.seconds / bare,
        "lock_mb": lock.peak_mb,
        "audit_seconds": audit.seconds,
        "audit_mb": audit.peak_mb,
    }


def fill_month(folder: Path, rows: int) -> Filled:
    """Make a network in a new database, with so many visits away from home last month."""
    month = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)  # noqa: DTZ011
    passes = -(-rows // ((SPACES - 1) * WORKING_DAYS))
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
    (folder / "network.json").write_text(json.dumps(network_file(month)), encoding="utf-8")
    write_passes(folder / "passes.csv", month, passes)
    write_visits(folder / "visits.csv", month, rows)
    run(environment, folder, "init")
    run(environment, folder, "load", "network.json")
    run(environment, folder, "load-passes", "passes.csv", "--network", "bench")
    load = run(environment, folder, "load-check-ins", "visits.csv", "--network", "bench")
    return Filled(environment, f"{month:%Y-%m}", load)


def _is_within(figures: dict[str, float]) -> bool:
    """Say whether the load is quick enough by one of its two measures, and memory is bounded."""
    quick = (
        figures["load_rows_per_second"] >= LIMITS["load_rows_per_second"]
        or figures["load_ratio"] <= LIMITS["load_ratio"]
    )
    return (
        quick
        and figures["load_mb"] <= LIMITS["load_mb"]
        and figures["lock_mb"] <= LIMITS["lock_mb"]
    )


def run(environment: dict[str, str], folder: Path, *arguments: str) -> Run:
    """Run a command of the service to its end; its own memory is asked of the system.

    Linux tells it in /proc. `getrusage` would count the process that started the command, too.
    """
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cowopass.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    peak = status.partition('VmHWM:')[2].split()[0]\n"
        "    print(f'PEAK {peak}', file=sys.stderr)\n"
    )
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (our own commands)
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    peak_kb = int(done.stderr.rpartition("PEAK ")[2].split()[0])
    return Run(seconds, peak_kb / 1024, done.stdout)


def _bare_insert(source: Path, target: Path) -> float:
    """Return the seconds that the rows take into a bare table, as durable, committed as often."""
    start = time.perf_counter()
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE visits (id PRIMARY KEY, reference, home, space, at, unit, kind)"
    )
    with source.open(newline="", encoding="utf-8") as stream:
        reader = csv.reader(stream)
        next(reader)
        while batch := list(islice(reader, BATCH_ROWS)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
            connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - start


def network_file(month: date, spaces: int = SPACES) -> dict[str, Any]:
    """Return a network of spaces whose prices differ, in force from the month before on."""
    start = (month - timedelta(days=1)).replace(day=1)
    return {
        "network": {
            "slug": "bench",
            "name": "Bench",
            "timezone": "Europe/Paris",
            "currency": "EUR",
        },
        "agreements": [
            {
                "home": "bench",
                "host": "bench",
                "effective_from": f"{start:%Y-%m}",
                "rule": {"kind": "difference_share", "share_bps": 5000, "cap_at_host_price": True},
                "top_up": False,
                "golden_share_bps": 0,
                "levy_bps": 0,
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
        "spaces": [_space(number, start) for number in range(spaces)],
    }


def _space(number: int, start: date) -> dict[str, Any]:
    return {
        "slug": f"space-{number}",
        "name": f"Space {number}",
        "capacity": {"comfortable": 20, "maximum": None},
        "visitors_per_day": None,
        "prices": [
            {
                "unit": "day",
                "amount_cents": 1000 + 50 * number,
                "effective_from": start.isoformat(),
            }
        ],
        "plans": [
            {
                "code": "month",
                "name": "Month",
                "kind": "unlimited",
                "unit": "day",
                "units": None,
                "validity_months": 3,
                "price_cents": 20000,
                "volunteer_price_cents": None,
                "golden_tickets": 0,
                "notional_units": 20,
                "roaming": True,
            }
        ],
    }


def write_passes(path: Path, month: date, count: int, spaces: int = SPACES) -> None:
    """Write a file of so many passes, dealt out to the spaces."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            "reference home plan holder_name holder_email starts_on price_paid_cents".split()
        )
        for number in range(count):
            home = f"space-{number % spaces}"
            writer.writerow((f"P{number}", home, "month", f"N {number}", "", month, 20000))


def write_visits(path: Path, month: date, rows: int, spaces: int = SPACES) -> None:
    """Write a file of so many visits, all away from home, spread over the working days."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow("id pass_reference home space at unit kind".split())
        writer.writerows(islice(_visits(month, rows, spaces), rows))


def _visits(month: date, rows: int, spaces: int) -> Iterator[tuple[object, ...]]:
    """Yield visits in order of time: every pass at every other space, day after day."""
    passes = -(-rows // ((spaces - 1) * WORKING_DAYS))
    number = 0
    for day in range(WORKING_DAYS):
        for step in range(1, spaces):
            at = datetime(month.year, month.month, day + 1, 7, 0) + timedelta(minutes=20 * step)  # noqa: DTZ001
            for holder in range(passes):
                home = holder % spaces
                number += 1
                yield (
                    UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128, version=4),
                    f"P{holder}",
                    f"space-{home}",
                    f"space-{(home + step) % spaces}",
                    f"{at.isoformat()}Z",
                    "day",
                    "normal",
                )


if __name__ == "__main__":
    main()
