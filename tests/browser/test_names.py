"""A person is called what she is called: her name fits every face, whatever its letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from cowopass.passes.models import Pass
from cowopass.passes.wallet import wallet_link
from tests.browser.desk import HOME, HOST, Shown, a_paper_ticket, scan_by_keyboard, sign_in
from tests.browser.test_every_page import NARROWEST
from tests.site import Site

NAMES = ["Llanfair" * 10, "عائشة بنت محمد الزهراء", "👩🏽‍💻 Zoë"]
"""Eighty letters in one word, from right to left, and with a drawn one."""

HER_PAGES = ("", "/sold", "/phone", "/refund", "/data", "/golden", "/relink")


def expect_to_fit(page: Page, name: str) -> None:
    """Expect a name's first word on a page that is no wider than the smallest phone."""
    expect(page.locator("body")).to_contain_text(name.split()[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"], page.url
    assert page.evaluate(CUT_OFF) == [], page.url


CUT_OFF = """() => [...document.querySelectorAll("main *, .result *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg, .visually-hidden, input"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""
"""What of a page stands out of it, though nothing scrolls sideways."""


def show_wallet(site: Site, page: Page, shown: Shown) -> None:
    with site.session() as session:
        link = wallet_link(site.config, session.get_one(Pass, shown.pass_id).holder)
    page.goto(f"{site.url}/wallet/open/{link}")


@pytest.mark.parametrize("name", NAMES, ids=["long", "right_to_left", "emoji"])
def test_a_name_fits_every_face(site: Site, browser: Browser, name: str) -> None:
    shown = a_paper_ticket(site, name=name)
    with browser.new_context(locale="fr-FR", viewport=NARROWEST) as context:
        page = context.new_page()
        sign_in(site, context, HOME)
        for its in HER_PAGES:
            page.goto(f"{site.url}/desk/{HOME}/passes/{shown.pass_id}{its}")
            expect_to_fit(page, name)
        page.goto(f"{site.url}/desk/{HOME}/passes?q={shown.code}")
        expect_to_fit(page, name)
        sign_in(site, context, HOST)
        page.goto(f"{site.url}/desk/{HOST}")
        expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
        scan_by_keyboard(page, shown.text)
        expect_to_fit(page, name)
        page.goto(f"{site.url}/desk/{HOST}/today")
        expect_to_fit(page, name)
        show_wallet(site, page, shown)
        expect_to_fit(page, name)
        page.goto(f"{site.url}/wallet/data")
        expect_to_fit(page, name)
