"""The poster of a desk is read by a phone, and leads to a wallet that knows the space."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp

from cowopass.host.poster import poster_pdf
from cowopass.spaces.models import Space
from tests.factories import a_token, bearer

LONG = "Maison de quartier et atelier de la Reconnaissance des métiers d’art de la Côte"


def read_page(pdf):
    """Return the text of a PDF of one page, and what a camera reads on it in poor light."""
    [page] = pypdfium2.PdfDocument(pdf)
    picture = page.render(scale=72 / 72, grayscale=True).to_pil()
    return page.get_textpage().get_text_range(), zxingcpp.read_barcodes(picture)


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "Visez ce code"), ("en", "Point your phone")]
)
def test_a_phone_reads_the_poster_of_a_space(client, desk, language, sentence):
    answer = client.get(f"/desk/comptoir/poster.pdf?lang={language}", headers=desk)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text, [code] = read_page(answer.data)
    assert code.text == "https://pass.example/wallet?at=comptoir"
    assert sentence in text
    assert "pass.example/wallet?at=comptoir" in text


@pytest.mark.parametrize("name", [LONG, "#panic() *Fort* $x$", "🎈 L’Été", "x" * 80])
def test_any_name_fits_on_the_poster(app, name):
    with app.test_request_context("/"):
        pdf = poster_pdf(Space(slug="long", name=name, hue=200), "https://pass.example")
    _, [code] = read_page(pdf)
    assert code.text == "https://pass.example/wallet?at=long"


def test_a_poster_is_its_own_hosts(client, session, desk):  # noqa: ARG001 (of a network with spaces)
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.get("/desk/comptoir/poster.pdf", headers=stranger).status_code == 403
