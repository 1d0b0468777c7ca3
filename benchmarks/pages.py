"""Time every page of the interface, on the demonstration's data and on many times as much.

    python -m benchmarks.pages --times 50

Makes two databases in SQLite, the demonstration and one with so many times its people and visits,
and asks the application itself for each page, without a network between. Prints the median of the
server's milliseconds on both, and their ratio: what fifty times the data costs. Exits with 1 when a
page takes longer than 200 ms.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cowopass.demo.service import load_demo
from tests.browser.pages import PAGES, Seen
from tests.instances import migrate
from tests.site import Site, site_config

LIMIT_MS = 200
ROUNDS = 7
PORT = 8000


class Timing(NamedTuple):
    """A page's median milliseconds on the demonstration, and on many times its data."""

    address: str
    small_ms: float
    large_ms: float


def main() -> None:
    """Run the benchmark and print its figures; exit 1 when a page is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        timings = measure(Path(folder), options.times)
    if options.json:
        print(json.dumps([timing._asdict() for timing in timings]))
    else:
        print(f"{'page':60} {'demo':>9} {f'times {options.times}':>9} {'ratio':>6}")
        for address, small_ms, large_ms in timings:
            print(f"{address:60} {small_ms:6.1f} ms {large_ms:6.1f} ms {large_ms / small_ms:6.1f}")
    if any(timing.large_ms > LIMIT_MS for timing in timings):
        sys.exit(1)


def measure(folder: Path, times: int) -> list[Timing]:
    """Return how long each page takes on both databases."""
    small, large = (_site(folder / f"times-{many}.db", many) for many in (1, times))
    gc.collect()
    gc.freeze()  # as the web server does
    try:
        return [
            Timing(seen.address, _median_ms(small, seen), _median_ms(large, seen)) for seen in PAGES
        ]
    finally:
        small.close()
        large.close()


def _site(path: Path, times: int) -> Site:
    url = f"sqlite:///{path}"
    migrate(url)
    site = Site(site_config(url, PORT))
    with site.app.app_context(), site.session() as session:
        load_demo(session, site.config, times)
        session.commit()
    return site


def _median_ms(site: Site, seen: Seen) -> float:
    """Return the median time of a page, after a first round that fills what is remembered."""
    headers = site.headers(seen.role, **seen.scope) if seen.role else {}
    client = site.app.test_client()
    address = seen.address_at(site)
    taken = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        client.get(address, headers={"Accept": "text/html", **headers})
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
