"""Statements on paper, read back by other libraries than the one that set them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from lxml import etree
from pypdf import PdfReader, PdfWriter
from sqlalchemy.orm import Session

from clearing.line import Line
from clearing.statement import verify_statement
from cowopass.config import Config
from cowopass.documents.parties import read_parties
from cowopass.documents.statement_files import statement_file
from cowopass.documents.statement_lines import LinePrinter
from cowopass.documents.statement_paper import MOST_PRINTED, statement_sheet
from cowopass.documents.statements import Statements
from cowopass.networks.models import LegalEntity
from cowopass.spaces.models import Space
from cowopass.typesetting import typeset
from tests.cowopass.documents.conftest import Run
from tests.cowopass.documents.reading import codes_of, words_of
from tests.factories import IBAN, a_network, a_space

PDFA = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/"}
Pdf = Callable[..., bytes]


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def pdf_of(config: Config) -> Pdf:
    """Set the statement of a participant of Sainté's November."""

    def make(session: Session, participant: str, language: str = "fr") -> bytes:
        return statement_file(session, config, "sainte", "2026-11", participant, "pdf", language)

    return make


def test_a_statement_is_pdf_a_3b_with_its_files_inside(locked: Session, pdf_of: Pdf):
    content = pdf_of(locked, "comptoir")
    reader = PdfReader(BytesIO(content))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert catalogue["/Lang"] == "fr"
    metadata = etree.fromstring(catalogue["/Metadata"].get_data())
    marks = {name: metadata.findtext(f".//pdfaid:{name}", namespaces=PDFA) for name in
             ("part", "conformance")}  # fmt: skip
    assert marks == {"part": "3", "conformance": "B"}
    files = {each.get_object()["/F"]: each.get_object() for each in catalogue["/AF"]}
    assert {
        name: (file["/AFRelationship"], file["/EF"]["/F"]["/Subtype"])
        for name, file in files.items()
    } == {
        "sainte-2026-11-comptoir.json": ("/Data", "/application/json"),
        "sainte-2026-11-comptoir.csv": ("/Supplement", "/text/csv"),
    }
    attached = json.loads(reader.attachments["sainte-2026-11-comptoir.json"][0])
    assert verify_statement(attached) == []
    assert b"".join(reader.attachments["sainte-2026-11-comptoir.csv"]).count(b"\r\n") == 19
    assert pdf_of(locked, "comptoir") == content


def test_a_statement_says_what_it_comes_to_and_what_to_pay(locked: Session, pdf_of: Pdf):
    words = words_of(pdf_of(locked, "comptoir"))
    for said in (
        "Relevé de novembre 2026",
        "Verrouillé le 2 décembre 2026",
        "À payer 12,25 €",
        "Passages reçus +105,00 €",
        "Passages de vos nomades ailleurs −112,00 €",
        "Cotisation à la caisse −5,25 €",
        "Solde −12,25 €",
        "B 3 45,00 € 6 72,00 € −27,00 €",
        "Virements à faire",
        "Caisse du réseau",
        "12,15 €",
        "Trop petit pour un virement, reporté au mois suivant",
        "18 lignes",
        "Annulé",
        "ticket d’or",
    ):
        assert said in words
    assert "Brouillon" not in words


def test_a_bank_reads_the_payment_code(locked: Session, pdf_of: Pdf):
    (code,) = codes_of(pdf_of(locked, "comptoir"))
    assert code[:8] == [
        "BCD", "002", "1", "SCT", "", "Association Coworking Sainté", IBAN, "EUR12.15",
    ]  # fmt: skip
    reference = code[9]
    assert reference.startswith("RF")
    assert reference in words_of(pdf_of(locked, "comptoir"))
    assert codes_of(pdf_of(locked, "b")) == []


def test_a_creditor_without_iban_is_named_and_there_is_no_code(locked: Session, pdf_of: Pdf):
    content = pdf_of(locked, "c")
    assert codes_of(content) == []
    assert "Son IBAN n’est pas connu" in words_of(content)
    locked.get_one(Space, "b").legal = LegalEntity(name="B, association", iban=IBAN)
    locked.flush()
    (code,) = codes_of(pdf_of(locked, "c"))
    assert (code[5], code[7]) == ("B, association", "EUR9")


def test_what_goes_to_another_network_waits_for_both_treasuries(locked: Session, config: Config):
    a_network(locked, "lyon")
    statements = Statements(locked, config, "sainte", "2026-11")
    statement = statements.read("comptoir")
    (transfer,) = statement["transfers"]
    abroad = {**statement, "transfers": [{**transfer, "creditor": "lyon"}]}
    with force_locale("fr"):
        sheet = statement_sheet(statements.found, read_parties(locked, "sainte"), abroad)
    content = typeset(sheet)
    words = words_of(content)
    assert codes_of(content) == []
    assert "Rien à payer pour l’instant" in words
    assert "IBAN n’est pas connu" not in words
    assert "Scannez le code" not in words


def test_a_draft_says_so_and_asks_for_no_money(november: Session, pdf_of: Pdf):
    content = pdf_of(november, "comptoir")
    words = words_of(content)
    assert words.startswith("Brouillon : le mois n’est pas verrouillé")
    assert "À payer si le mois finissait ainsi" in words
    assert codes_of(content) == []


