from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from tests.browser.desk import (
    HOST,
    a_carried_pass,
    a_paper_ticket,
    open_always,
    scan_by_keyboard,
    sign_in,
)
from tests.site import Site

HOUR_MS = 3_600_000
SETTLED = 10_000
FULL_DISK = """() => {
  IDBObjectStore.prototype.add = function () {
    this.transaction.abort();
    throw new DOMException("no room", "QuotaExceededError");
  };
}"""


@pytest.fixture
def desk(site: Site, page: Page) -> Page:
    """Return the scanner of La Rubanerie after its first visit: all is kept for later."""
    open_always(site)
    sign_in(site, page.context)
    open_scanner(site, page)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    wait_for_bundle(page)
    return page


def open_scanner(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici", timeout=SETTLED)


def wait_for_bundle(page: Page) -> None:
    expect(page.locator("#scanner")).to_have_attribute("data-bundle", "1", timeout=SETTLED)


def expect_title(page: Page, title: str, who: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=SETTLED)
    expect(page.locator(".result .who")).to_have_text(who)


def recorded(site: Site) -> list[CheckIn]:
    with site.session() as session:
        made = select(CheckIn).where(CheckIn.space == HOST, CheckIn.source == "offline")
        return list(session.scalars(made.order_by(CheckIn.recorded_at)))


def test_three_visits_wait_in_a_closed_tab_and_arrive_once(site: Site, desk: Page) -> None:
    shown = [a_paper_ticket(site, name=name).text for name in ("Anne A", "Bilal B", "Chloé C")]
    before = len(recorded(site))
    site.stop()
    for text in shown:
        scan_by_keyboard(desk, text)
        expect_title(desk, "Accepté", "Pass Voyageur, 11 journées")
        expect(desk.locator(".offbar")).to_contain_text("Hors ligne")
        desk.get_by_role("button", name="Scanner le suivant").click()
    expect(desk.locator("#waiting-count")).to_have_text("3")
    context = desk.context
    desk.close()
    again = context.new_page()
    open_scanner(site, again)
    expect(again.locator("#waiting-count")).to_have_text("3")
    site.start()
    again.evaluate("dispatchEvent(new Event('online'))")
    expect(again.locator("#waiting-bar")).to_be_hidden(timeout=SETTLED)
    rows = recorded(site)[before:]
    assert [row.state for row in rows] == ["accepted"] * 3
    again.reload()
    expect(again.locator("#waiting-bar")).to_be_hidden()
    assert len(recorded(site)) == before + 3


def test_a_picture_of_a_phones_code_is_refused_offline_too(site: Site, desk: Page) -> None:
    carried = a_carried_pass(site)
    site.stop()
    scan_by_keyboard(desk, carried.text(age_seconds=100))
    expect_title(desk, "Refusé", "Code trop vieux")
    desk.get_by_role("button", name="Scanner encore").click()
    scan_by_keyboard(desk, carried.text())
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté")


def test_a_clock_that_was_put_back_lets_nobody_in(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    site.stop()
    desk.evaluate(f"(() => {{ const now = Date.now; Date.now = () => now() - {HOUR_MS}; }})()")
    scan_by_keyboard(desk, text)
    expect_title(desk, "Refusé", "Heure déréglée")


def test_a_list_of_last_week_lets_nobody_in(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    site.stop()
    desk.evaluate(
        f"(() => {{ const now = Date.now; Date.now = () => now() + {8 * 24 * HOUR_MS}; }})()"
    )
    scan_by_keyboard(desk, text)
    expect_title(desk, "Refusé", "Liste trop vieille")


def test_who_comes_back_without_network_is_known_from_the_morning(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    scan_by_keyboard(desk, text)
    expect_title(desk, "Accepté", "Camille")
    site.stop()
    scan_by_keyboard(desk, text)
    expect(desk.get_by_role("heading", level=1)).to_have_text(
        "Déjà passée aujourd’hui", timeout=SETTLED
    )


def test_a_code_typed_without_network_needs_it(site: Site, desk: Page) -> None:
    code = a_paper_ticket(site).code
    site.stop()
    desk.get_by_role("button", name="Taper le code").click()
    desk.get_by_label("Huit lettres et chiffres").fill(code)
    desk.get_by_role("button", name="Vérifier ce code").click()
    expect_title(desk, "Refusé", "Réseau nécessaire")


def test_what_can_not_be_written_down_is_never_shown_green(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    site.stop()
    desk.evaluate(FULL_DISK)
    scan_by_keyboard(desk, text)
    expect_title(desk, "Refusé", "Mémoire pleine")


def test_a_visit_undone_without_network_stays_in_the_queue_and_in_its_file(
    site: Site, desk: Page
) -> None:
    site.stop()
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect_title(desk, "Accepté", "Pass Voyageur, 11 journées")
    desk.locator("#answer").get_by_role("button", name="Annuler").click()
    expect(desk.locator("#hint")).to_contain_text("C’est annulé")
    desk.locator("#waiting-bar").click()
    expect(desk.locator("#queue-list")).to_contain_text("Annulé")
    with desk.expect_download() as saved:
        desk.get_by_role("button", name="Enregistrer la file").click()
    assert saved.value.path().read_text().count("\n") == 1
