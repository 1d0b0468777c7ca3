"""Votes over HTTP and by commands."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cowopass.cli import root
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, HALF
from tests.factories import a_token, bearer

BODY = {"network": "sainte", "kind": "rule", "text": "Partageons.", "agreement": HALF}


@pytest.fixture
def b(sainte):
    token = a_token(sainte, "host", "sainte", "b")
    sainte.commit()
    return bearer(token)


def test_a_space_proposes_votes_and_withdraws(client, b):
    opened = client.post("/api/v1/proposals", json={**BODY, "author_space": "b"}, headers=b)
    assert opened.status_code == 201
    address = f"/api/v1/proposals/{opened.json['id']}"
    assert opened.json["effective_on"] == "2027-01-01"
    voted = client.post(f"{address}/votes", json={"space": "b", "choice": "for"}, headers=b)
    assert voted.json["votes"] == {"b": "for"}
    others = client.post(f"{address}/votes", json={"space": "c", "choice": "for"}, headers=b)
    assert others.status_code == 403
    assert client.post(f"{address}/close", headers=b).status_code == 403
    assert client.post(f"{address}/withdraw", headers=b).json["state"] == "withdrawn"
    late = client.post(f"{address}/votes", json={"space": "b", "choice": "for"}, headers=b)
    assert (late.status_code, late.json["code"]) == (409, "vote_closed")
    listed = client.get("/api/v1/proposals?network=sainte&state=withdrawn", headers=b)
    assert [one["id"] for one in listed.json["proposals"]] == [opened.json["id"]]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"text": "  "}, "data_invalid"),
        ({"space": "b"}, "data_invalid"),
        ({"kind": "leave"}, "data_invalid"),
        ({"kind": "tax"}, "data_invalid"),
        ({"agreement": {"levy_bps": 1, "home": "x", "host": "y"}}, "data_invalid"),
        ({"agreement": {"levy_bps": 1, "host": "nowhere"}}, "network_unknown"),
        ({"agreement": {"levy_bps": 1, "host": {"a": []}}}, "data_invalid"),
        ({"agreement": {"rule": []}}, "data_invalid"),
        ({"agreement": {"levy_bps": 10_001}}, "data_invalid"),
        ({"effective_from": "2026-12"}, "effect_too_early"),
        ({"effective_from": "soon"}, "data_invalid"),
        ({"network": "nowhere"}, "network_unknown"),
    ],
)
def test_what_can_not_be_proposed_is_a_problem(client, sainte, over, code):
    treasurer = bearer(a_token(sainte, "operator"))
    sainte.commit()
    answer = client.post("/api/v1/proposals", json={**BODY, **over}, headers=treasurer)
    assert (answer.json["code"], answer.status_code // 100) == (code, 4)


def test_the_commands_take_a_vote_from_its_opening_to_its_result(app, sainte, travel):  # noqa: ARG001
    def run(*arguments):
        with app.app_context():
            result = CliRunner().invoke(root, ["vote", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    agreement = json.dumps(HALF)
    opened = run("propose", "sainte", "rule", "--text", "P.", "--agreement", agreement, "--json")
    proposal = json.loads(opened)["id"]
    for space, choice in (("b", "for"), ("c", "for"), ("comptoir", "against")):
        run("cast", proposal, choice, "--space", space)
    assert "b: voted" in run("show", proposal)
    assert proposal in run("list", "sainte", "--state", "open")
    assert run("close") == ""
    travel.move_to(AFTER_THE_VOTE)
    assert run("close") == f"{proposal} passed\n"
    assert run("close") == ""
    assert "comptoir: against" in run("show", proposal)
