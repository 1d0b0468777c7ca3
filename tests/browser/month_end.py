"""The treasurer's month end on pages, from a month in review to a settled one.

The test of it and the pictures of the tutorial take the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from cowopass.chores import start_worker
from cowopass.documents.background import TYPESETTER
from tests.site import Site

Look = Callable[[Page, str], object]
"""What to do with the page at a step, which has a name."""

PATIENCE_MS = 240_000
"""How long all documents of a month may take on a busy machine."""


def settle_a_month(site: Site, page: Page, month: str, folder: Path, look: Look) -> Path:
    """Take a month (YYYY-MM) in review through to settled; return the FEC of a space."""
    address = f"{site.url}/treasury/sainte/{month}"
    page.goto(address)
    look(page, "review")
    decide_disputes(page, address, look)
    page.get_by_role("link", name="Verrouiller").click()
    look(page, "lock")
    page.get_by_role("button", name="Verrouiller pour de bon").click()
    expect(page.get_by_role("status").first).to_contain_text("est verrouillé")
    look(page, "locked")
    make_documents(site, page, look)
    page.get_by_role("link", name="Le mois", exact=True).click()
    expect(page.get_by_role("link", name="Déposer un relevé de banque")).to_be_visible()
    import_statement(page, month, folder, look)
    page.goto(address)
    pay_other_network(page)
    expect(page.get_by_role("heading", name="Ce mois est soldé")).to_be_visible()
    look(page, "settled")
    page.get_by_role("link", name="Écritures pour les comptables (FEC)").first.click()
    look(page, "entries")
    with page.expect_download() as download:
        page.get_by_role("link", name="FEC La Rubanerie").click()
    return Path(download.value.path())


def decide_disputes(page: Page, address: str, look: Look) -> None:
    """Read what both spaces say, and let each contested line stand."""
    while page.get_by_role("link", name="Lire l’échange").count():
        page.get_by_role("link", name="Lire l’échange").first.click()
        decision = page.get_by_label("Votre décision")
        if not decision.count():
            break  # those that are decided stand last
        look(page, "dispute")
        decision.fill("Le cahier du jour montre la visite.")
        page.get_by_role("button", name="Écarter").click()
        expect(page.get_by_role("status").first).to_contain_text("la ligne reste")
    page.goto(address)


def make_documents(site: Site, page: Page, look: Look) -> None:
    """Ask for all documents, and wait until the service has made them."""
    page.get_by_role("link", name="Préparer factures et virements").click()
    page.get_by_role("button", name="Préparer les documents").click()
    typesetter = start_worker(site.app, TYPESETTER)
    try:
        expect(page.get_by_text("Terminé le")).to_be_visible(timeout=PATIENCE_MS)
    finally:
        typesetter.stop()
    look(page, "documents")


def import_statement(page: Page, month: str, folder: Path, look: Look) -> None:
    """Drop a bank statement on which everybody has paid, and confirm what has no reference."""
    page.get_by_role("link", name="Déposer un relevé de banque").click()
    page.get_by_text("Essayer avec un relevé inventé").click()
    with page.expect_download() as download:
        page.locator(f"details[open] a[href*='{month}']").click()
    statement = folder / "statement.xml"
    download.value.save_as(statement)
    page.get_by_label("Fichier camt.053 ou CSV").set_input_files(statement)
    page.get_by_role("button", name="Lire ce relevé").click()
    expect(page.get_by_role("button", name="C’est bien cela").first).to_be_visible()
    look(page, "bank")
    while left := page.get_by_role("button", name="C’est bien cela").count():
        page.get_by_role("button", name="C’est bien cela").first.click()
        expect(page.get_by_role("button", name="C’est bien cela")).to_have_count(left - 1)


def pay_other_network(page: Page) -> None:
    """Note by hand what goes to another network: its treasuries agree on who pays whom."""
    noted = page.get_by_text("payés le")
    while page.get_by_text("Noter un paiement : il reste").count():
        before = noted.count()
        page.get_by_text("Noter un paiement : il reste").first.click()
        page.get_by_role("button", name="Noter ce paiement").first.click()
        expect(noted).to_have_count(before + 1)
