from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cowopass.passes.models import Ticket
from tests.site import Site
from wallet.text import token_from_text, token_to_text


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


BUDGET_BYTES = 250_000


@pytest.mark.parametrize(
    "address",
    ["/", "/spaces/rubanerie", "/spaces/comptoir-numerique/door", "/rules/sainte", "/open-data"],
)
def test_a_page_of_the_front_door_is_light(site: Site, page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(site.url + address, wait_until="networkidle")
    assert 0 < sum(sizes) < BUDGET_BYTES


def test_filters_change_the_list_and_the_address_without_a_new_page(site: Site, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("window.sameOne = true")
    before = page.locator(".space-card").count()
    page.get_by_label("Transport").select_option("Bus")
    expect(page.get_by_role("status")).to_contain_text("correspond")
    assert 0 < page.locator(".space-card").count() < before
    assert page.url == f"{site.url}/?transport=Bus"
    assert page.evaluate("window.sameOne")
    page.reload()
    expect(page.get_by_label("Transport")).to_have_value("Bus")


def test_filters_work_without_javascript(site: Site, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(site.url)
        before = page.locator(".space-card").count()
        page.get_by_label("Transport").select_option("Bus")
        page.get_by_role("button", name="Filtrer").click()
        assert 0 < page.locator(".space-card").count() < before


def test_a_pin_of_the_map_opens_its_space_by_the_keyboard(site: Site, page: Page) -> None:
    page.goto(site.url)
    page.get_by_role("link", name="La Rubanerie :").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("La Rubanerie")


def test_the_door_says_when_its_figures_are_old_and_when_they_are_not(
    site: Site, page: Page
) -> None:
    page.clock.install()
    page.goto(f"{site.url}/spaces/comptoir-numerique/door")
    stale = page.get_by_role("alert")
    expect(stale).to_be_hidden()
    site.stop()
    page.clock.run_for(31_000)
    expect(stale).to_be_visible()
    site.start()
    page.clock.run_for(31_000)
    expect(stale).to_be_hidden()


def a_paper_ticket(site: Site) -> str:
    """Return what the QR code of a paper ticket of the demonstration says."""
    with site.session() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.kind == "paper").limit(1)).one()
    return token_to_text(ticket.token, site.url)


def test_a_passer_by_is_told_whose_pass_it_is_and_sends_it_to_nobody(
    site: Site, page: Page
) -> None:
    text = a_paper_ticket(site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/T#{text.split('#')[1]}")
    sold_by = page.locator("#home")
    expect(sold_by).to_be_visible()
    expect(sold_by.get_by_role("link")).to_have_attribute("href", re.compile("^/spaces/"))
    assert not [url for url in asked if text.split("#")[1] in url.split("#")[0]]


def test_a_code_that_is_no_ticket_is_explained_all_the_same(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/t#MENU-DU-JOUR")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ceci est un pass")
    expect(page.locator("#home")).to_be_hidden()


def test_a_host_who_reads_a_ticket_is_at_the_check_in_at_once(site: Site, browser: Browser) -> None:
    text = a_paper_ticket(site)
    headers = site.headers("host", "sainte", "rubanerie")
    with browser.new_context(extra_http_headers=headers) as context:
        page = context.new_page()
        with page.expect_request(re.compile("/api/v1/check-ins")) as asked:
            page.goto(f"{site.url}/T#{text.split('#')[1]}")
        body = asked.value.post_data_json
    assert body["space"] == "rubanerie"
    assert token_from_text(body["token"]) == token_from_text(text)
