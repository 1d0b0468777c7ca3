"""A phone becomes a device of a desk, by the code that a host shows, until she cuts it off."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import HOST, sign_in
from tests.site import Site

PHONE = {"width": 390, "height": 844}


def test_a_phone_that_reads_the_code_scans_until_it_is_cut_off(
    site: Site, page: Page, browser: Browser
) -> None:
    sign_in(site, page.context)
    page.goto(f"{site.url}/desk/{HOST}/devices")
    page.get_by_role("button", name="Relier un appareil").click()
    address = read_code(page)
    with browser.new_context(locale="fr-FR", viewport=PHONE) as context:
        phone = context.new_page()
        phone.goto(address)
        assert phone.url == f"{site.url}/desk/pair"
        phone.get_by_label("Son nom").fill("Téléphone de l’accueil")
        phone.get_by_role("button", name="Relier cet appareil").click()
        expect(phone).to_have_url(f"{site.url}/desk/{HOST}")
        # The host's page has seen it by itself.
        expect(page.get_by_text("Il vient d’être relié.")).to_be_visible()
        page.get_by_label("Couper Téléphone de l’accueil").click()
        page.get_by_role("button", name="Oui, couper").click()
        expect(page.get_by_text("Aucun appareil encore.")).to_be_visible()
        phone.goto(f"{site.url}/desk/{HOST}/today")
        expect(phone).to_have_url(f"{site.url}/sign-in?next=/desk/{HOST}/today")


def test_a_code_is_typed_where_there_is_no_camera(site: Site, page: Page, browser: Browser) -> None:
    sign_in(site, page.context)
    page.goto(f"{site.url}/desk/{HOST}/devices")
    page.get_by_role("button", name="Relier un appareil").click()
    code = page.locator(".typed-code").inner_text()
    with browser.new_context(locale="fr-FR") as context:
        computer = context.new_page()
        computer.goto(f"{site.url}/desk/pair")
        computer.get_by_label("Le code montré par votre lieu").fill(code.lower())
        computer.get_by_label("Son nom").fill("Ordinateur")
        computer.get_by_role("button", name="Relier cet appareil").click()
        expect(computer).to_have_url(f"{site.url}/desk/{HOST}")


def test_a_code_that_never_was_is_refused_and_hidden_from_the_address(
    site: Site, page: Page
) -> None:
    page.goto(f"{site.url}/desk/pair#9KC5-R2YV")
    expect(page.get_by_label("Le code montré par votre lieu")).to_be_hidden()
    assert page.url == f"{site.url}/desk/pair"
    page.get_by_label("Son nom").fill("Tablette")
    page.get_by_role("button", name="Relier cet appareil").click()
    expect(page.get_by_role("alert")).to_contain_text("ne marche plus")


def read_code(page: Page) -> str:
    """Return what a camera reads in the code on the screen."""
    picture = page.get_by_role("img", name="Code à viser").screenshot()
    return str(zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].text)
