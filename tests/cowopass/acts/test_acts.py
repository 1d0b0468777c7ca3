"""Every act that moves money or rights is in a log, with who did it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cowopass.acts.actor import COMMAND, let_act
from cowopass.acts.models import Act
from cowopass.cli import root
from cowopass.people.access import Grant
from tests.factories import (
    a_network,
    a_person,
    a_plan,
    a_space,
    a_token,
    an_agreement,
    bearer,
    sign_in,
)

HOST_OF_B = Grant("host", "sainte", "b")
TREASURER = Grant("treasurer", "sainte")
SALE = {"home": "b", "plan": "voyageur", "holder": {"name": "Camille Berthet"}}


@pytest.fixture
def world(session):
    """A session on Sainté, with the spaces A and B; B sells a book."""
    let_act(COMMAND)  # another test of this thread may have ended with somebody signed in
    a_network(session)
    an_agreement(session)
    a_space(session, "A")
    a_plan(session, a_space(session, "B"))
    session.commit()
    return session


def acts(session, **where):
    session.expire_all()
    found = session.scalars(select(Act).filter_by(**where).order_by(Act.number)).all()
    session.commit()
    return [act.act for act in found]


def sign_in_as(session, client, *grants):
    person = a_person(session, "anne@example.org", *grants)
    sign_in(client, session, person)
    session.commit()
    return person


def test_what_a_host_does_is_noted_with_her_name_and_no_holders(world, client):
    anne = sign_in_as(world, client, HOST_OF_B)
    sold = client.post("/api/v1/passes", json=SALE).json["id"]
    reason = {"reason": "Camille Berthet ne paie pas"}
    for act in ("suspend", "resume", "revoke"):
        assert client.post(f"/api/v1/passes/{sold}/{act}", json=reason).status_code == 200
    page = client.get("/api/v1/acts?space=b").json
    assert [act["act"] for act in page["acts"]] == [
        "pass_revoked",
        "pass_resumed",
        "pass_suspended",
        "pass_sold",
    ]
    sale = page["acts"][-1]
    assert sale["actor"] == {"kind": "person", "id": anne.id, "name": "Anne Morel"}
    assert (sale["subject"], sale["details"]) == (sold, {"amount_cents": 15000})
    assert "Camille" not in str(page)


def test_what_is_repeated_is_noted_once(world, client):
    sign_in_as(world, client, TREASURER)
    for _ in range(2):
        assert client.post("/api/v1/periods/sainte/2026-10/review").status_code == 200
        assert client.post("/api/v1/periods/sainte/2026-10/lock").status_code == 200
    assert acts(world, network="sainte") == ["period_reviewed", "period_locked"]


def test_tokens_commands_and_devices_are_told_apart(world, app, client):
    host = a_token(world, "host", space="b")
    world.commit()
    client.post("/api/v1/passes", json=SALE, headers=bearer(host))
    with app.app_context():
        made = CliRunner().invoke(root, ["token", "create", "--role", "host", "--space", "a"])
        assert made.exit_code == 0
    assert acts(world, actor_kind="token", space="b") == ["pass_sold"]
    assert acts(world, actor_kind="command", space="a") == ["token_made"]


def test_a_visit_is_noted_when_it_is_taken_back(world, client):
    sign_in_as(world, client, HOST_OF_B, Grant("host", "sainte", "a"))
    ticket = client.post("/api/v1/passes", json=SALE).json["ticket"]["token"]
    scan = "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11"
    body = {"id": scan, "token": ticket, "space": "a", "unit": "day"}
    assert client.post("/api/v1/check-ins", json=body).status_code == 201
    void = {"reason": "Scanné par erreur."}
    assert client.post(f"/api/v1/check-ins/{scan}/void", json=void).status_code == 200
    assert acts(world, space="a") == ["visit_voided"]


def test_a_treasurer_reads_her_network_and_a_host_her_space(world, client):
    sign_in_as(world, client, HOST_OF_B)
    assert client.get("/api/v1/acts?space=b").status_code == 200
    for place in ("space=a", "network=sainte"):
        assert client.get(f"/api/v1/acts?{place}").status_code == 403
    for query in ("", "?network=sainte&space=b"):
        assert client.get(f"/api/v1/acts{query}").status_code == 422
    keeper = a_token(world, "treasurer", "sainte")
    world.commit()
    assert client.get("/api/v1/acts?network=sainte", headers=bearer(keeper)).status_code == 200


def test_acts_are_paged(world, client):
    tokens = [a_token(world, "treasurer", "sainte") for _ in range(5)]
    world.commit()
    found, cursor = [], ""
    while cursor is not None:
        query = f"/api/v1/acts?network=sainte&limit=2{cursor and f'&cursor={cursor}'}"
        page = client.get(query, headers=bearer(tokens[0])).json
        found += [act["number"] for act in page["acts"]]
        cursor = page["next"]
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize("change", ["UPDATE acts SET act = 'nothing'", "DELETE FROM acts"])
def test_the_log_only_grows(world, change):
    a_token(world, "treasurer", "sainte")
    world.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        world.execute(text(change))
    world.rollback()
    assert acts(world) == ["token_made"]