def test_a_month_with_nothing_in_it_is_one_page(locked: Session, pdf_of: Pdf):
    a_space(locked, "Quiet")
    content = pdf_of(locked, "quiet")
    assert len(PdfReader(BytesIO(content)).pages) == 1
    assert "Aucune ligne ce mois-ci" in words_of(content)
    assert "0,00 €" in words_of(content)


def test_the_fund_has_a_statement_of_levies(locked: Session, pdf_of: Pdf):
    words = words_of(pdf_of(locked, "fund"))
    assert "Cotisations +12,15 €" in words
    assert "Cotisation de Comptoir" in words


def test_a_statement_speaks_english(locked: Session, pdf_of: Pdf):
    words = words_of(pdf_of(locked, "comptoir", "en"))
    assert "Statement of November 2026" in words
    assert "To pay €12.25" in words


@pytest.mark.parametrize(
    "name",
    [
        "المقهى الرقمي",
        "コワーキング",
        "🎉 Fête",
        "Un nom " + "interminable" * 16,
        "#strong[x] $1$ \\ @a",
        "Bell\x07\x7f",
    ],
)
def test_any_name_can_be_printed(locked: Session, pdf_of: Pdf, name: str):
    locked.get_one(Space, "comptoir").name = name
    reader = PdfReader(BytesIO(pdf_of(locked, "comptoir")))
    assert len(reader.pages) == 2
    assert verify_statement(json.loads(reader.attachments["sainte-2026-11-comptoir.json"][0])) == []


def test_thousands_of_lines_are_printed_and_more_are_attached_alone(
    locked: Session, config: Config
):
    statements = Statements(locked, config, "sainte", "2026-11")
    statement = statements.read("comptoir")
    parties = read_parties(locked, "sainte")
    with force_locale("fr"):
        long = {**statement, "lines": statement["lines"] * 55}
        sheet = statement_sheet(statements.found, parties, long)
        longer = {**statement, "lines": statement["lines"] * (MOST_PRINTED // 18 + 1)}
        most = statement_sheet(statements.found, parties, longer)
    assert len(PdfReader(BytesIO(typeset(sheet))).pages) > 15
    assert most.data["lines"] == []
    assert most.data["lines_title"].startswith("Les 6012 lignes sont dans les fichiers joints")


def test_marks_say_what_is_special_about_a_line():
    charge = Line(
        "lin_1", "sainte", "2026-12", "charge", "a", "b", 1200, 60, home="a", host="b",
        on="2026-11-29", unit="half_day", visit="golden", late_from="2026-11", top_up_cents=300,
        notes=("overused", "late", "offline"),
    )  # fmt: skip
    withheld = charge._replace(id="lin_2", kind="withheld", reverses="lin_1")
    carried = Line("lin_3", "sainte", "2026-12", "carried", "a", "b", 10, since="2026-10")
    with force_locale("fr"):
        rows = list(LinePrinter("b", "EUR", [charge, withheld, carried]).rows())
    assert [row[1] for row in rows] == [
        "Reçu, de",
        "Contesté, mis de côté",
        "Reporté du mois d’avant",
    ]
    assert rows[0][3] == (
        "ticket d’or · contesté · en retard, de novembre 2026 · complément payé sur place 3,00 · "
        "au-delà des unités du pass · hors ligne"
    )
    assert [row[-1] for row in rows] == ["+11,40", "−11,40", "+0,10"]
    assert rows[2][3] == "dû depuis octobre 2026"


@pytest.mark.usefixtures("locked")
def test_a_pdf_is_verified_by_the_statement_inside(run: Run, tmp_path: Path):
    out = tmp_path / "b.pdf"
    made = run("statement", "sainte", "2026-11", "b", "--format", "pdf", "--out", out)
    assert (made.exit_code, made.stdout) == (0, f"{out}\n")
    verified = run("verify", out)
    assert verified.exit_code == 0, verified.output
    assert "findings: none, everything holds" in verified.stdout


@pytest.mark.usefixtures("locked")
def test_a_pdf_with_another_statement_inside_is_found_out(run: Run, tmp_path: Path):
    out = tmp_path / "b.pdf"
    run("statement", "sainte", "2026-11", "b", "--format", "pdf", "--out", out)
    statement = json.loads(PdfReader(out).attachments["sainte-2026-11-b.json"][0])
    statement["lines"][0]["amount_cents"] += 100
    forged = PdfWriter()
    forged.add_blank_page(100, 100)
    forged.add_attachment("b.json", json.dumps(statement).encode())
    forged.write(out)
    verified = run("verify", out)
    assert verified.exit_code == 1
    assert "leaf_hash_differs" in verified.stdout


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"1 0 obj <<" * 200])
def test_a_damaged_pdf_is_refused_in_a_sentence(run: Run, tmp_path: Path, content: bytes):
    (tmp_path / "broken.pdf").write_bytes(content)
    result = run("verify", tmp_path / "broken.pdf")
    assert result.exit_code == 1
    assert "can not be read" in result.stderr


def test_a_pdf_without_a_statement_is_refused_in_a_sentence(run: Run, tmp_path: Path):
    blank = PdfWriter()
    blank.add_blank_page(100, 100)
    blank.write(tmp_path / "blank.pdf")
    result = run("verify", tmp_path / "blank.pdf")
    assert result.exit_code == 1
    assert "it has no statement or month attached" in result.stderr
