"""The way from locked to settled with a bank file, on the treasurer's pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from cowopass.bank.models import BankEntry
from cowopass.settlement.transfers import creditor_reference
from tests.cowopass.bank.conftest import ACCOUNTS, dues, locked
from tests.cowopass.bank.statements import Told, camt_02, camt_08
from tests.cowopass.treasury.reading import MONTH, read, send

__all__ = ["dues", "locked"]

BANK = "/treasury/sainte/bank"


@pytest.fixture
def drop(client, treasurer):
    """Drop a file on the page, and return what it then says."""

    def dropped(content: bytes, account: str = "") -> str:
        return send(client, BANK, treasurer, file=(BytesIO(content), "releve.xml"), account=account)

    return dropped


def test_a_month_is_settled_by_files_and_a_confirmation(client, locked, treasurer, drop, dues):
    reference = creditor_reference(dues["c"].id)
    content = camt_02(
        ACCOUNTS["b"],
        Told(900, reference=reference, name="Collectif C"),
        Told(15000, name="Camille Berthet", text="mon pass"),
    )
    page = drop(content)
    assert "Virements : 1 rapproché, 1 sans rapport, non gardés." in page
    assert "Camille" not in page
    assert "Ce fichier a déjà été importé. Virements : 1 déjà connus" in drop(content)
    page = drop(camt_08(ACCOUNTS["fund"], Told(1300, name="Openscop")))
    assert "Virements : 1 à confirmer." in page
    entry = locked.scalars(select(BankEntry.id).where(BankEntry.state == "open")).one()
    locked.rollback()
    page = send(client, f"{BANK}/entries/{entry}/confirm", treasurer, transfer=dues["comptoir"].id)
    assert "C’est rapproché." in page
    assert "dont 0,85 € en trop" in page
    page = send(client, f"{BANK}/entries/{entry}/ignore", treasurer)
    assert "C’est mis de côté." in page
    month = read(client, MONTH, treasurer)
    assert "Ce mois est soldé" in month
    assert "vu sur le relevé de B" in month


def test_a_file_that_is_no_statement_is_refused_in_plain_words(drop):
    assert "La première ligne du fichier n’est pas la bonne" in drop(b"hello")
    assert "n’est pas un relevé de banque lisible" in drop(b"<hello/>")
    assert "n’est pas un relevé de banque lisible" in drop(b"")
    other = camt_02("FR7630004000010000000000912", Told(900))
    assert "Le compte FR7630004000010000000000912 n’est ni d’un lieu du réseau" in drop(other)


@pytest.mark.usefixtures("locked")
def test_reminder_days_are_set_and_reminders_sent(client, treasurer):
    page = send(client, f"{BANK}/schedule", treasurer, days="30, 10 et 20")
    assert "Noté : rappels après 10, 20, 30 jours." in page
    assert "Écrivez au plus dix nombres" in send(client, f"{BANK}/schedule", treasurer, days="0")
    assert "aucun rappel ne partira" in send(client, f"{BANK}/schedule", treasurer, days="")
    assert "Personne à relancer" in send(client, f"{BANK}/reminders", treasurer)
