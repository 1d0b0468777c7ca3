"""The scanner on a slow phone: it can be touched before its modules have come."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desk import HOST, a_paper_ticket, scan_by_keyboard, sign_in
from tests.browser.test_scanner import be_patient
from tests.site import Site


class Slow:
    """A scanner whose modules are still on their way."""

    def __init__(self, site: Site, page: Page) -> None:
        self.page = page
        self._held: list[Route] = []
        sign_in(site, page.context)
        page.route("**/static/host/server.js", be_patient)
        page.route("**/static/host/scan.js", lambda route: self._held.append(route))
        page.goto(f"{site.url}/desk/{HOST}", wait_until="commit")
        expect(self.type_code).to_be_visible()

    @property
    def type_code(self):
        return self.page.get_by_role("button", name="Taper le code")

    def arrive(self) -> None:
        self._route().continue_()

    def fail(self) -> None:
        self._route().abort()

    def _route(self) -> Route:
        while not self._held:
            self.page.wait_for_timeout(50)
        return self._held.pop()


@pytest.fixture
def slow(site: Site, page: Page) -> Slow:
    return Slow(site, page)


def test_a_touch_before_the_modules_is_seen_and_done_when_they_come(slow: Slow) -> None:
    slow.type_code.click()
    expect(slow.type_code).to_have_attribute("aria-busy", "true")
    slow.arrive()
    expect(slow.page.get_by_label("Huit lettres et chiffres")).to_be_visible()
    expect(slow.page.locator("[aria-busy]")).to_have_count(0)


def test_a_code_typed_by_a_scanner_before_the_modules_is_let_in(site: Site, slow: Slow) -> None:
    scan_by_keyboard(slow.page, a_paper_ticket(site).text)
    slow.arrive()
    expect(slow.page.get_by_role("heading", level=1)).to_have_text("Accepté", timeout=15_000)


def test_modules_that_do_not_come_are_told_of(slow: Slow) -> None:
    slow.fail()
    told = slow.page.get_by_role("alert").filter(has_text="Le scanner n’a pas pu se charger")
    expect(told).to_be_visible()
    expect(slow.type_code).to_be_hidden()
    slow.page.unroute("**/static/host/scan.js")
    slow.page.get_by_role("link", name="Recharger la page").click()
    expect(slow.page.locator("#hint")).to_contain_text("Pas de caméra ici")
    expect(told).to_be_hidden()
