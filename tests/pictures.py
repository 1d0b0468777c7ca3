"""Take the reference pictures of the main pages, from a demonstration of its own.

    python -m tests.pictures docs/pictures

Needs Chromium, as the tests of the pages do.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select

from cowopass.demo.service import load_demo
from cowopass.passes.models import Pass, Plan
from cowopass.passes.wallet import wallet_url
from cowopass.settlement.service import list_months
from tests.browser.conftest import DESKTOP, PHONE, QUIET, open_always
from tests.browser.desk import a_paper_ticket, scan_by_keyboard, sign_in
from tests.browser.month_end import settle_a_month
from tests.browser.test_scanner import be_patient
from tests.browser.test_wallet import bind
from tests.instances import migrate
from tests.site import Site, free_port, site_config

HOST = "rubanerie"
SHARP = 2
"""Pixels of a picture for each of the page's: a QR code must stay a QR code."""


def main(folder: Path) -> None:
    """Write the pictures into a folder, in place of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with a_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        take_front_door(site, browser, folder)
        take_wallet(site, browser, folder)
        take_desk(site, browser, folder)
        take_treasury(site, browser, folder)
        take_month_end(site, browser, folder)
        browser.close()
    make_light(folder)


def make_light(folder: Path) -> None:
    """Keep 256 colours of each picture: nobody sees it, and a third of the bytes is left."""
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            light = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        light.save(path, optimize=True)


@contextmanager
def a_site() -> Iterator[Site]:
    """Serve the demonstration on a database that goes with it."""
    with TemporaryDirectory() as place:
        url = f"sqlite:///{place}/pictures.db"
        migrate(url)
        site = Site(site_config(url, free_port()))
        with site.app.app_context(), site.session() as session:
            load_demo(session, site.config)
            open_always(session)
            session.commit()
        site.start()
        try:
            yield site
        finally:
            site.close()


def take_front_door(site: Site, browser: Browser, folder: Path) -> None:
    """Take the directory, a space's page, its door and the rules."""
    wide, phone = context_of(browser, DESKTOP), context_of(browser, PHONE)
    take(wide, f"{site.url}/", folder / "directory.png")
    take(phone, f"{site.url}/spaces/{HOST}", folder / "space.png")
    take(wide, f"{site.url}/spaces/{HOST}/door", folder / "door.png")
    take(phone, f"{site.url}/rules/sainte", folder / "rules.png")


def take_wallet(site: Site, browser: Browser, folder: Path) -> None:
    """Take a pass with its living code."""
    page = context_of(browser, PHONE).new_page()
    with site.session() as session:
        book = select(Pass).join(Plan).where(Plan.kind == "book", Pass.state == "active")
        sold = session.scalars(book.order_by(Pass.ends_on.desc(), Pass.id)).first()
        assert sold is not None
        sold.holder.email = "camille@example.org"
        session.commit()
        page.goto(wallet_url(site.config, sold.holder))
    bind(site, page)
    page.screenshot(path=folder / "wallet.png")


def take_desk(site: Site, browser: Browser, folder: Path) -> None:
    """Take an answer of the desk, its day and month, and a sale."""
    context = context_of(browser, PHONE)
    sign_in(site, context, HOST)
    page = context.new_page()
    page.route("**/static/host/server.js", be_patient)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
    scan_by_keyboard(page, a_paper_ticket(site).text)
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepté")
    page.wait_for_timeout(400)  # the sign lands
    page.screenshot(path=folder / "desk-accepted.png")
    for name in ("today", "month", "passes/sell"):
        take(context, f"{site.url}/desk/{HOST}/{name}", folder / f"desk-{name.split('/')[-1]}.png")


def take_treasury(site: Site, browser: Browser, folder: Path) -> None:
    """Take the month that is in review."""
    context = context_of(browser, DESKTOP)
    context.set_extra_http_headers(site.headers("treasurer", network="sainte"))
    with site.session() as session:
        months = list_months(session, "sainte")
    month = next(each["period"] for each in months if each["state"] == "review")
    take(context, f"{site.url}/treasury/sainte/{month}", folder / "treasury.png", whole=True)


MONTH_END = ("review", "dispute", "documents", "bank", "entries")
"""The steps of a month end that the tutorial shows."""


def take_month_end(site: Site, browser: Browser, folder: Path) -> None:
    """Settle the month that is in review, and take the steps that the tutorial shows."""
    context = context_of(browser, DESKTOP)
    context.set_extra_http_headers(site.headers("treasurer", network="sainte"))
    with site.session() as session:
        months = list_months(session, "sainte")
    month = next(each["period"] for each in months if each["state"] == "review")

    def look(page: Page, step: str) -> None:
        if step in MONTH_END:
            page.wait_for_load_state("networkidle")
            if step == "bank":
                page.locator("#confirm").evaluate("one => one.scrollIntoView()")
            page.screenshot(path=folder / f"month-{step}.png")

    with TemporaryDirectory() as place:
        settle_a_month(site, context.new_page(), month, Path(place), look)


def context_of(browser: Browser, viewport: dict[str, int]) -> BrowserContext:
    """Return a browser of somebody who reads French, by day."""
    scale = SHARP if viewport is PHONE else 1
    return browser.new_context(
        locale="fr-FR",
        viewport=viewport,  # type: ignore[arg-type]
        device_scale_factor=scale,
        color_scheme="light",
    )


def take(context: BrowserContext, address: str, path: Path, *, whole: bool = False) -> Page:
    """Take one page's picture, of what is seen at once unless `whole`."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=path, full_page=whole)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]))
