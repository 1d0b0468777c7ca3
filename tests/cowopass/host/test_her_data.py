"""A holder asks her home what is held on her, or to erase it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.mail.models import Mail
from cowopass.passes.models import Pass
from cowopass.people.models import Holder
from tests.factories import a_token, bearer


@pytest.fixture
def her_data(sale, session):
    """Sell a book to Nadia, who may have an address; return where her data are asked for."""

    def sold_to(email=""):
        assert sale(email=email).status_code == 303
        pass_id = session.scalar(select(Pass.id))
        session.rollback()
        return f"/desk/comptoir/passes/{pass_id}/data"

    return sold_to


def test_what_is_held_goes_to_her_own_address(client, desk, her_data, read, engine):
    address = her_data("nadia@example.org")
    assert "nadia@example.org" in read(address)
    assert client.post(f"{address}/file", headers=desk).status_code == 404
    assert client.post(f"{address}/mail", headers=desk).status_code == 303
    with Session(engine) as reader:
        mail = reader.scalar(select(Mail).where(Mail.attachment_name == "cowopass.json"))
    assert mail.recipient == "nadia@example.org"
    assert json.loads(mail.attachment)["holder"]["name"] == "Nadia Berger"


def test_who_has_no_address_is_handed_the_file(client, desk, her_data, read):
    address = her_data()
    assert "en mains propres" in read(address)
    answer = client.post(f"{address}/file", headers=desk)
    assert json.loads(answer.text)["holder"]["name"] == "Nadia Berger"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_she_is_erased_once_the_host_has_ticked(client, desk, her_data, read, engine):
    address = her_data("nadia@example.org")
    refused = client.post(f"{address}/erase", headers=desk)
    assert (refused.status_code, "Cochez la case" in refused.text) == (422, True)
    assert client.post(f"{address}/erase", data={"sure": "on"}, headers=desk).status_code == 303
    with Session(engine) as reader:
        assert reader.execute(select(Holder.name, Holder.email)).all() == [("—", None)]
    assert "Ses données" not in read(address.removesuffix("/data"))
    assert client.get(address, headers=desk).status_code == 404


def test_another_space_may_not_ask(client, session, her_data):
    address = her_data()
    other = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.post(f"{address}/file", headers=other).status_code == 403
