"""The treasurer goes from a month in review to a settled one on her pages alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from cowopass.accounting.fec import fec_file
from cowopass.audit.service import audit_records
from cowopass.settlement.service import list_months
from tests.browser.conftest import PHONE
from tests.browser.month_end import settle_a_month
from tests.cowopass.accounting.conftest import rows
from tests.cowopass.accounting.fec_check import check_fec
from tests.site import Site


def numbers_before(site: Site, month: str) -> dict[str, int]:
    """Return the last number of each journal of the Rubanerie in the year's earlier months."""
    last: dict[str, int] = {}
    with site.app.app_context(), site.session() as session:
        for each in reversed(list_months(session, "sainte")):
            if each["locked_at"] and month[:4] <= each["period"] < month:
                content = fec_file(session, "sainte", each["period"], "rubanerie")
                last |= {row["JournalCode"]: int(row["EcritureNum"]) for row in rows(content)}
    return last


def nobody(_message: str) -> None:
    """Listen to no progress."""


def test_a_month_is_settled_on_a_phone_with_documents_a_bank_file_and_entries(
    site: Site, browser: Browser, tmp_path: Path
):
    with site.session() as session:
        months = list_months(session, "sainte")
    month = next(each["period"] for each in months if each["state"] == "review")
    seen: list[str] = []

    def look(page: Page, step: str) -> None:
        seen.append(step)
        page.wait_for_load_state()  # with its styles
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], step

    with browser.new_context(locale="fr-FR", viewport=PHONE) as context:
        context.set_extra_http_headers(site.headers("treasurer", network="sainte"))
        fec = settle_a_month(site, context.new_page(), month, tmp_path, look)
        assert check_fec(fec.read_bytes(), numbers_before(site, month)) == []
    assert seen[0] == "review"
    assert seen[-1] == "entries"
    with site.session() as session:
        assert list(audit_records(session, site.config, None, nobody)) == []
        assert {each["period"]: each["state"] for each in list_months(session, "sainte")}[
            month
        ] == "settled"
