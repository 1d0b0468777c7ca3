"""The files of invoices: PDF/A-3 with the data inside, and drafts that nobody takes for one."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from cowopass.invoicing.cii import cii_xml
from cowopass.invoicing.document import document_of
from cowopass.invoicing.paper import DRAFT_DATA, draft_pdf, facturx_pdf, invoice_pdf
from tests.cowopass.invoicing.test_rules import a_party, an_invoice
from tests.cowopass.invoicing.validating import check_schema


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)


def test_the_data_inside_is_what_was_put_in(november, issue):
    invoice = issue().invoices[-2]
    pdf = invoice_pdf(november, invoice)
    name, xml = get_facturx_xml_from_pdf(pdf, check_xsd=False)
    assert name == "factur-x.xml"
    assert xml == cii_xml(document_of(invoice.document), invoice.number)
    check_schema(xml)


def test_an_invoice_is_pdf_a_3_and_says_that_it_is_factur_x():
    catalog = read(facturx_pdf(an_invoice())).trailer["/Root"]
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in metadata
    assert catalog["/Lang"] == "fr"
    assert "/OutputIntents" in catalog


def test_the_page_says_all_that_the_law_asks_for():
    said = text_of(facturx_pdf(an_invoice("standard", "comptoir", 1200, 1203)))
    for words in (
        "Facture n° COMPTOIR-2026-000002",
        "SIRET 99900001100018",
        "TVA FR66999000011",
        "20,03 €",
        "TVA 20 % 4,01 €",
        "Arrondi -0,01 €",
        "24,03 €",
        "Indemnité forfaitaire pour frais de recouvrement",
        "mandat du 1er janvier 2026",
        "compensation, au bordereau de novembre 2026",
        "ab" * 12,
    ):
        assert words in said.replace("\u202f", " ").replace("\xa0", " "), words


def test_a_credit_note_says_what_it_takes_back():
    said = text_of(facturx_pdf(an_invoice(kind="credit_note")))
    assert "Avoir n° COMPTOIR-2026-000002" in said
    assert "COMPTOIR-2026-000001 du 12 novembre 2026" in said


def test_a_draft_says_so_and_is_no_factur_x():
    pdf = draft_pdf(replace(an_invoice("franchise", "b"), number=None))
    assert "Ce document n’est pas une facture" in text_of(pdf)
    assert list(read(pdf).attachments) == [DRAFT_DATA]
    check_schema(read(pdf).attachments[DRAFT_DATA][0])
    assert get_facturx_xml_from_pdf(pdf, check_xsd=False) == (False, False)


def test_a_draft_has_no_number_so_it_is_never_made_a_factur_x():
    with pytest.raises(ValueError, match="no number"):
        facturx_pdf(replace(an_invoice(), number=None))


def test_any_name_is_printed():
    odd = a_party("comptoir", name='L’Atelier 🌻 "#let x" \\ ' + "é" * 150)
    assert "Atelier □" in text_of(facturx_pdf(replace(an_invoice(), seller=odd)))


def test_an_invoice_of_hundreds_of_visits_has_its_pages():
    long = facturx_pdf(an_invoice("standard", "comptoir", *range(1000, 1400)))
    assert 3 < len(read(long).pages) < 40
