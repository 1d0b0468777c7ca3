"""Selling at the desk as a host does it: typing, double clicks, the back button, no JavaScript."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from cowopass.passes.models import Pass
from cowopass.passes.wallet import wallet_url
from cowopass.settlement.service import list_months
from tests.site import Site

SPACE = "comptoir-numerique"


@pytest.fixture
def form(site: Site, page: Page) -> Page:
    """Open the selling form as the host of the Comptoir Numérique."""
    page.context.set_extra_http_headers(site.headers("host", space=SPACE))
    page.goto(f"{site.url}/desk/{SPACE}/passes/sell")
    return page


def count(site: Site) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(Pass)) or 0


def month_with_visits(site: Site) -> str:
    """Return the latest month with lines: on the first of a month the running one has none."""
    with site.session() as session:
        return next(each["period"] for each in list_months(session, "sainte") if each["lines"])


def fill(page: Page, name: str = "Nadia Berger") -> None:
    page.get_by_role("radio", name=re.compile("Voyageur")).first.check()
    page.get_by_label("Prénom et nom").fill(name)


def test_a_pass_is_sold_and_its_code_opens_the_holders_wallet(site: Site, form: Page) -> None:
    fill(form)
    form.get_by_role("button", name=re.compile("Vendre, .* encaissés")).click()
    expect(form.get_by_role("heading", level=1)).to_have_text("C’est vendu, Nadia a son pass")
    picture = form.get_by_role("img", name=re.compile("Code QR")).screenshot()
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(picture)))
    with site.session() as session:
        sold = session.scalars(select(Pass).order_by(Pass.created_at.desc()).limit(1)).one()
        assert read is not None
        assert read.text == wallet_url(site.config, sold.holder)


def test_two_quick_clicks_and_the_back_button_sell_one_pass(site: Site, form: Page) -> None:
    before = count(site)
    fill(form)
    form.get_by_role("button", name=re.compile("Vendre")).dblclick()
    expect(form.get_by_role("heading", level=1)).to_contain_text("C’est vendu")
    sold_at = form.url.partition("?")[0]
    form.go_back()
    fill(form)
    form.get_by_role("button", name=re.compile("Vendre")).click()
    expect(form.get_by_role("heading", level=1)).to_contain_text("C’est vendu")
    assert form.url.partition("?")[0] == sold_at
    assert count(site) == before + 1


def test_a_pass_is_sold_by_keyboard_alone(site: Site, form: Page) -> None:
    before = count(site)
    form.get_by_role("radio").first.focus()
    form.keyboard.press("Space")
    form.get_by_label("Prénom et nom").focus()
    form.keyboard.type("Zoé Martin")
    form.keyboard.press("Enter")
    expect(form.get_by_role("heading", level=1)).to_contain_text("Zoé")
    assert count(site) == before + 1


def test_a_pass_is_sold_without_javascript(site: Site, browser: Browser) -> None:
    headers = site.headers("host", space=SPACE)
    before = count(site)
    with browser.new_context(
        java_script_enabled=False, locale="fr-FR", extra_http_headers=headers
    ) as context:
        page = context.new_page()
        page.goto(f"{site.url}/desk/{SPACE}/passes/sell")
        fill(page)
        page.get_by_label(re.compile("E-mail")).fill("nadia@")
        page.get_by_role("button", name="Vendre").click()
        expect(page.get_by_text("Cette adresse n’est pas entière.")).to_be_visible()
        page.get_by_label(re.compile("E-mail")).fill("nadia@exemple.fr")
        page.get_by_role("button", name="Vendre").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("C’est vendu")
    assert count(site) == before + 1


def test_a_month_is_read_and_contested_without_javascript(site: Site, browser: Browser) -> None:
    headers = site.headers("host", space=SPACE)
    with browser.new_context(
        java_script_enabled=False, locale="fr-FR", extra_http_headers=headers
    ) as context:
        page = context.new_page()
        page.goto(f"{site.url}/desk/{SPACE}/month?month={month_with_visits(site)}")
        page.get_by_role("link", name="contester").first.click()
        page.get_by_label("Pourquoi ?").fill("personne ce jour-là")
        page.get_by_role("button", name="Contester cette ligne").click()
        expect(page.get_by_text("« personne ce jour-là »")).to_be_visible()
        page.get_by_role("link", name="Aujourd’hui").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
