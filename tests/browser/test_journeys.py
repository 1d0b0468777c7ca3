"""The main job as a newcomer does it: from the front page, by the doors of the demonstration."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.desk import scan_by_keyboard
from tests.browser.test_scanner import be_patient
from tests.browser.test_treasury import month_in, pay_everything
from tests.browser.test_wallet import bind, drawn
from tests.site import Site

HOME_NAME, HOST_NAME, NETWORK_NAME = "Le Comptoir Numérique", "La Rubanerie", "Coworking Sainté"


@pytest.fixture
def newcomer(site: Site, browser: Browser):
    """Return a function that opens the front page in a new browser and goes in by a door."""
    contexts = []

    def enter(door: str | None = None) -> Page:
        context = browser.new_context(locale="fr-FR", viewport=PHONE)
        contexts.append(context)
        page = context.new_page()
        page.route("**/static/host/server.js", be_patient)
        page.goto(site.url)
        if door is not None:
            page.locator("#demo").get_by_role("button", name=door).click()
        return page

    yield enter
    for context in contexts:
        context.close()


def read(code: Locator) -> str:
    """Return what a camera reads from a code on the screen."""
    return str(zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))[0].text)


def sell(page: Page, name: str, email: str) -> None:
    """Sell a book of days, from the desk that the page is at."""
    page.get_by_role("link", name="Nos pass").click()
    page.get_by_role("link", name="Vendre un pass").click()
    page.get_by_role("radio", name="Voyageur").first.check()
    page.get_by_label("Prénom et nom").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Vendre").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est vendu")


def test_a_pass_is_sold_carried_and_shown_at_another_space(site: Site, newcomer):
    seller = newcomer(HOME_NAME)
    sell(seller, "Nadia Épinat", "nadia@example.org")

    phone = newcomer()
    phone.goto(read(seller.locator(".claim")))
    bind(site, phone)

    desk = newcomer(HOST_NAME)
    expect(desk.locator("#hint")).to_contain_text("Pas de caméra ici")
    scan_by_keyboard(desk, drawn(phone))
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté")
    expect(desk.locator(".who")).to_have_text("Nadia")

    phone.get_by_role("link", name="Mes passages").click()
    expect(phone.locator("main")).to_contain_text(HOST_NAME)


def test_a_treasurer_locks_a_month_and_settles_it(site: Site, newcomer):
    page = newcomer(NETWORK_NAME)
    expect(page).to_have_url(month_in(site, "locked"))
    pay_everything(page)
    page.goto(month_in(site, "review"))
    page.get_by_role("link", name="Verrouiller").click()
    page.get_by_role("button", name="Verrouiller pour de bon").click()
    pay_everything(page)
