"""Time a scan: from a QR code in view of the camera to the answer on the screen.

    python -m benchmarks.scan

Opens the desk of the demonstration in Chromium, slowed down four times as a mid-range phone is
beside a desktop, before a camera that sees one real ticket after another; then again with the
server stopped. Prints the median and the longest of the milliseconds, and exits with 1 when a
median is a second or more.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from cowopass.demo.service import load_demo
from tests.browser.conftest import QUIET, open_always
from tests.browser.desk import (
    FRAME,
    HOST,
    Look,
    a_camera,
    a_paper_ticket,
    draw,
    sign_in,
    write_video,
)
from tests.instances import migrate
from tests.site import Site, free_port, site_config

LIMIT_MS = 1_000
SLOWDOWN = 4
TICKETS = 5
FRAMES_EACH = 20
WATCH = """() => {
  const video = document.getElementById("video");
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const middle = () => {
    const { videoWidth: width, videoHeight: height } = video;
    canvas.drawImage(video, width * 0.25, height * 0.25, width / 2, height / 2, 0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data[0];
  };
  let seen = null;
  window.scanned = [];
  setInterval(() => {
    const inView = video.videoWidth > 0 && Math.abs(middle() - 96) > 8;
    seen = inView ? (seen ?? performance.now()) : null;
  }, 15);
  new MutationObserver(() => {
    if (!document.querySelector("#answer h1") || seen === null) return;
    window.scanned.push(performance.now() - seen);
    setTimeout(() => document.querySelector("footer [data-action=next]").click(), 300);
  }).observe(document.getElementById("answer"), { childList: true });
}"""
"""Notes when the middle of the picture stops being grey, and when an answer comes."""


def main() -> None:
    """Run the benchmark and print its figures; exit 1 when a scan takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        taken = measure(Path(folder))
    figures = {
        name: {"median_ms": round(statistics.median(took)), "longest_ms": round(max(took))}
        for name, took in taken.items()
    }
    if options.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:8} median {figure['median_ms']} ms, longest {figure['longest_ms']} ms")
    if any(figure["median_ms"] >= LIMIT_MS for figure in figures.values()):
        sys.exit(1)


def measure(folder: Path) -> dict[str, list[float]]:
    """Return the milliseconds of scans with the network and without."""
    site = _site(folder / "scan.db")
    video = write_video(folder / "camera.y4m", _frames(site), each=FRAMES_EACH)
    launch = {"executable_path": shutil.which("chromium"), "args": list(QUIET)}
    try:
        with (
            sync_playwright() as playwright,
            a_camera(playwright.chromium, launch, video) as page,
        ):
            sign_in(site, page.context)
            page.goto(f"{site.url}/desk/{HOST}")
            page.locator("#scanner[data-bundle='1']").wait_for()
            _slow_down(page)
            page.evaluate(WATCH)
            online = _take(page)
            site.stop()
            return {"online": online, "offline": _take(page)}
    finally:
        site.close()


def _site(path: Path) -> Site:
    migrate(f"sqlite:///{path}")
    site = Site(site_config(f"sqlite:///{path}", free_port()))
    with site.app.app_context(), site.session() as session:
        load_demo(session, site.config)
        open_always(session)
        session.commit()
    site.start()
    return site


def _frames(site: Site) -> Iterator[Image.Image]:
    """Yield what the camera sees: grey, a ticket, grey, the next."""
    for number in range(TICKETS):
        yield Image.new("L", FRAME, 96)
        yield draw(a_paper_ticket(site, name=f"Porteur {number}").text, Look(tilt=5))


def _slow_down(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


def _take(page: Page) -> list[float]:
    """Return the times of the next scans, less the first: it may have begun before."""
    page.evaluate("() => { window.scanned = []; }")
    while page.evaluate("window.scanned.length") <= TICKETS:
        page.wait_for_timeout(200)
    taken: list[float] = page.evaluate("window.scanned")
    return taken[1:]


if __name__ == "__main__":
    main()
