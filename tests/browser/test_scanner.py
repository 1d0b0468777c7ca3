from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserType, Locator, Page, Route, expect
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.networks.models import Agreement
from cowopass.passes.models import Pass, PassUsage
from cowopass.spaces.models import Space
from tests.browser.desk import (
    HOST,
    Look,
    a_camera,
    a_carried_pass,
    a_paper_ticket,
    draw,
    scan_by_keyboard,
    sign_in,
    write_video,
)
from tests.browser.keys import press
from tests.site import Site
from wallet.qr import LIVE_LEVEL

FIRST_LOAD = 250_000
"""What the desk may load at first, in bytes, without the reader of codes."""


def be_patient(route: Route) -> None:
    """Let a desk wait longer than a host would: a busy test machine is no missing network."""
    script = route.fetch().text()
    route.fulfill(body=re.sub("2_500|10_000", "20_000", script), content_type="text/javascript")


@pytest.fixture
def desk(site: Site, page: Page) -> Page:
    """Return the scanner of La Rubanerie, where there is no camera."""
    sign_in(site, page.context)
    page.route("**/static/host/server.js", be_patient)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
    return page


def test_a_ticket_read_by_a_keyboard_scanner_is_let_in(site: Site, desk: Page) -> None:
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepté")
    expect(desk.locator(".who")).to_have_text("Camille")
    expect(desk.locator(".unit")).to_have_text("1 journée")
    expect(desk.locator(".facts").first).to_contain_text("10 journées")


LOOKS = [
    Look(),
    Look(width=300, tilt=12),
    Look(width=480, tilt=-25, blur=0.8),
    Look(width=400, tilt=170, noise=60),
]


LIVE_LOOKS = [
    Look(width=560),
    Look(width=500, tilt=8, blur=0.6),
    Look(width=620, tilt=-5, noise=40),
]


@pytest.mark.parametrize("look", LIVE_LOOKS, ids=str)
def test_a_camera_reads_a_phones_living_code(
    site: Site,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    look: Look,
) -> None:
    frame = draw(a_carried_pass(site).text(), look, LIVE_LEVEL)
    video = write_video(tmp_path / "camera.y4m", [frame])
    with a_camera(browser_type, browser_type_launch_args, video) as page:
        sign_in(site, page.context)
        page.goto(f"{site.url}/desk/{HOST}")
        expect(page.locator(".result .who")).to_have_text("Samir", timeout=15_000)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_camera_reads_a_real_ticket(
    site: Site,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    look: Look,
) -> None:
    video = write_video(tmp_path / "camera.y4m", [draw(a_paper_ticket(site).text, look)])
    with a_camera(browser_type, browser_type_launch_args, video) as page:
        sign_in(site, page.context)
        page.goto(f"{site.url}/desk/{HOST}")
        expect(page.locator(".result .who")).to_have_text("Camille", timeout=15_000)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_a_code_that_is_no_pass_is_told_without_a_word_of_computing(desk: Page) -> None:
    scan_by_keyboard(desk, "https://restaurant.example/menu")
    expect(heading(desk)).to_have_text("Refusé")
    expect(desk.locator(".who")).to_have_text("Pas un pass")
    expect(desk.locator(".todo li")).to_have_count(2)
    expect(desk.get_by_role("link", name="Vendre une journée ici")).to_be_visible()


