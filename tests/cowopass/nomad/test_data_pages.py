"""Her data: all of it in one file, and what can be forgotten, forgotten."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.passes.models import Pass, Ticket
from cowopass.people.models import Holder
from tests.factories import a_token, bearer


def test_the_file_tells_everything_that_is_held(wallet, sold):
    answer = wallet.get("/wallet/data/export.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.text)
    assert told["holder"]["name"] == "Camille Berthet"
    assert [one["id"] for one in told["passes"]] == [sold.id]
    assert [one["kind"] for one in told["tickets"]] == ["paper"]
    assert "token" not in told["tickets"][0]


def test_nothing_is_erased_without_a_tick(wallet, engine):
    answer = wallet.post("/wallet/data/erase")
    assert answer.status_code == 422
    assert "Cochez la case" in answer.text
    with Session(engine) as reader:
        assert reader.scalar(select(Holder.erased_at)) is None


@pytest.mark.parametrize("end_passes", [True, False])
def test_erasure_forgets_the_name_and_cuts_the_links(wallet, engine, end_passes):
    form = {"sure": "on", **({"end_passes": "on"} if end_passes else {})}
    assert wallet.post("/wallet/data/erase", data=form).status_code == 303
    with Session(engine) as reader:
        holder = reader.scalar(select(Holder))
        assert (holder.name, holder.email) == ("—", None)
        assert reader.scalar(select(Pass.state)) == ("revoked" if end_passes else "active")
        is_cut = reader.scalar(select(Ticket.revoked_at)) is not None
        assert is_cut == end_passes
    assert "n’est pas ouvert ici" in wallet.get("/wallet").text


def test_a_nameless_pass_is_still_let_in(wallet, client, session, sold):
    token = session.scalar(select(Ticket.token).where(Ticket.pass_id == sold.id))
    headers = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    wallet.post("/wallet/data/erase", data={"sure": "on"})
    body = {"id": "6f1c2f0e-8a2b-4a52-9c7e-0d6f0a9a4b11", "token": token, "space": "rubanerie"}
    answer = client.post("/api/v1/check-ins", json=body, headers=headers)
    assert answer.json["state"] == "accepted"
