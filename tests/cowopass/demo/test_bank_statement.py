"""A bank statement to try with takes a locked month to settled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowopass.app import create_app
from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.listing import list_entries
from cowopass.bank.matched import confirm
from cowopass.cli import root
from cowopass.demo.bank_statement import write_bank_statement
from cowopass.errors import PeriodNotLocked
from cowopass.settlement.service import get_month
from tests.cowopass.bank.conftest import (
    dues,
    host_of,
    locked,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["dues", "host_of", "locked", "november", "sainte", "travel", "treasurer", "visit"]


def test_an_invented_statement_settles_the_month_after_one_confirmation(locked):
    content = write_bank_statement(locked, "sainte", "2026-11")
    assert content is not None
    imported = import_statement(locked, "sainte", Upload(content))
    assert (imported.matched, imported.suggested, imported.unrelated) == (1, 1, 2)
    (waiting,) = list_entries(locked, "sainte", "open")
    confirm(locked, "sainte", waiting.entry.id)
    assert get_month(locked, "sainte", "2026-11").state == "settled"
    assert write_bank_statement(locked, "sainte", "2026-11") is None


def test_there_is_no_invented_statement_before_the_lock(november):
    with pytest.raises(PeriodNotLocked):
        write_bank_statement(november, "sainte", "2026-11")


def test_the_treasurer_is_handed_one_in_development_alone(
    app, client, config, locked, treasurer, tmp_path
):
    page = client.get("/demo/bank-file/sainte/2026-11", headers=treasurer)
    assert page.data == write_bank_statement(locked, "sainte", "2026-11")
    locked.rollback()
    out = tmp_path / "releve.xml"
    command = ["demo", "bank-file", "sainte", "2026-11", "--out", str(out)]
    assert app.test_cli_runner().invoke(root, command).exit_code == 0
    assert out.read_bytes() == page.data
    real = create_app(replace(config, environment="production"))
    assert real.test_client().get("/demo/bank-file/sainte/2026-11").status_code == 404
    with real.app_context():
        refused = real.test_cli_runner().invoke(root, command)
    assert "is not loaded where COWOPASS_ENV is production" in refused.output
    real.extensions["cowopass.engine"].dispose()
