"""The files for accountants are found where the treasurer and each host look for them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cowopass.settlement.lock import lock_period
from tests.cowopass.accounting.fec_check import check_fec
from tests.cowopass.settlement.conftest import DECEMBER_2
from tests.cowopass.treasury.reading import MONTH, read

PAGE = f"{MONTH}/accounting"
BOOKS = re.compile(r'href="(/api/v1/[^"]*/accounting/[^"]*)"')


@pytest.fixture
def locked(november, config, travel):
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    return november


def files_of(client, page, headers):
    """Return the files that a page leads to, by their addresses."""
    addresses = [unescape(found) for found in BOOKS.findall(client.get(page, headers=headers).text)]
    answers = {address: client.get(address, headers=headers) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.data for address, answer in answers.items()}


@pytest.mark.usefixtures("locked")
def test_the_treasurer_takes_everybodys_entries_from_a_page_that_the_month_leads_to(
    client, treasurer
):
    assert f'href="{PAGE}"' in client.get(MONTH, headers=treasurer).text
    files = files_of(client, PAGE, treasurer)
    assert len(files) == len(("b", "c", "comptoir", "fund", "sainte")) * 3
    legal = [content for address, content in files.items() if "format=fec" in address]
    assert [check_fec(content) for content in legal] == [[]] * 5


@pytest.mark.usefixtures("locked")
def test_a_host_takes_her_own_entries_from_her_month(client, host_of):
    files = files_of(client, "/desk/b/month?month=2026-11", host_of("b"))
    assert [address.partition("/accounting/")[2] for address in files] == [
        "b?format=fec",
        "b?format=csv",
        "b?format=hledger",
    ]


@pytest.mark.usefixtures("november")
def test_a_month_that_is_not_locked_has_no_entries_yet(client, treasurer, host_of):
    assert "ses écritures viendront avec le verrou" in read(client, PAGE, treasurer)
    assert BOOKS.search(client.get(PAGE, headers=treasurer).text) is None
    host = client.get("/desk/b/month?month=2026-11", headers=host_of("b"))
    assert BOOKS.search(host.text) is None
    assert client.get("/treasury/sainte/2026-13/accounting", headers=treasurer).status_code == 422
    assert client.get(PAGE, headers=host_of("b")).status_code == 403


@pytest.mark.usefixtures("locked")
def test_a_locked_month_first_asks_for_its_documents_then_for_the_bank(client, treasurer):
    assert "Préparer factures et virements" in read(client, MONTH, treasurer)
    client.post(f"{MONTH}/documents", headers=treasurer)
    page = read(client, MONTH, treasurer)
    assert "Préparer factures et virements" not in page
    assert "Déposer un relevé de banque" in page
