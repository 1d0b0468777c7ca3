from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.site import Site


def test_the_front_page_asks_no_other_host_and_runs_clean(site: Site, page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []
    assert said == []


def test_the_language_asked_for_once_is_kept(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/?lang=en")
    page.goto(site.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
