from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.desk.scans import Scan
from cowopass.desk.service import check_in
from tests.browser.desk import (
    HOST,
    a_carried_pass,
    a_paper_ticket,
    leave_no_room,
    scan_by_keyboard,
    sign_in,
    wait_for_worker,
)
from tests.site import Site

HOUR_MS = 3_600_000
SETTLED = 10_000


@pytest.fixture
def desk(site: Site, page: Page) -> Page:
    """Return the scanner of La Rubanerie after its first visit: all is kept for later."""
    visit_first(site, page)
    return page


def visit_first(site: Site, page: Page) -> None:
    sign_in(site, page.context)
    open_scanner(site, page)
    wait_for_worker(page)
    wait_for_bundle(page)


def open_scanner(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici", timeout=SETTLED)


def wait_for_bundle(page: Page) -> None:
    expect(page.locator("#scanner")).to_have_attribute("data-bundle", "1", timeout=SETTLED)


def expect_title(page: Page, title: str, who: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=SETTLED)
    expect(page.locator(".result .who")).to_have_text(who)


def visits(site: Site) -> list[CheckIn]:
    """Return the accepted check-ins of the space."""
    with site.session() as session:
        accepted = (CheckIn.space == HOST, CheckIn.state == "accepted")
        return list(session.scalars(select(CheckIn).where(*accepted)))


def back_on_line(site: Site, page: Page) -> None:
    site.start()
    page.evaluate("dispatchEvent(new Event('online'))")


def test_three_visits_wait_in_a_closed_tab_and_arrive_once(site: Site, desk: Page) -> None:
    shown = [a_paper_ticket(site, name=name).text for name in ("Anne A", "Bilal B", "Chloé C")]
    before = len(visits(site))
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
    back_on_line(site, again)
    expect(again.locator("#waiting-bar")).to_be_hidden(timeout=SETTLED)
    assert len(visits(site)) == before + 3
    again.reload()
    expect(again.locator("#waiting-bar")).to_be_hidden()
    assert len(visits(site)) == before + 3


def test_a_picture_of_a_phones_code_is_refused_offline_too(site: Site, desk: Page) -> None:
    carried = a_carried_pass(site)
    site.stop()
    scan_by_keyboard(desk, carried.text(age_seconds=100))
    expect_title(desk, "Refusé", "Code trop vieux")
    expect(desk.locator(".say")).to_contain_text("fait il y a 1")
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


def test_what_can_not_be_written_down_is_never_shown_green(site: Site, kept_page: Page) -> None:
    visit_first(site, kept_page)
    text = a_paper_ticket(site).text
    site.stop()
    # A browser looks at the room that is left when it opens a store, and it lets one go some
    # seconds after the last page that had it.
    later = kept_page.context.new_page()
    kept_page.close()
    leave_no_room(later, site.url)
    later.wait_for_timeout(4_000)
    open_scanner(site, later)
    scan_by_keyboard(later, text)
    expect_title(later, "Refusé", "Mémoire pleine")


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


def test_an_answer_that_was_lost_on_its_way_counts_once(site: Site, desk: Page) -> None:
    before = len(visits(site))

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    desk.route("**/api/v1/check-ins", lose)
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté", timeout=SETTLED)
    expect(desk.locator(".offbar")).to_be_visible()
    desk.unroute("**/api/v1/check-ins")
    desk.get_by_role("button", name="Scanner le suivant").click()
    back_on_line(site, desk)
    expect(desk.locator("#waiting-bar")).to_be_hidden(timeout=SETTLED)
    assert len(visits(site)) == before + 1


def test_two_tabs_send_a_visit_once(site: Site, desk: Page) -> None:
    other = desk.context.new_page()
    open_scanner(site, other)
    before = len(visits(site))
    site.stop()
    for page in (desk, other):
        scan_by_keyboard(page, a_paper_ticket(site).text)
        expect(page.get_by_role("heading", level=1)).to_have_text("Accepté", timeout=SETTLED)
        page.get_by_role("button", name="Scanner le suivant").click()
    site.start()
    for page in (desk, other):
        page.evaluate("dispatchEvent(new Event('online'))")
    for page in (desk, other):
        page.reload()
        expect(page.locator("#waiting-bar")).to_be_hidden(timeout=SETTLED)
    assert len(visits(site)) == before + 2


def test_what_the_service_decides_otherwise_is_shown_until_it_was_seen(
    site: Site, desk: Page
) -> None:
    shown = a_paper_ticket(site, plan="campeur-jour")
    site.stop()
    scan_by_keyboard(desk, shown.text)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté", timeout=SETTLED)
    desk.get_by_role("button", name="Scanner le suivant").click()
    with site.session() as session:
        scan = Scan(str(uuid4()), "hash", "lampisterie", text=shown.text)
        assert check_in(session, site.config, scan).check_in.state == "accepted"
        session.commit()
    back_on_line(site, desk)
    expect(desk.locator("#waiting-look")).to_have_text("1 passage à regarder", timeout=SETTLED)
    desk.locator("#waiting-bar").click()
    expect(desk.locator("#queue-list")).to_contain_text("Compté, au-delà du solde")
    desk.get_by_role("button", name="Vu").click()
    desk.locator("#queue").get_by_role("button", name="Fermer").click()
    expect(desk.locator("#waiting-bar")).to_be_hidden()


def test_pages_that_name_people_lead_to_the_scanner_without_network(site: Site, desk: Page) -> None:
    site.stop()
    desk.goto(f"{site.url}/desk/{HOST}/today")
    expect(desk).to_have_url(f"{site.url}/desk/{HOST}")
    expect(desk.locator("#scanner")).to_be_visible()


def test_the_page_of_the_day_says_how_many_visits_wait(site: Site, desk: Page) -> None:
    site.stop()
    for _ in range(2):
        scan_by_keyboard(desk, a_paper_ticket(site).text)
        expect_title(desk, "Accepté", "Pass Voyageur, 11 journées")
        desk.get_by_role("button", name="Scanner le suivant").click()
    site.start()
    desk.goto(f"{site.url}/desk/{HOST}/today")
    expect(desk.locator("[data-waiting]")).to_contain_text("attendent le réseau : 2")
    desk.get_by_role("link", name="Garder une copie").click()
    # What waits has been sent once the list for offline work was looked at.
    expect(desk.locator("#scanner")).to_have_attribute("data-bundle", re.compile(r"\d"))
    desk.goto(f"{site.url}/desk/{HOST}/today")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    expect(desk.locator("[data-waiting]")).to_be_hidden()


def test_a_refusal_without_network_leads_back_to_the_service(site: Site, desk: Page) -> None:
    code = a_paper_ticket(site).code
    site.stop()
    desk.get_by_role("button", name="Taper le code").click()
    desk.get_by_label("Huit lettres et chiffres").fill(code)
    desk.get_by_role("button", name="Vérifier ce code").click()
    expect_title(desk, "Refusé", "Réseau nécessaire")
    site.start()
    desk.get_by_role("button", name="Réessayer avec le réseau").click()
    expect_title(desk, "Accepté", "Camille")
