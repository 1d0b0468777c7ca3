"""The paper ticket: one A6 page, black on white, whatever the names are."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from cowopass.passes.models import Plan
from cowopass.passes.paper import PaperTicket, render_pdf
from wallet.qr import token_to_text

TOKEN = ".".join(["eyJhbGciOiJFUzI1NiJ9", "A" * 360, "B" * 85 + "A"])
TEXT = token_to_text(TOKEN, "https://pass.coworking-sainte.example")

POINTS_AN_INCH = 72

BOOK = Plan(kind="book", name="Voyageur", unit="day", units=11, roaming=True)


def paper(**over):
    facts = {
        "space": "Le Comptoir Numérique",
        "network": "Coworking Sainté",
        "plan": BOOK,
        "first_on": date(2025, 12, 22),
        "last_on": date(2026, 12, 21),
        "golden": False,
        "qr_text": TEXT,
        "code": "9KC5-R2YV",
    }
    return PaperTicket(**{**facts, **over})


def words(pdf):
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def test_it_is_one_page_of_a6():
    [page] = PdfReader(io.BytesIO(render_pdf(paper()))).pages
    size = [round(float(length) * 25.4 / 72) for length in page.mediabox[2:]]
    assert size == [105, 148]


def test_it_says_what_was_sold_in_french():
    text = words(render_pdf(paper()))
    for said in (
        "Le Comptoir Numérique",
        "Voyageur, 11 journées",
        "Valable du 22 décembre 2025 au 21 décembre 2026.",
        "Bon dans tous les lieux de Coworking Sainté.",
        "Un rond par journée, mais c’est le scan qui compte.",
        "9KC5-R2YV",
    ):
        assert said in text


def test_it_says_it_in_english_when_asked():
    text = words(render_pdf(paper(), "en"))
    assert "Voyageur, 11 days" in text
    assert "Valid from 22 December 2025 to 21 December 2026." in text


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(kind="unlimited", name="Résident", unit="day", units=None), "Résident, sans limite"),
        (
            Plan(kind="quota", name="Nomade", unit="half_day", units=20),
            "Nomade, 20 demi-journées par mois",
        ),
        (Plan(kind="single", name="Campeur", unit="hour", units=1), "Campeur, 1 heure"),
        (Plan(kind="book", name="Grand", unit="day", units=200), "Grand, 200 journées"),
    ],
)
def test_only_a_book_small_enough_has_rings(plan, said):
    plan.roaming = False
    text = words(render_pdf(paper(plan=plan)))
    assert said in text
    assert "Bon dans ce lieu seulement." in text
    assert "Un rond" not in text


def test_a_golden_ticket_says_so():
    assert "Ticket d’or, bon une fois" in words(render_pdf(paper(golden=True)))


def test_the_first_of_a_month_is_said_as_in_french():
    text = words(render_pdf(paper(first_on=date(2026, 5, 1), last_on=date(2026, 5, 1))))
    assert "Valable le 1er mai 2026." in text


HARD_NAMES = [
    "L’" + "anticonstitutionnellement" * 3 + " et fin",
    "La très grande maison des artisans, faiseuses et bricoleurs de Saint-Étienne !!!",
    "🧵🎀👩‍💻 Ruban 🏳️‍🌈",
    "بيت العمل المشترك في سانت إتيان",
    '#import "x": * ; $x$ \\ `code` <label> @ref _a_ *b* [c] // d /* e */ {{f}}',
    "一二三四五六七八九十" * 8,
]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_no_name_breaks_it_and_its_code_reads_from_the_page(name):
    plan = Plan(kind="book", name=name, unit="half_day", units=31, roaming=True)
    pdf = render_pdf(paper(space=name, network=name, plan=plan))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert read_from(pdf) == TEXT


def test_markup_in_a_name_is_text():
    name = "#panic() *Fort* $x$"
    assert name in words(render_pdf(paper(space=name)))


def read_from(pdf):
    """Print the page in grey at the resolution of a poor printer, and read its code."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / POINTS_AN_INCH, grayscale=True)
    codes = zxingcpp.read_barcodes(page.to_pil())
    return codes[0].text if codes else None


def test_a_plan_whose_name_has_its_units_does_not_say_them_twice():
    named = Plan(kind="book", name="Voyageur, 11 journées", unit="day", units=11, roaming=True)
    assert words(render_pdf(paper(plan=named))).count("11 journées") == 1
