"""The answers of the desk, which are no pages: accessible, and no wider than a small phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cowopass.spaces.models import Space
from tests.browser.desk import (
    HOST,
    a_carried_pass,
    a_paper_ticket,
    scan_by_keyboard,
    sign_in,
    wait_for_worker,
)
from tests.browser.test_every_page import NARROWEST, SERIOUS
from tests.browser.test_scanner import be_patient
from tests.site import Site


def expect_answer(page: Page, title: str) -> None:
    """Expect an answer of the desk that everybody can read, on the smallest phone."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect_accessible(page)


def expect_accessible(page: Page) -> None:
    # What moves is half seen: who looks again a moment later sees it whole.
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finish()))")
    found = Axe().run(page).response["violations"]
    assert [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


def fill_up(site: Site) -> None:
    """Let the space have its visitors of the day."""
    with site.session() as session:
        session.get_one(Space, HOST).visitors_per_day = 0
        session.commit()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_answer_is_accessible_on_a_small_phone(
    site: Site, browser: Browser, scheme: str
) -> None:
    shown = a_paper_ticket(site)
    how = {"locale": "fr-FR", "viewport": NARROWEST, "color_scheme": scheme}
    with browser.new_context(**how, reduced_motion="reduce") as context:
        sign_in(site, context)
        page = context.new_page()
        page.route("**/static/host/server.js", be_patient)
        page.goto(f"{site.url}/desk/{HOST}")
        wait_for_worker(page)
        expect(page.locator("#scanner")).to_have_attribute("data-bundle", "1", timeout=15_000)
        scan_by_keyboard(page, shown.text)
        expect_answer(page, "Accepté")
        page.get_by_role("button", name="Scanner le suivant").click()
        expect_accessible(page)
        scan_by_keyboard(page, shown.code)
        expect_answer(page, "Déjà passée aujourd’hui")
        page.get_by_role("button", name="Scanner le suivant").click()
        scan_by_keyboard(page, a_carried_pass(site).text(age_seconds=100))
        expect_answer(page, "Refusé")
        page.get_by_role("button", name="Scanner encore").click()
        page.get_by_role("button", name="Taper le code").click()
        expect_accessible(page)
        page.keyboard.press("Escape")
        fill_up(site)
        scan_by_keyboard(page, a_paper_ticket(site).text)
        expect_answer(page, "À vous de décider")
