"""Passkeys, made and used by a real browser with an authenticator of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.site import Site, site_config


@pytest.fixture
def site(demo_template: Path, site_port: int, tmp_path: Path) -> Iterator[Site]:
    """The demonstration under a name: browsers make no passkeys for a number."""
    path = tmp_path / "site.db"
    shutil.copy(demo_template, path)
    config = site_config(f"sqlite:///{path}", site_port)
    site = Site(replace(config, base_url=f"http://localhost:{site_port}"))
    site.start()
    yield site
    site.close()


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """A phone's own authenticator, whose owner always touches it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    cdp.authenticator_id = added["authenticatorId"]
    return cdp


def enter_the_demonstration(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/demo")
    page.get_by_role("button", name="Coworking Sainté").click()
    page.goto(f"{site.url}/account")


@pytest.mark.usefixtures("authenticator")
def test_a_passkey_is_made_and_signs_in_without_a_mail(site: Site, page: Page) -> None:
    enter_the_demonstration(site, page)
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Votre clé d’accès est prête")).to_be_visible()
    page.goto(f"{site.url}/treasury/sainte/log")
    expect(page.get_by_text("Clé d’accès d’une personne ajoutée")).to_be_visible()
    page.goto(f"{site.url}/account")
    page.get_by_role("button", name="Sortir de ce navigateur").click()
    page.goto(f"{site.url}/sign-in?next=/account")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.get_by_role("button", name="Enlever").click()
    expect(page.get_by_text("Vous n’en avez pas encore.")).to_be_visible()
    page.get_by_role("button", name="Sortir de ce navigateur").click()
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("n’est pas connue ici")).to_be_visible()


def test_who_does_not_prove_that_it_is_her_does_not_get_in(
    site: Site, page: Page, authenticator: CDPSession
) -> None:
    enter_the_demonstration(site, page)
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Votre clé d’accès est prête")).to_be_visible()
    page.get_by_role("button", name="Sortir de ce navigateur").click()
    authenticator.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": authenticator.authenticator_id, "isUserVerified": False},
    )
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("Rien n’a été fait")).to_be_visible()
