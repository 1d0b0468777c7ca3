"""Time a rule that is tried on a big month, beside locking the same month.

    python -m benchmarks.what_if --rows 1000000

Makes the month as `benchmarks.month` does, then runs `cowopass simulate` with another share, then
with a liability cap, which follows each pass through its month, then `cowopass period lock`. The
ratio to the lock is the figure to quote, since machines differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.month import fill_month, run

LIMITS = {"share_ratio": 4, "cap_ratio": 4, "share_mb": 250, "cap_mb": 250}

RULES = {
    "share": {"rule": {"kind": "difference_share", "share_bps": 10_000}},
    "cap": {"liability_cap_bps": 10_000},
}


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
    if any(figures[name] > limit for name, limit in LIMITS.items()):
        sys.exit(1)


def measure(folder: Path, rows: int) -> dict[str, float]:
    """Return the figures of rules tried on a month with so many charges."""
    filled = fill_month(folder, rows)
    tried = {
        name: run(
            filled.environment,
            folder,
            "simulate",
            "bench",
            filled.month,
            "--agreement",
            json.dumps(rule),
            "--json",
        )
        for name, rule in RULES.items()
    }
    for name, each in tried.items():
        if json.loads(each.output)["revalued"] != rows:
            sys.exit(f"{name}: not every charge was valued again")
    lock = run(filled.environment, folder, "period", "lock", "bench", filled.month)
    figures: dict[str, float] = {"rows": rows, "lock_seconds": lock.seconds}
    for name, each in tried.items():
        figures |= {
            f"{name}_seconds": each.seconds,
            f"{name}_ratio": each.seconds / lock.seconds,
            f"{name}_mb": each.peak_mb,
        }
    return figures


if __name__ == "__main__":
    main()
