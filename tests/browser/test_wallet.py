"""The wallet in a real browser: a living code that a desk takes, also without network."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
import requests
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.mail.models import Mail
from cowopass.nomad.golden import gift_url
from cowopass.passes.golden import hand_over
from cowopass.passes.models import Pass, Plan, Ticket
from cowopass.passes.wallet import wallet_url
from tests.browser.conftest import PHONE
from tests.browser.desk import leave_no_room, wait_for_worker
from tests.browser.keys import press, reach
from tests.site import Site

LIVE = "Code vivant"


@pytest.fixture
def sold(site: Site) -> Pass:
    """Return a book with units left that was used away from home; its holder has an address."""
    with site.session() as session:
        paid_for = CheckIn.charge_cents.is_not(None)
        visited = select(CheckIn.pass_id).where(CheckIn.state == "accepted", paid_for)
        book = select(Pass).join(Plan).where(Plan.kind == "book", Pass.state == "active")
        latest = book.where(Pass.id.in_(visited)).order_by(Pass.ends_on.desc(), Pass.reference)
        found = session.scalars(latest).first()
        assert found is not None
        found.holder.email = "camille@example.org"
        session.commit()
        return found


@pytest.fixture
def opened(site: Site, sold: Pass, page: Page) -> Page:
    """Return the page of the wallet, in a phone that its link was opened on."""
    page.goto(wallet_url(site.config, sold.holder))
    return page


def mailed_code(site: Site) -> str:
    """Return the code of six digits that was mailed last."""
    with site.session() as session:
        codes = select(Mail.text).where(Mail.subject.startswith("Votre code"))
        latest = session.scalars(codes.order_by(Mail.queued_at.desc())).first() or ""
    return str(re.findall(r"\b\d{3} \d{3}\b", latest)[0])


def bind(site: Site, page: Page) -> None:
    """Turn the living code on, by the code that was mailed."""
    page.get_by_role("button", name="Activer le code vivant").click()
    field = page.get_by_label("Le code à six chiffres")
    expect(field).to_be_visible()
    field.fill(mailed_code(site))
    page.get_by_role("button", name="Valider le code").click()
    expect(page.get_by_text(LIVE, exact=True)).to_be_visible()
    expect(page.locator("#code[data-text]")).to_be_visible()


def drawn(page: Page) -> str:
    """Return what a camera reads from the screen."""
    image = Image.open(io.BytesIO(page.locator(".qr-box").screenshot()))
    return str(zxingcpp.read_barcodes(image)[0].text)


@pytest.fixture
def scan(site: Site) -> Callable[[str], requests.Response]:
    """Return a function that shows a text at the desk of the Comptoir."""
    headers = site.headers("host", space="comptoir-numerique")

    def post(text: str) -> requests.Response:
        late = {"reason": "whatever the hour"}
        body = {"id": str(uuid4()), "space": "comptoir-numerique", "token": text, "override": late}
        address = f"{site.url}/api/v1/check-ins/preview"
        return requests.post(address, json=body, headers=headers, timeout=10)

    return post


def test_every_unit_of_a_book_is_seen_as_a_token(opened):
    card = opened.locator(".pass").bounding_box()
    boxes = [box.bounding_box() for box in opened.locator(".tokens svg").all()]
    assert card is not None
    assert boxes
    assert max(box["x"] + box["width"] for box in boxes if box) <= card["x"] + card["width"]


def test_a_desk_takes_what_the_phone_shows_and_it_is_alive(site, opened, scan):
    bind(site, opened)
    first = drawn(opened)
    assert first == opened.locator("#code").get_attribute("data-text")
    assert scan(first).json()["state"] == "accepted"
    expect(opened.locator("#clock")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(opened.locator("#code")).not_to_have_attribute("data-text", first, timeout=25_000)
    assert drawn(opened) != first


def test_the_code_lives_on_without_network_after_a_reload(site, opened, scan):
    bind(site, opened)
    wait_for_worker(opened)
    opened.reload()
    site.stop()
    opened.reload()
    expect(opened.get_by_text(LIVE, exact=True)).to_be_visible()
    expect(opened.get_by_text("Votre code marche, montrez-le.")).to_be_visible()
    shown = drawn(opened)
    site.start()
    assert scan(shown).json()["state"] == "accepted"


def test_a_second_phone_takes_over_and_the_first_says_so(site, sold, opened, browser: Browser):
    bind(site, opened)
    with browser.new_context(locale="fr-FR", viewport=PHONE) as other:
        second = other.new_page()
        second.goto(wallet_url(site.config, sold.holder))
        bind(site, second)
    opened.reload()
    expect(opened.get_by_text("dans un autre téléphone", exact=False)).to_be_visible()
    expect(opened.get_by_text(LIVE, exact=True)).to_be_hidden()


def test_where_nothing_can_be_kept_the_printed_code_is_shown(site, sold, page):
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('blocked') }")
    page.goto(wallet_url(site.config, sold.holder))
    expect(page.get_by_text("Ce navigateur ne garde rien", exact=False)).to_be_visible()
    expect(page.get_by_text("Code imprimé", exact=False)).to_be_visible()
    assert drawn(page).startswith("HTTP")


def test_closing_the_wallet_leaves_nothing_of_it(site, opened):
    bind(site, opened)
    opened.locator("summary").click()
    opened.get_by_role("button", name="Fermer sur ce téléphone").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Votre pass n’est pas ouvert ici")
    expect(opened.locator("html[data-forgotten]")).to_be_attached()
    kept = "indexedDB.databases().then((all) => all.map((one) => one.name))"
    assert opened.evaluate(kept) == []


def test_the_first_load_is_light(site, sold, page):
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body()) if answer.ok else 0))
    page.goto(wallet_url(site.config, sold.holder), wait_until="load")
    assert 50_000 < sum(sizes) < 250_000


def test_a_golden_ticket_is_copied_where_the_phone_can_not_share(opened):
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.get_by_role("link", name="Offrir").click()
    opened.get_by_label("Pour qui ?").fill("Noé")
    opened.get_by_role("button", name="Offrir par un lien").click()
    opened.evaluate("navigator.share = undefined")
    opened.get_by_role("link", name="Envoyer").click()
    expect(opened.get_by_text("Lien copié.")).to_be_visible()
    assert "/wallet/gift/" in opened.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("which", ["gift", "visit"])
def test_pages_behind_a_link_are_accessible_on_a_small_phone(site, sold, opened, which):
    opened.set_viewport_size({"width": 320, "height": 640})
    if which == "gift":
        with site.app.app_context(), site.session() as session:
            _, ticket = hand_over(session, site.config, sold.id)
            session.commit()
        opened.goto(gift_url(site.config, ticket))
        expect(opened.get_by_role("heading", level=1)).to_have_text("Un ticket d’or pour vous")
    else:
        opened.goto(f"{site.url}/wallet/visits")
        opened.locator("main .lines a").first.click()
        expect(opened.get_by_text("Pris sur le pass")).to_be_visible()
    found = Axe().run(opened).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("minutes", [60, -60])
def test_a_wrong_clock_is_told_and_the_code_still_opens_the_door(site, sold, page, scan, minutes):
    page.add_init_script(f"const right = Date.now; Date.now = () => right() + {minutes} * 60_000;")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.goto(wallet_url(site.config, sold.holder))
    bind(site, page)
    expect(page.get_by_text("L’heure de ce téléphone est décalée", exact=False)).to_be_visible()
    assert scan(drawn(page)).json()["state"] == "accepted"
    assert len(loads) < 8, "the page comes up anew without end"


def test_a_phone_without_room_says_so_and_takes_the_pass_from_no_other(site, sold, kept_page):
    kept_page.goto(wallet_url(site.config, sold.holder))
    leave_no_room(kept_page, site.url)
    kept_page.get_by_role("button", name="Activer le code vivant").click()
    expect(kept_page.locator("#bind-error")).to_contain_text("mémoire pleine")
    with site.session() as session:
        live = select(Ticket.jti).where(Ticket.pass_id == sold.id, Ticket.kind == "live")
        assert session.scalars(live).all() == []


def test_the_code_is_made_alive_and_a_visit_contested_by_keyboard_alone(site, sold, opened):
    press(opened, opened.get_by_role("button", name="Activer le code vivant"))
    expect(opened.get_by_label("Le code à six chiffres")).to_be_focused()
    opened.keyboard.type(mailed_code(site))
    opened.keyboard.press("Enter")
    expect(opened.get_by_text(LIVE, exact=True)).to_be_visible()
    press(opened, opened.get_by_role("link", name="Mes passages"))
    away = f"main li a:not(:has([data-space={sold.home}]))"
    press(opened, opened.locator(away).first)
    reach(opened, opened.get_by_label("Que s’est-il passé ?"))
    opened.keyboard.type("Ce jour-là, je n’y étais pas.")
    press(opened, opened.get_by_role("button", name="Contester ce passage"))
    expect(opened.locator(".thread")).to_contain_text("Ce jour-là, je n’y étais pas.")
