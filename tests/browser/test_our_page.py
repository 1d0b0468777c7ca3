"""A space's own page in a real browser: by keyboard, with its ribbon, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from cowopass.spaces.colours import derive_palette
from cowopass.spaces.models import Space
from tests.site import Site

SLUG = "comptoir-numerique"
ADDRESS = f"/desk/{SLUG}/page"


@pytest.fixture
def host(site: Site) -> dict[str, str]:
    return site.headers("host", space=SLUG)


def saved(site: Site) -> Space:
    with site.session() as session:
        return session.get_one(Space, SLUG)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_hours_of_a_day_are_written_by_keyboard(site, browser: Browser, host, scripts):
    how = {"locale": "fr-FR", "extra_http_headers": host, "java_script_enabled": scripts}
    with browser.new_context(**how) as context:
        page = context.new_page()
        page.goto(site.url + ADDRESS)
        page.get_by_label("Dimanche, ouvre").first.fill("10:00")
        page.get_by_label("Dimanche, ferme").first.fill("12:30")
        page.get_by_role("button", name="Garder notre page").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Votre page est à jour.")
    assert saved(site).opening_hours["sunday"] == [["10:00", "12:30"]]


def test_the_ribbon_follows_the_hue_and_the_weave(site, browser: Browser, host):
    with browser.new_context(extra_http_headers=host, color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{site.url}{ADDRESS}?lang=fr")
        preview = page.locator("[data-preview]")
        page.locator("[name=hue]").fill("30")
        red, green, blue = bytes.fromhex(derive_palette(30).fill.removeprefix("#"))
        expect(preview).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
        page.get_by_label("Tissage 3").check()
        expect(preview.locator(".ribbon")).to_have_attribute("data-weave", "dots")
        page.get_by_role("button", name="Garder notre page").click()
        expect(page.get_by_role("status")).to_be_visible()
    assert (saved(site).hue, saved(site).weave) == (30, "dots")


def test_the_fields_of_a_plan_follow_its_kind(site, browser: Browser, host):
    with browser.new_context(locale="fr-FR", extra_http_headers=host) as context:
        page = context.new_page()
        page.goto(f"{site.url}/desk/{SLUG}/plans/new")
        expect(page.locator("[name=units]")).to_be_visible()
        page.locator("[name=kind]").select_option("unlimited")
        expect(page.locator("[name=units]")).to_be_hidden()
        expect(page.locator("[name=notional_units]")).to_be_visible()
