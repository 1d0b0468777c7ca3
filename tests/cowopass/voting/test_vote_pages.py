"""Votes on the pages of a desk, of a treasury, and in the open record."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.voting.closing import close_due
from cowopass.voting.service import cast_vote, list_proposals
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, host
from tests.factories import a_token, bearer


@pytest.fixture
def headers(sainte):
    """Return the headers of the host of B, and of the treasurer."""
    found = [
        bearer(a_token(sainte, "host", "sainte", "b")),
        bearer(a_token(sainte, "treasurer", "sainte")),
    ]
    sainte.commit()
    return found


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(text).split())


def fields(page):
    """Return what the inputs of a form say when it is sent as it is."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page.text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found[name] = chosen[1]
    return found


def test_a_host_proposes_by_the_form_and_only_what_changed_is_voted(sainte, client, headers):
    b, _ = headers
    form = fields(client.get("/desk/b/votes/new", headers=b))
    sent = {**form, "text": "Cotisons moins.", "levy_bps": "2,5"}
    answer = client.post("/desk/b/votes/new", data=sent, headers=b)
    assert answer.status_code == 303
    again = client.post("/desk/b/votes/new", data=sent, headers=b)
    assert again.location == answer.location
    (proposal,) = list_proposals(sainte, "sainte")
    assert proposal.details["changes"] == {"levy_bps": 250}
    assert (proposal.author_space, proposal.id) == ("b", form["id"])
    sainte.rollback()
    page = words(client.get(answer.location, headers=b))
    assert "Cotisons moins." in page
    assert "Cotisation à la caisse 2,5 %" in page
    assert "octobre 2026" in page.lower()


def test_the_form_is_filled_in_from_the_address_and_keeps_what_was_typed(client, headers):
    _, treasurer = headers
    wanted = {"rule": {"kind": "difference_share", "share_bps": 5000}, "levy_bps": 300}
    page = client.get(
        "/treasury/sainte/votes/new",
        query_string={"agreement": json.dumps(wanted)},
        headers=treasurer,
    )
    form = fields(page)
    assert (form["share"], form["levy_bps"], form["netting"]) == ("50", "3", "multilateral")
    refused = client.post(
        "/treasury/sainte/votes/new",
        data={**form, "text": " ", "levy_bps": "trois"},
        headers=treasurer,
    )
    assert refused.status_code == 422
    assert fields(refused)["levy_bps"] == "trois"
    nonsense = client.get("/treasury/sainte/votes/new?agreement=%7B", headers=treasurer)
    assert fields(nonsense)["share"] == "100"


@pytest.mark.parametrize(
    "query",
    [
        {"agreement": json.dumps({"rule": {"kind": "flat", "amounts_cents": [1]}})},
        {"agreement": json.dumps({"rule": [1], "levy_bps": {"a": 1}, "home": ["x"]})},
        {"agreement": json.dumps({"home": "\0"})},
        {"agreement": "[" * 20_000},
        {"home": "\0", "kind": "\0", "space": "\0"},
    ],
)
def test_an_address_that_asks_for_nonsense_shows_the_form(client, headers, query):
    b, _ = headers
    page = client.get("/desk/b/votes/new", query_string=query, headers=b)
    assert page.status_code == 200
    assert fields(page)["home"] == "sainte"


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        ("rule", {"home": "\0"}),
        ("leave", {"space": "c", "effective_from": "9999-12-31"}),
        ("charter", {"effective_from": "9999-12-31"}),
        ("join", {"space": "nouveau", "name": "N\r\nBcc: x"}),
    ],
)
def test_what_no_proposal_can_say_is_refused(client, headers, kind, over):
    b, _ = headers
    form = fields(client.get(f"/desk/b/votes/new?kind={kind}", headers=b))
    answer = client.post("/desk/b/votes/new", data={**form, "text": "x", **over}, headers=b)
    assert answer.status_code == 422
    assert "Vérifiez" in words(answer) or "Donnez" in words(answer)


