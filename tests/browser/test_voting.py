"""A rule from its proposal to its effect: proposed at a desk, voted by the spaces, counted."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cowopass.networks.models import Agreement
from cowopass.spaces.models import Space
from cowopass.voting.service import list_proposals
from tests.browser.conftest import PHONE
from tests.site import Site

TEXT = "Cotisons un peu moins, la caisse est pleine."


def page_of(browser: Browser, site: Site, role: str, **scope: str) -> Page:
    """Return a page on which somebody of a role reads."""
    headers = site.headers(role, **scope)
    context = browser.new_context(locale="fr-FR", viewport=PHONE, extra_http_headers=headers)
    return context.new_page()


def open_vote(page: Page, site: Site) -> str:
    """Propose a lower levy at the desk, wrongly first; return the address of the vote."""
    page.goto(f"{site.url}/desk/rubanerie/space")
    page.get_by_role("link", name="Les votes").click()
    page.get_by_role("link", name="Proposer un changement").click()
    page.get_by_label("Dans vos mots").fill(TEXT)
    page.get_by_label("Cotisation à la caisse, en %").fill("quatre")
    page.get_by_role("button", name="Ouvrir le vote").click()
    expect(page.get_by_role("alert")).to_contain_text("Cotisation à la caisse")
    expect(page.get_by_label("Dans vos mots")).to_have_value(TEXT)
    page.get_by_label("Cotisation à la caisse, en %").fill("4,5")
    page.get_by_role("button", name="Ouvrir le vote").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Changer la règle")
    return re.sub(r".*/votes/", "/votes/", page.url)


def vote(browser: Browser, site: Site, slug: str, address: str, choice: str) -> None:
    """Vote for a space at its desk."""
    page = page_of(browser, site, "host", space=slug)
    page.goto(f"{site.url}/desk/{slug}{address}")
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_text("Vous avez voté")).to_be_visible()
    page.context.close()


def count(browser: Browser, site: Site, address: str) -> None:
    """Count early, as the treasurer, who saw nobody's vote before."""
    page = page_of(browser, site, "treasurer", network="sainte")
    page.goto(f"{site.url}/treasury/sainte{address}")
    expect(page.get_by_text("contre", exact=True)).to_have_count(0)
    page.get_by_role("button", name="compter maintenant").click()
    expect(page.get_by_text("6 pour, 1 contre, 0 abstentions")).to_be_visible()
    page.context.close()


def test_a_rule_is_proposed_voted_counted_and_in_the_open_record(browser: Browser, site: Site):
    with site.session() as session:
        slugs = list(session.scalars(select(Space.slug).where(Space.network == "sainte")))
        for one in list_proposals(session, "sainte", "open"):
            one.state = "withdrawn"
        session.commit()
    page = page_of(browser, site, "host", space="rubanerie")
    address = open_vote(page, site)
    for slug in slugs:
        vote(browser, site, slug, address, "Contre" if slug == "cret" else "Pour")
    count(browser, site, address)
    page.goto(f"{site.url}/rules/sainte")
    page.get_by_text("Changer la règle").first.click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    with site.session() as session:
        made = session.scalars(select(Agreement).where(Agreement.levy_bps == 450)).one()
        assert (made.effective_from.day, made.vote is not None) == (1, True)
