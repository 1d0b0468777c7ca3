"""Statements are verified in the browser, and nothing of them leaves it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from clearing.reading import read_head
from cowopass.documents.statements import read_statement
from cowopass.ledger.models import Period
from cowopass.networks.keys import published_keys
from tests.site import Site
from tests.vectors.make import HERE
from wallet.encoding import base64url_decode, base64url_encode

Kept = list[dict[str, Any]]


@pytest.fixture
def kept(site: Site) -> Kept:
    """The statements of the months that are locked, oldest first, as a space keeps them."""
    with site.session() as session, site.app.app_context():
        months = session.scalars(
            select(Period.month)
            .where(Period.network == "sainte", Period.locked_at.is_not(None))
            .order_by(Period.month)
        ).all()
        found = [read_statement(session, site.config, "sainte", one, "rubanerie") for one in months]
        session.commit()
    return [json.loads(json.dumps(one)) for one in found]


def a_file(name: str, content: bytes | dict[str, Any]) -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def choose(page: Page, *files: Any) -> None:
    page.locator("#files").set_input_files(list(files))


def test_a_statement_holds_by_the_published_keys_with_the_network_cut(
    site: Site, page: Page, kept: Kept
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto(f"{site.url}/verify", wait_until="networkidle")
    site.stop()
    before = len(asked)
    choose(page, a_file("rubanerie.json", kept[-1]))
    card = page.locator(".verdict")
    expect(card).to_contain_text("Tout est juste.")
    expect(card).to_contain_text("que ce site publie pour le réseau")
    expect(card).to_contain_text(read_head(kept[-1]["head"])["root"])
    assert asked[before:] == []
    assert {one.partition(" ")[0] for one in asked} == {"GET"}


def test_each_wrong_line_is_named_with_what_is_wrong(site: Site, page: Page, kept: Kept) -> None:
    document = kept[-1]
    document["lines"][1]["amount_cents"] += 1
    page.goto(f"{site.url}/verify")
    choose(page, a_file("changed.json", document))
    expect(page.locator(".verdict")).to_contain_text("Quelque chose ne tient pas.")
    wrong = page.locator(".verdict li:has(.wrong:visible)")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("Cette ligne n’est plus celle qui a été écrite")
    expect(wrong).to_contain_text("n’est pas dans le mois que le réseau a signé")
    sums = page.locator("[data-question=sums]")
    expect(sums.get_by_label("faux")).to_be_visible()
    expect(page.locator("[data-question=signature]").get_by_label("juste")).to_be_visible()


def test_a_key_that_comes_from_the_file_alone_is_to_be_compared(site: Site, page: Page) -> None:
    """The statement of another instance, in a PDF; its published keys settle it."""
    page.goto(f"{site.url}/verify?lang=en")
    pdf = a_file("statement.pdf", (HERE / "statement.pdf").read_bytes())
    choose(page, pdf)
    expect(page.locator(".verdict")).to_contain_text("Its key remains to be compared.")
    expect(page.locator(".verdict")).to_contain_text(
        "https://pass.sainte.example/.well-known/jwks.json"
    )
    keys = json.loads((HERE / "statements.json").read_text(encoding="utf-8"))["keys"]
    choose(page, pdf, a_file("jwks.json", keys))
    expect(page.locator(".verdict").nth(1)).to_contain_text("Everything holds.")
    with site.session() as session:
        others = published_keys(session, site.config)
        session.commit()
    choose(page, a_file("jwks.json", dict(others)), pdf)
    expect(page.locator(".verdict").nth(2)).to_contain_text("not among those of the network")


def test_months_in_a_row_hold_and_a_rewritten_past_shows(
    site: Site, page: Page, kept: Kept
) -> None:
    page.goto(f"{site.url}/verify")
    choose(page, *(a_file(f"{one['period']}.json", one) for one in kept))
    expect(page.locator("#chain")).to_contain_text("chacun porte l’empreinte de celui d’avant")
    header, payload, signature = kept[0]["head"].split(".")
    claims = json.loads(base64url_decode(payload))
    forged = base64url_encode(json.dumps({**claims, "root": "0" * 64}).encode())
    rewritten = {**kept[0], "head": f"{header}.{forged}.{signature}"}
    page.reload()
    choose(page, a_file("rewritten.json", rewritten), a_file("kept.json", kept[1]))
    expect(page.locator("#chain")).to_contain_text("L’un des deux a été réécrit.")


def test_what_is_no_statement_is_told_what_to_do(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/verify")
    choose(page, a_file("photo.json", b"\xff\xd8\xff"), a_file("empty.pdf", b"%PDF-1.7\n"))
    expect(page.locator(".verdict")).to_have_count(2)
    expect(page.locator(".verdict").first).to_contain_text("choisissez le fichier PDF ou JSON")
    choose(page, a_file("month.json", {"format": "cowopass-month/1"}))
    expect(page.locator(".verdict").last).to_contain_text("python -m clearing")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdicts_are_accessible_and_fit_a_small_phone(
    site: Site, browser: Browser, kept: Kept, scheme: str
) -> None:
    broken = {**kept[0], "position_cents": 1}
    draft = {**kept[0], "head": None, "state": "review"}
    with browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, locale="fr-FR"
    ) as context:
        page = context.new_page()
        page.goto(f"{site.url}/verify")
        choose(page, *(a_file(f"{n}.json", one) for n, one in enumerate([*kept, broken, draft])))
        expect(page.locator(".verdict")).to_have_count(len(kept) + 2)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = Axe().run(page).response["violations"]
        width = page.evaluate("document.documentElement.scrollWidth")
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert width == 320


def test_without_javascript_the_page_says_which_command_does_it(
    site: Site, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site.url}/verify")
        expect(page.locator("#drop")).to_be_hidden()
        expect(page.get_by_text("cowopass verify octobre.json")).to_be_visible()