def test_a_count_is_not_done_by_who_opens_the_page(sainte, client, headers, propose, travel):
    b, _ = headers
    proposal = propose()
    for space in ("comptoir", "b", "c"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    sainte.commit()
    travel.move_to(AFTER_THE_VOTE)
    assert client.get(f"/desk/b/votes/{proposal.id}", headers=b).status_code == 200
    done = select(Act.act, Act.actor_kind).where(
        Act.act.in_(["proposal_passed", "agreement_voted"])
    )
    assert sorted(map(tuple, sainte.execute(done))) == [
        ("agreement_voted", "command"),
        ("proposal_passed", "command"),
    ]


@pytest.mark.parametrize("place", ["/desk/b/log", "/treasury/sainte/log"])
def test_a_log_is_read_from_any_number(client, headers, place):
    b, treasurer = headers
    of_place = b if "desk" in place else treasurer
    assert client.get(f"{place}?before={10**20}", headers=of_place).status_code == 200


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"text": ""}, "Dites dans vos mots"),
        ({"effective_from": "2026-12", "levy_bps": "4"}, "Au plus tôt : 2027-01"),
        ({"effective_from": "2026-10", "levy_bps": "4"}, "mois qui a déjà des créances"),
        ({"levy_bps": ""}, "Vérifiez : Cotisation à la caisse"),
        ({"share": "beaucoup"}, "Vérifiez : Ce que doit le lieu"),
        ({"effective_from": "janvier"}, "Vérifiez la date d’effet"),
        ({"kind": "charter", "quorum_bps": "tous"}, "Vérifiez : Lieux qui doivent voter"),
        ({}, "ne changerait rien"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(client, headers, over, said):
    b, _ = headers
    form = fields(client.get("/desk/b/votes/new", headers=b))
    answer = client.post("/desk/b/votes/new", data={**form, "text": "x", **over}, headers=b)
    assert answer.status_code == 422
    assert said in words(answer)


@pytest.mark.parametrize("kind", ["join", "leave", "suspend", "charter"])
def test_every_kind_has_its_form(sainte, client, headers, kind):
    b, _ = headers
    form = fields(client.get(f"/desk/b/votes/new?kind={kind}", headers=b))
    over = {"join": {"name": "La Rubanerie", "space": "rubanerie"}, "charter": {"quorum_bps": "60"}}
    sent = {**form, "text": "Décidons.", **over.get(kind, {})}
    answer = client.post("/desk/b/votes/new", data=sent, headers=b)
    assert answer.status_code == 303, words(answer)
    assert [one.kind for one in list_proposals(sainte, "sainte")] == [kind]
    sainte.rollback()
    assert "Décidons." in words(client.get(answer.location, headers=b))


def test_a_host_votes_changes_its_mind_and_sees_nobody_elses(sainte, client, headers, propose):
    b, treasurer = headers
    proposal = propose()
    cast_vote(sainte, host("c"), proposal.id, "c", "against")
    sainte.commit()
    address = f"/desk/b/votes/{proposal.id}"
    for choice in ("for", "abstain"):
        client.post(address, data={"choice": choice}, headers=b)
    page = words(client.get(address, headers=b))
    assert "Vous avez voté : abstention." in page
    assert "C a voté" in page
    assert "contre" not in page
    seen = words(client.get(f"/treasury/sainte/votes/{proposal.id}", headers=treasurer))
    assert "abstention." not in seen.replace("Une abstention", "")
    assert "Choisissez" in words(client.post(address, data={}, headers=b, follow_redirects=True))


def test_after_the_closing_the_page_counts_and_everything_is_open(
    sainte, client, headers, propose, travel
):
    b, treasurer = headers
    proposal = propose()
    for space in ("comptoir", "b"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    sainte.commit()
    travel.move_to(AFTER_THE_VOTE)
    address = f"/desk/b/votes/{proposal.id}"
    late = client.post(address, data={"choice": "against"}, headers=b, follow_redirects=True)
    assert "Ce vote est terminé." in words(late)
    assert "2 pour, 0 contre, 0 abstentions, sur 3 lieux." in words(late)
    listed = words(client.get("/treasury/sainte/votes", headers=treasurer))
    assert "adoptée" in listed
    rules = words(client.get("/rules/sainte"))
    assert "Partageons." in rules
    assert "Comptoir : pour" in rules


def test_the_treasurer_counts_early_or_withdraws(client, headers, propose):
    _, treasurer = headers
    proposal = propose()
    address = f"/treasury/sainte/votes/{proposal.id}"
    early = client.post(f"{address}/close", headers=treasurer, follow_redirects=True)
    assert "Tous les lieux n’ont pas encore voté." in words(early)
    gone = client.post(f"{address}/withdraw", headers=treasurer, follow_redirects=True)
    assert "La proposition est retirée." in words(gone)


def test_another_networks_vote_is_not_here_and_a_stranger_sees_none(client, headers, propose):
    b, _ = headers
    proposal = propose()
    assert client.get("/desk/b/votes/nothing", headers=b).status_code == 404
    assert client.get(f"/desk/c/votes/{proposal.id}", headers=b).status_code == 403
    assert client.get("/treasury/sainte/votes", headers=b).status_code == 403


def test_the_open_record_has_the_votes_and_says_what_no_vote_made(
    sainte, config, client, propose, travel
):
    assert "sans vote" in words(client.get("/rules/sainte"))
    proposal = propose()
    cast_vote(sainte, host("b"), proposal.id, "b", "for")
    sainte.commit()
    assert client.get("/open-data/votes.json").json["votes"] == []
    travel.move_to(AFTER_THE_VOTE)
    close_due(sainte, config)
    sainte.commit()
    (row,) = csv.DictReader(io.StringIO(client.get("/open-data/votes.csv").text))
    assert (row["id"], row["state"], json.loads(row["votes"])) == (
        proposal.id,
        "failed",
        {"b": "for"},
    )
    (version,) = client.get("/open-data/agreements.json").json["agreements"]
    assert (version["proposal"], version["vote"]) == (None, None)
