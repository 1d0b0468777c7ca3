"""In development mails land on a page; in production nobody reads them there."""

from __future__ import annotations

from dataclasses import replace

from cowopass.app import create_app
from cowopass.mail.service import Attachment, queue_mail


def test_mails_land_on_a_page_with_links_and_files(session, client):
    text = "Entrez : https://pass.example/sign-in/x <b>"
    file = Attachment("pass.pdf", "application/pdf", b"%PDF")
    queue_mail(session, "camille@example.org", "Bonjour", text, attachment=file)
    session.commit()
    page = client.get("/mails").text
    assert 'href="https://pass.example/sign-in/x"' in page
    assert "<b>" not in page
    link = page.partition('href="/mails/')[2].partition('"')[0]
    assert client.get(f"/mails/{link}").data == b"%PDF"
    assert client.get("/mails/mai_0/attachment").status_code == 404


def test_a_page_without_mails_says_so(client):
    assert "Aucun mail pour le moment." in client.get("/mails").text


def test_in_production_there_is_no_such_page(config):
    app = create_app(replace(config, environment="production"))
    assert app.test_client().get("/mails").status_code == 404
    app.extensions["cowopass.engine"].dispose()
