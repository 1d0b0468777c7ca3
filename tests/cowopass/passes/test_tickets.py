"""Tickets: what they claim, how they are replaced, and who may see their pictures."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from cowopass.networks.keys import trust_for
from cowopass.passes.models import Ticket
from cowopass.passes.tickets import day_starts_at
from tests.factories import a_space, a_token, bearer
from wallet.code import read_code
from wallet.qr import token_from_text
from wallet.verify import peek, verify_ticket


def test_a_ticket_is_genuine_and_says_what_was_sold(sell, session, config):
    sold = sell(starts_on="2026-12-01").json
    token = sold["ticket"]["token"]
    ticket = verify_ticket(token, trust_for(session, config, peek(token).net))
    assert (ticket.sub, ticket.jti, ticket.net) == (sold["id"], sold["ticket"]["jti"], "sainte")
    assert (ticket.home, ticket.plan) == ("comptoir", "voyageur")
    assert ticket.nbf is not None
    assert datetime.fromtimestamp(ticket.nbf, UTC).isoformat() == "2026-11-30T23:00:00+00:00"
    assert datetime.fromtimestamp(ticket.exp, UTC).isoformat() == "2027-11-30T23:00:00+00:00"


def test_no_personal_data_is_in_a_ticket(sell):
    text = str(sell().json["ticket"])
    assert "Camille" not in text
    assert "camille" not in text


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 3, 29), "2026-03-28T23:00:00+00:00"),
        (date(2026, 3, 30), "2026-03-29T22:00:00+00:00"),
        (date(2026, 10, 26), "2026-10-25T23:00:00+00:00"),
    ],
)
def test_a_local_day_begins_by_the_clock_of_that_day(day, begins):
    assert day_starts_at(day, "Europe/Paris").isoformat() == begins


def test_the_short_code_is_one_that_can_be_read_back(sell, session):
    shown = sell().json["ticket"]["code"]
    stored = session.scalar(select(Ticket).where(Ticket.code == read_code(shown)))
    assert stored is not None


def test_a_reissued_ticket_replaces_the_one_before(sell, post, show, session):
    sold = sell().json
    answer = post(f"passes/{sold['id']}/tickets")
    assert answer.status_code == 201
    new, old = answer.json["ticket"], sold["ticket"]
    assert new["jti"] != old["jti"]
    assert new["token"] != old["token"]
    assert new["code"] != old["code"]
    session.rollback()
    assert session.get_one(Ticket, old["jti"]).revoked_at is not None
    assert session.get_one(Ticket, new["jti"]).revoked_at is None
    assert show(sold["id"])["ticket"]["jti"] == new["jti"]


def test_a_reissued_ticket_leaves_golden_tickets_alone(sell, post, session):
    sold = sell().json
    golden = post(f"passes/{sold['id']}/golden-tickets").json["ticket"]["jti"]
    post(f"passes/{sold['id']}/tickets")
    assert session.get_one(Ticket, golden).revoked_at is None


@pytest.mark.parametrize(
    ("form", "begins", "mimetype"),
    [
        ("svg", b"<svg", "image/svg+xml"),
        ("png", b"\x89PNG", "image/png"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_a_picture_is_for_the_host_and_for_who_has_the_link(
    host, sell, client, form, begins, mimetype
):
    ticket = sell().json["ticket"]
    by_host = client.get(f"/api/v1/tickets/{ticket['jti']}/qr.{form}", headers=host)
    by_link = client.get(ticket["links"][form])
    for answer in (by_host, by_link):
        assert answer.status_code == 200
        assert answer.mimetype == mimetype
        assert answer.data.startswith(begins)
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_png_says_the_ticket_s_address(sell, client):
    ticket = sell().json["ticket"]
    image = Image.open(io.BytesIO(client.get(ticket["links"]["png"]).data))
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == ticket["url"]
    assert token_from_text(code.text) == ticket["token"]


def test_a_picture_is_not_for_strangers(sell, client, session):
    ticket, other = sell().json["ticket"], sell().json["ticket"]
    a_space(session, "Ailleurs")
    stranger = a_token(session, "host", space="ailleurs")
    session.commit()
    path = f"/api/v1/tickets/{ticket['jti']}/qr.png"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=bearer(stranger)).status_code == 403
    stolen = other["links"]["png"].partition("?")[2]
    answer = client.get(f"{path}?{stolen}")
    assert (answer.status_code, answer.json["code"]) == (403, "link_invalid")


def test_a_replaced_ticket_has_no_picture(sell, post, client):
    sold = sell().json
    post(f"passes/{sold['id']}/tickets")
    answer = client.get(sold["ticket"]["links"]["pdf"])
    assert (answer.status_code, answer.json["code"]) == (410, "ticket_revoked")


def test_an_unknown_ticket_is_404(host, client):
    answer = client.get("/api/v1/tickets/tik_none/qr.png", headers=host)
    assert (answer.status_code, answer.json["code"]) == (404, "ticket_unknown")
    assert client.get("/api/v1/tickets/tik_none/qr.gif", headers=host).status_code == 404
