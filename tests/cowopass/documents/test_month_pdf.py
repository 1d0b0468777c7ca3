from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask_babel import force_locale
from pypdf import PdfReader
from sqlalchemy.orm import Session

from clearing.audit import audit_month
from cowopass.config import Config
from cowopass.documents.export import MonthExport
from cowopass.documents.month_paper import month_pdf, month_sheet
from cowopass.documents.parties import read_parties
from cowopass.typesetting import typeset
from tests.cowopass.documents.reading import words_of
from tests.factories import a_space


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_a_month_on_paper_has_matrix_positions_plan_and_proof(locked: Session, config: Config):
    content = month_pdf(locked, config, "sainte", "2026-11")
    words = words_of(content)
    for said in (
        "Novembre 2026",
        "Dettes brutes 243,00 €",
        "Cotisations 12,15 €",
        "Caisse du réseau +12,15 €",
        "Comptoir −12,25 €",
        "Compensé à tous : 2 virements",
        "Trop petit pour un virement",
        "sainte>sainte@2025-01",
        "Qui doit à qui, EUR",
        "CO Comptoir 72,00 40,00 112,00",
        "Reçoit 78,00 60,00 105,00 243,00",
    ):
        assert said in words
    reader = PdfReader(BytesIO(content))
    attached = json.loads(reader.attachments["sainte-2026-11.json"][0])
    assert audit_month(attached) == []
    assert attached["head"] is not None
    assert attached["totals"]["root"] in words
    assert month_pdf(locked, config, "sainte", "2026-11") == content


def test_a_draft_of_a_month_says_so(november: Session, config: Config):
    words = words_of(month_pdf(november, config, "sainte", "2026-11", "en"))
    assert words.startswith("Draft: the month is not locked")
    assert "The proof comes with the lock of the month." in words


def test_a_month_with_nothing_in_it_is_printed_too(sainte: Session, config: Config):
    words = words_of(month_pdf(sainte, config, "sainte", "2026-11"))
    assert "Aucun passage d’un lieu à l’autre ce mois-ci." in words


@pytest.mark.parametrize(("spaces", "width"), [(12, 297), (50, 420)])
def test_the_table_of_many_spaces_is_on_a_page_that_is_large_enough(
    sainte: Session, config: Config, spaces: int, width: int
):
    for number in range(spaces):
        a_space(sainte, f"Space {number:02}", day_cents=None)
    flows = {
        (f"space-{one:02}", f"space-{other:02}"): 123_456
        for one in range(spaces)
        for other in range(spaces)
        if one != other
    }
    with force_locale("fr"):
        exported = MonthExport(sainte, config, "sainte", "2026-11")
        sheet = month_sheet(exported, read_parties(sainte, "sainte"), flows)
    pages = PdfReader(BytesIO(typeset(sheet))).pages
    assert round(float(pages[-1].mediabox.width) * 25.4 / 72) == width
    assert pages[-1].extract_text().count("1\u202f234,56") == spaces * (spaces - 1)
