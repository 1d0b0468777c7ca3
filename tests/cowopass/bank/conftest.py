"""The month of the worked example, locked: Comptoir owes the fund 12.15, C owes B 9.00."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from schwifty import IBAN

from cowopass.bank.importing import Upload, import_statement
from cowopass.networks.models import LegalEntity, Network
from cowopass.settlement.balances import check_balances
from cowopass.settlement.lock import lock_period
from cowopass.settlement.service import get_month
from cowopass.settlement.transfers import creditor_reference, list_dues
from cowopass.spaces.models import Space
from tests.cowopass.settlement.conftest import (
    host_of,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["host_of", "november", "sainte", "travel", "treasurer", "visit"]

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
ACCOUNTS = {
    slug: str(IBAN.generate("FR", bank_code="30004", branch_code="00001", account_code=number))
    for slug, number in (("fund", "1"), ("comptoir", "2"), ("b", "3"), ("c", "4"))
}


def entity(slug: str, name: str) -> LegalEntity:
    """Return a legal entity with an account and an address."""
    return LegalEntity(
        name=name,
        iban=ACCOUNTS[slug],
        building_number="7",
        street_name="Place Maréchal Foch",
        postcode="42000",
        town="Saint-Étienne",
        country="FR",
    )


@pytest.fixture
def locked(november, travel, config):
    travel.move_to(DECEMBER_2)
    for slug, name in (("comptoir", "Openscop"), ("b", "L’Œuvre B"), ("c", "Collectif C")):
        november.get_one(Space, slug).legal = entity(slug, name)
    november.get_one(Network, "sainte").fund = entity("fund", "Association Coworking Sainté")
    november.flush()
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    return november


@pytest.fixture
def dues(locked):
    """The two transfers, by debtor."""
    found = {due.debtor: due for due in list_dues(locked, "sainte", "2026-11")}
    locked.rollback()
    return found


@pytest.fixture
def reference(dues):
    """The references of the two transfers, by debtor."""
    return {debtor: creditor_reference(due.id) for debtor, due in dues.items()}


@pytest.fixture
def take(locked):
    """Import a statement, and return what it came to."""

    def imported(content: bytes, account: str | None = None):
        result = import_statement(locked, "sainte", Upload(content, "relevé.xml", account))
        locked.commit()
        return result

    return imported


@pytest.fixture
def left(locked):
    """Return what is left of the transfers of the month, by debtor, in cents; and its state."""

    def now():
        assert check_balances(locked) == []
        dues = {due.debtor: due.left_cents for due in list_dues(locked, "sainte", "2026-11")}
        return dues, get_month(locked, "sainte", "2026-11").state

    return now
