"""The treasurer's journey in a real browser: a month from collecting to settled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cowopass.settlement.service import list_months
from tests.browser.conftest import PHONE
from tests.browser.keys import press
from tests.site import Site


@pytest.fixture
def desk(site: Site, browser: Browser) -> Iterator[Page]:
    headers = site.headers("treasurer", network="sainte")
    with browser.new_context(locale="fr-FR", viewport=PHONE, extra_http_headers=headers) as context:
        yield context.new_page()


def month_in(site: Site, state: str) -> str:
    """Return the address of the latest month with lines that is in a state."""
    with site.session() as session:
        months = list_months(session, "sainte")
    found = next(each["period"] for each in months if each["state"] == state and each["lines"])
    return f"{site.url}/treasury/sainte/{found}"


def pay_everything(desk: Page) -> None:
    """Note every payment of the month shown, the first of them in two parts."""
    while desk.get_by_text("Noter un paiement : il reste").count():
        form = desk.locator("form:has(input[name=amount])").first
        # The second tap on the lock may have landed here, and have opened it already.
        if not form.is_visible():
            desk.get_by_text("Noter un paiement : il reste").first.click()
        noted = desk.get_by_text("payés le")
        before = noted.count()
        if before == 0:
            form.get_by_label("Somme vue sur le relevé de banque").fill("1,00")
        form.get_by_role("button", name="Noter ce paiement").click()
        expect(noted).to_have_count(before + 1)
    expect(desk.get_by_role("heading", name="Ce mois est soldé")).to_be_visible()


def test_a_month_is_locked_with_two_taps_and_paid_in_parts_until_it_is_settled(site, desk):
    address = month_in(site, "review")
    desk.goto(address)
    desk.get_by_role("link", name="Verrouiller").click()
    desk.get_by_role("button", name="Verrouiller pour de bon").dblclick()
    expect(desk.get_by_role("status").first).to_contain_text("est verrouillé.")
    pay_everything(desk)


def test_a_month_is_locked_and_a_payment_noted_by_keyboard_alone(site, desk):
    desk.goto(month_in(site, "review"))
    press(desk, desk.get_by_role("link", name="Verrouiller"))
    press(desk, desk.get_by_role("button", name="Verrouiller pour de bon"))
    expect(desk.get_by_role("status").first).to_contain_text("est verrouillé.")
    press(desk, desk.locator("summary", has_text="Noter un paiement").first)
    press(desk, desk.get_by_role("button", name="Noter ce paiement").first)
    expect(desk.get_by_role("status").first).to_contain_text("Noté :")


def test_the_chord_says_what_the_table_says(site, desk):
    desk.goto(month_in(site, "locked"))
    expect(desk.locator(".chord .arc").first).to_be_attached()
    said = " ".join(desk.locator(".chord .band title").all_text_contents())
    cells = desk.locator(".matrix td[class^=q] a")
    assert cells.count() > 10
    for cell in cells.all():
        figure = cell.text_content().rpartition(":")[2].strip()
        assert f"{figure}\xa0€" in said


def test_a_figure_is_reached_by_keyboard_and_leads_to_its_lines(site, desk):
    desk.goto(month_in(site, "locked"))
    figure = desk.locator(".bars .amount a").first
    shown = figure.text_content().partition(",\xa0voir")[0].partition(", voir")[0]
    for _ in range(60):
        if figure.evaluate("one => one === document.activeElement"):
            break
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Lignes de")
    expect(desk.locator(".sum-of-lines")).to_contain_text(shown)


@pytest.mark.parametrize(("state", "path"), [("review", ""), ("review", "/lock"), ("locked", "")])
def test_the_pages_of_a_full_month_are_accessible_and_fit_a_small_phone(site, desk, state, path):
    desk.set_viewport_size({"width": 320, "height": 640})
    desk.goto(month_in(site, state) + path)
    found = Axe().run(desk).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_lines_of_a_month_are_accessible_and_come_page_by_page(site, desk):
    desk.goto(f"{month_in(site, 'locked')}/lines")
    found = Axe().run(desk).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert desk.locator("tbody tr").count() == 100
    desk.get_by_role("link", name="Lignes suivantes").click()
    expect(desk.locator("tbody tr").first).to_be_visible()
