"""From an invoice that waits for a SIRET to the invoice, by the pages of two people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cowopass.ledger.models import Period
from cowopass.spaces.models import Space
from tests.browser.conftest import PHONE
from tests.site import Site

SLUG, NAME = "comptoir-numerique", "Comptoir Numérique"


@pytest.fixture
def siret(site: Site) -> str:
    """Take a space's SIRET away, and return it."""
    with site.session() as session:
        side = session.get_one(Space, SLUG).legal
        siret, side.siret = side.siret, None
        session.commit()
    return siret


@pytest.fixture
def month(site: Site) -> str:
    """Return a locked month."""
    with site.session() as session:
        locked = select(Period.month).where(
            Period.network == "sainte", Period.locked_at.is_not(None)
        )
        return session.scalars(locked.order_by(Period.month.desc())).first()


@pytest.fixture
def seen_by(site: Site, browser: Browser) -> Iterator:
    """Return a function that opens a phone as somebody with a role."""
    contexts = []

    def page_of(role: str, **scope: str) -> Page:
        headers = site.headers(role, **scope)
        contexts.append(
            browser.new_context(locale="fr-FR", viewport=PHONE, extra_http_headers=headers)
        )
        return contexts[-1].new_page()

    yield page_of
    for context in contexts:
        context.close()


def test_a_siret_that_lacks_is_asked_for_given_and_invoiced_with(site, seen_by, month, siret):
    treasurer = seen_by("treasurer", network="sainte")
    treasurer.goto(f"{site.url}/treasury/sainte/{month}/invoices")
    treasurer.get_by_role("button", name="Émettre les factures").click()
    lacking = treasurer.locator("section", has=treasurer.get_by_role("heading", name="Il manque"))
    expect(lacking).to_contain_text(NAME)
    expect(lacking).to_contain_text("SIRET")

    host = seen_by("host", space=SLUG)
    host.goto(f"{site.url}/desk/{SLUG}/invoices?month={month}")
    host.get_by_role("link", name="Compléter nos factures et notre compte").click()
    host.get_by_label("SIRET").fill(siret)
    host.get_by_role("button", name="Garder").click()
    expect(host.get_by_role("status")).to_contain_text("C’est gardé.")

    treasurer.reload()
    treasurer.get_by_role("button", name="Émettre les factures").click()
    expect(treasurer.get_by_role("heading", name=NAME)).to_be_visible()
    expect(lacking).not_to_be_visible()
    host.goto(f"{site.url}/desk/{SLUG}/invoices?month={month}")
    expect(host.get_by_role("heading", name="Il manque")).to_have_count(0)
