"""Imports at once. PostgreSQL is where these prove something; SQLite queues writers."""

from __future__ import annotations

import pytest

from cowopass.bank.importing import Upload, import_statement
from cowopass.settlement.balances import check_balances
from cowopass.settlement.transfers import creditor_reference, list_dues
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, camt_08
from tests.cowopass.settlement.test_races import at_once

pytestmark = pytest.mark.race


def test_one_file_imported_at_once_and_its_other_side_are_one_payment(engine, locked, dues):
    reference = creditor_reference(dues["c"].id)
    received = Upload(camt_02(ACCOUNTS["b"], Told(500, "2026-12-01", reference)))
    paid = Upload(camt_08(ACCOUNTS["c"], Told(-500, "2026-12-01", end_to_end=reference)))
    works = [
        lambda session, upload=upload: import_statement(session, "sainte", upload)
        for upload in (received, received, received, paid, paid)
    ]
    results = at_once(engine, works)
    assert sum(result.is_new for result in results) == 2
    assert sum(result.matched for result in results) == 1
    left = {due.debtor: due.left_cents for due in list_dues(locked, "sainte", "2026-11")}
    assert left["c"] == 400
    assert check_balances(locked) == []