def test_half_a_code_is_told_as_cut(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    scan_by_keyboard(desk, text[: len(text) // 2])
    expect(desk.locator(".who")).to_have_text("Code coupé")


def test_a_picture_of_a_phones_code_is_told_by_its_age(site: Site, desk: Page) -> None:
    scan_by_keyboard(desk, a_carried_pass(site).text(age_seconds=250))
    expect(desk.locator(".who")).to_have_text("Code trop vieux")
    expect(desk.locator(".say")).to_contain_text("fait il y a 4 minutes")
    expect(desk.get_by_role("button", name="Scanner encore")).to_be_visible()


def test_a_slip_in_a_typed_code_is_seen_before_it_is_sent(site: Site, desk: Page) -> None:
    code = a_paper_ticket(site).code
    other = "3" if code[0] != "3" else "4"
    desk.get_by_role("button", name="Taper le code").click()
    field = desk.get_by_label("Huit lettres et chiffres")
    field.fill(other + code[1:])
    field.press("Enter")
    expect(desk.locator("#code-slip")).to_be_visible()
    field.fill(f"{code[:4].lower()} {code[4:]}")
    field.press("Enter")
    expect(heading(desk)).to_have_text("Accepté")


def test_the_same_ticket_twice_in_a_breath_is_one_visit(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    for _ in range(2):
        scan_by_keyboard(desk, text)
        expect(desk.locator(".facts").first).to_contain_text("10 journées")
        desk.get_by_role("button", name="Scanner le suivant").click()
        expect(desk.locator("#answer > *")).to_have_count(0)


def test_a_typed_code_waits_for_a_service_that_is_slow(site: Site, page: Page) -> None:
    def be_slow(route: Route) -> None:
        page.wait_for_timeout(4_000)
        route.continue_()

    sign_in(site, page.context)
    page.route("**/api/v1/check-ins/preview", be_slow)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.locator("#hint")).to_contain_text("Pas de caméra ici")
    scan_by_keyboard(page, a_paper_ticket(site).code)
    expect(heading(page)).to_have_text("Accepté", timeout=15_000)


def test_a_visit_is_taken_back_at_one_touch_also_from_the_camera(site: Site, desk: Page) -> None:
    text = a_paper_ticket(site).text
    scan_by_keyboard(desk, text)
    expect(heading(desk)).to_have_text("Accepté")
    desk.get_by_role("button", name="Scanner le suivant").click()
    desk.get_by_role("button", name="Annuler : Camille").click()
    expect(desk.locator("#hint")).to_contain_text("rien n’est compté")
    scan_by_keyboard(desk, text)
    expect(desk.locator(".facts").first).to_contain_text("10 journées")


def test_a_code_is_typed_and_its_visit_taken_back_by_keyboard_alone(site: Site, desk: Page) -> None:
    press(desk, desk.get_by_role("button", name="Taper le code"))
    desk.keyboard.type(a_paper_ticket(site).code)
    desk.keyboard.press("Enter")
    expect(heading(desk)).to_have_text("Accepté")
    press(desk, desk.locator("#answer").get_by_role("button", name="Annuler"))
    expect(desk.locator("#hint")).to_contain_text("rien n’est compté")


def test_another_unit_is_counted_instead(site: Site, desk: Page) -> None:
    scan_by_keyboard(desk, a_paper_ticket(site, plan="voyageur-demi").text)
    expect(desk.locator(".unit")).to_have_text("1 demi-journée")
    desk.get_by_role("button", name="Passer à la journée").click()
    expect(desk.locator(".unit")).to_have_text("1 journée")
    expect(desk.locator(".facts").first).to_contain_text("9 demi-journées")
    desk.get_by_role("button", name="Plutôt ½ journée").click()
    expect(desk.locator(".unit")).to_have_text("1 demi-journée")
    expect(desk.locator(".facts").first).to_contain_text("10 demi-journées")


def test_a_day_for_half_of_one_is_told_before_it_is_counted(site: Site, desk: Page) -> None:
    desk.get_by_text("½ journée", exact=True).click()
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect(heading(desk)).to_have_text("À vous de décider")
    expect(desk.locator(".say")).to_contain_text("Je compte 1 journée")
    desk.get_by_role("button", name="Compter 1 journée").click()
    expect(heading(desk)).to_have_text("Accepté")


def test_a_full_space_lets_in_by_a_reason_that_is_kept(site: Site, desk: Page) -> None:
    with site.session() as session:
        session.get_one(Space, HOST).visitors_per_day = 0
        session.commit()
    scan_by_keyboard(desk, a_paper_ticket(site).text)
    expect(desk.locator(".who")).to_have_text("Visiteurs au complet")
    desk.get_by_role("button", name="Accepter quand même").click()
    expect(heading(desk)).to_have_text("À vous de décider")
    desk.get_by_label("Pourquoi accepter").fill("Elle ne reste que la matinée")
    desk.get_by_role("button", name="Accepter quand même").click()
    expect(heading(desk)).to_have_text("Accepté")


def test_a_camera_that_is_refused_leaves_the_keyboard(
    site: Site, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> None:
    args = [*browser_type_launch_args["args"], "--use-fake-device-for-media-stream"]
    launch = {**browser_type_launch_args, "args": [*args, "--deny-permission-prompts"]}
    with browser_type.launch(**launch) as browser:
        page = browser.new_page(locale="fr-FR")
        sign_in(site, page.context)
        page.goto(f"{site.url}/desk/{HOST}")
        expect(page.locator("#hint")).to_contain_text("La caméra est refusée")


def test_another_camera_is_chosen_and_remembered(site: Site, two_cameras: Page) -> None:
    two_cameras.goto(f"{site.url}/desk/{HOST}")
    two_cameras.get_by_role("button", name="Autre caméra").click()
    wait_for_camera(two_cameras, "fake_device_1")
    two_cameras.reload()
    wait_for_camera(two_cameras, "fake_device_1")
    expect(two_cameras.locator("#hint")).to_have_text("Montrez le code à la caméra")
    expect(two_cameras.get_by_role("button", name="Lampe")).to_be_hidden()


def wait_for_camera(page: Page, name: str) -> None:
    """Wait until a camera is the one in use.

    The page is asked anew each time: `wait_for_function` evaluates within the page, and there
    the content security policy forbids it.
    """
    in_use = "document.querySelector('video').srcObject?.getVideoTracks()[0]?.label"
    for _ in range(100):
        if page.evaluate(in_use) == name:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the camera is {page.evaluate(in_use)!r}, not {name!r}")


def test_a_browser_that_may_forget_is_told_of(site: Site, page: Page) -> None:
    asked: list[bool] = []

    def note(is_kept: bool) -> None:  # noqa: FBT001 (what the page calls)
        asked.append(is_kept)

    page.expose_function("asked", note)
    page.add_init_script(
        "const keep = navigator.storage.persist.bind(navigator.storage);"
        "navigator.storage.persist = async () => { const is = await keep(); asked(is); return is; }"
    )
    sign_in(site, page.context)
    page.goto(f"{site.url}/desk/{HOST}")
    expect(page.get_by_text("Ce navigateur peut effacer les passages")).to_be_visible()
    assert asked == [False]


def test_a_ticket_that_a_phones_own_camera_has_read_is_shown_at_once(
    site: Site, desk: Page
) -> None:
    text = quote(a_paper_ticket(site).text, safe="")
    desk.goto(f"{site.url}/desk/{HOST}#t={text}")
    expect(heading(desk)).to_have_text("Accepté")
    assert "#" not in desk.url


def test_the_first_visit_loads_little_and_the_reader_once(site: Site, page: Page) -> None:
    sign_in(site, page.context)
    sizes: dict[str, int] = {}
    page.on(
        "requestfinished", lambda one: sizes.setdefault(one.url, one.sizes()["responseBodySize"])
    )
    page.goto(f"{site.url}/desk/{HOST}", wait_until="networkidle")
    first = {url: size for url, size in sizes.items() if not url.endswith(".wasm")}
    assert len(first) > 20
    assert sum(first.values()) < FIRST_LOAD, sorted(first.items(), key=lambda one: -one[1])[:9]


def test_each_of_two_visitors_can_be_taken_back(site: Site, desk: Page) -> None:
    for name in ("Anne Morel", "Zoé Blanc"):
        scan_by_keyboard(desk, a_paper_ticket(site, name=name).text)
        expect(desk.locator(".result .who")).to_have_text(name.split()[0])
        undo = desk.locator("#answer").get_by_role("button", name="Annuler")
        expect(undo).to_contain_text("s")
    undo.click()
    expect(desk.locator("#hint")).to_contain_text("rien n’est compté")


def test_a_pass_without_units_is_let_in_by_its_golden_ticket(site: Site, desk: Page) -> None:
    shown = a_paper_ticket(site)
    with site.session() as session:
        used = {"units_used": 11, "golden_used": 0, "value_given_cents": 15_000}
        session.add(PassUsage(pass_id=shown.pass_id, bucket="life", **used))
        session.commit()
    scan_by_keyboard(desk, shown.text)
    expect(desk.locator(".who")).to_have_text("Pass vide")
    desk.get_by_role("button", name="Utiliser son ticket d’or").click()
    expect(heading(desk)).to_have_text("Accepté")
    expect(desk.locator(".facts").first).to_contain_text("Ticket d’or utilisé")


def test_a_visit_that_a_pass_does_not_cover_leads_to_the_unit_that_it_does(
    site: Site, desk: Page
) -> None:
    desk.get_by_text("Journée", exact=True).click()
    scan_by_keyboard(desk, a_paper_ticket(site, plan="campeur-heure").text)
    expect(desk.locator(".who")).to_have_text("Visite trop longue")
    desk.get_by_role("button", name="Compter 1 heure").click()
    expect(desk.locator(".unit")).to_have_text("1 heure")


def test_a_refusal_leads_to_a_sale_of_what_the_space_sells(site: Site, desk: Page) -> None:
    shown = a_paper_ticket(site)
    with site.session() as session:
        session.get_one(Pass, shown.pass_id).state = "suspended"
        session.commit()
    scan_by_keyboard(desk, shown.text)
    sale = desk.get_by_role("link", name="Vendre une journée ici")
    expect(sale).to_contain_text("€")
    sale.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Vendre un pass")
    expect(desk.locator("input[name=plan]:checked")).to_have_count(1)


def test_a_host_may_decline_a_visit_that_the_cap_makes_cheaper(site: Site, desk: Page) -> None:
    with site.session() as session:
        for agreement in session.scalars(select(Agreement).where(Agreement.host == "sainte")):
            agreement.liability_cap_bps = 100
        session.commit()
    shown = a_paper_ticket(site, plan="resident")
    scan_by_keyboard(desk, shown.text)
    expect(desk.locator(".who")).to_have_text("Plafond du mois")
    earned = desk.locator(".todo .facts div").filter(has_text="Votre lieu gagne")
    expect(earned).to_contain_text("2,66")  # 1 % of 280 €, less the levy
    desk.get_by_role("button", name="Ne pas accepter").click()
    expect(desk.locator("#answer > *")).to_have_count(0)
    visits = select(CheckIn.id).where(CheckIn.pass_id == shown.pass_id)
    with site.session() as session:
        assert session.scalars(visits).all() == []
    desk.wait_for_timeout(3_500)  # the ticket has left the counter
    scan_by_keyboard(desk, shown.text)
    desk.get_by_role("button", name="Accepter quand même").click()
    expect(heading(desk)).to_have_text("Accepté")
