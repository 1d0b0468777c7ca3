"""What holds for every page: accessible, no wider than a small phone, quiet, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from cowopass.passes.wallet import WALLET
from tests.browser.desk import sign_in
from tests.browser.pages import PAGES, Seen
from tests.site import Site

NARROWEST = {"width": 320, "height": 640}
SERIOUS = {"serious", "critical"}
REFUSED = ("404 (NOT FOUND)", "410 (GONE)")


def opened(site: Site, browser: Browser, seen: Seen, **how: object) -> BrowserContext:
    """Return a browser context in which a page is seen by who may see it."""
    headers = site.headers(seen.role, **seen.scope) if seen.role else {}
    context = browser.new_context(**{"locale": "fr-FR", "extra_http_headers": headers, **how})
    if seen.wallet:
        context.add_cookies([{"name": WALLET, "value": site.wallet_link(), "url": site.url}])
    if seen.person:
        sign_in(site, context)
    return context


def with_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("seen", PAGES, ids=lambda seen: seen.address)
def test_a_page_has_no_serious_finding_of_accessibility(site, browser, seen, scheme):
    with opened(site, browser, seen, viewport=NARROWEST, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(site.url + seen.address_at(site))
        found = Axe().run(page).response["violations"]
    assert [
        f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS
    ] == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("seen", PAGES, ids=lambda seen: seen.address)
def test_a_page_fits_a_small_phone_and_says_nothing_to_the_console(site, browser, seen, language):
    asked: list[str] = []
    said: list[str] = []
    with opened(site, browser, seen, viewport=NARROWEST) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(
            f"{site.url}{with_language(seen.address_at(site), language)}", wait_until="networkidle"
        )
        width = page.evaluate("document.documentElement.scrollWidth")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
    assert width <= NARROWEST["width"]
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    assert [text for text in said if not text.endswith(REFUSED)] == []
