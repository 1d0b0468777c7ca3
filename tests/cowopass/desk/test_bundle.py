"""The bundle by which a desk works without network: what is in it, and whose it is."""

from __future__ import annotations

import json
from datetime import date, timedelta

import jwt
import pytest

from cowopass import clock
from cowopass.desk.bundle import fresh_since, issue_bundle
from cowopass.networks.keys import compromise_key
from cowopass.passes.golden import hand_over
from cowopass.passes.life import revoke, suspend
from cowopass.passes.tickets import issue_live_ticket, reissue_ticket
from cowopass.spaces.models import Space
from tests.cowopass.desk.test_statements import noted
from tests.factories import a_network, a_plan, a_space, an_agreement
from tests.phones import APhone
from wallet.keys import public_key_from_jwk


@pytest.fixture
def bundle(client, desk):
    """Return a function that fetches a bundle, verified by its own keys, as its claims."""

    def fetch(space="rubanerie", role="device"):
        answer = client.get(f"/api/v1/bundle?space={space}", headers=desk(space, role))
        assert answer.status_code == 200
        claims = verified(answer.json["bundle"])
        assert answer.json["number"] == claims["number"]
        return claims

    return fetch


def verified(token):
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"]) == ("ES256", "cowopass-bundle+jwt")
    told = jwt.decode(token, options={"verify_signature": False})
    (jwk,) = [key for key in told["keys"] if key["kid"] == header["kid"]]
    assert jwk["net"] == told["net"]
    return jwt.decode(
        token, public_key_from_jwk(jwk), algorithms=["ES256"], options={"verify_exp": False}
    )


def test_a_bundle_is_the_networks_word_for_a_week(sell, bundle, config):
    sell()
    told = bundle()
    now = int(clock.now().timestamp())
    assert (told["iss"], told["net"], told["space"]) == (config.base_url, "sainte", "rubanerie")
    assert (told["iat"], told["exp"]) == (now, now + 7 * 86_400)
    assert (told["timezone"], told["currency"]) == ("Europe/Paris", "EUR")
    assert told["networks"] == [{"slug": "sainte", "name": "Coworking Sainté"}]


@pytest.mark.usefixtures("agreement")
def test_the_bundles_of_each_space_are_numbered(bundle):
    assert [bundle()["number"], bundle()["number"], bundle("cret")["number"]] == [1, 2, 1]


@pytest.mark.parametrize(
    ("space", "role", "status"),
    [("rubanerie", "host", 200), ("rubanerie", "device", 200), ("cret", "host", 403)],
)
@pytest.mark.usefixtures("agreement")
def test_a_bundle_is_for_the_desks_of_its_space(client, desk, space, role, status):
    answer = client.get("/api/v1/bundle?space=rubanerie", headers=desk(space, role))
    assert answer.status_code == status


@pytest.mark.parametrize(("query", "status"), [("", 422), ("?space=rubanerie", 401)])
@pytest.mark.usefixtures("agreement")
def test_who_asks_wrongly_is_told_so(client, desk, query, status):
    headers = desk("rubanerie") if status == 422 else {}
    assert client.get(f"/api/v1/bundle{query}", headers=headers).status_code == status


@pytest.mark.usefixtures("network")
def test_a_network_without_agreement_or_pass_has_a_bundle_too(bundle):
    told = bundle()
    assert (told["agreements"], told["plans"], told["live"], told["golden"]) == ([], [], {}, {})
    assert told["revoked"] == told["revoked_passes"] == told["suspended_passes"] == []
    assert len(told["keys"]) == 1


def test_agreements_of_all_homes_are_told_oldest_first(session, agreement, bundle):
    agreement.offline_paper_per_day = 3
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Soierie", "lyon")
    an_agreement(session, "lyon", "sainte", date(2026, 9, 1), roaming_days_per_month=5)
    an_agreement(session, "lyon", "sainte", date(2026, 10, 1), roaming_days_per_month=None)
    an_agreement(session, "sainte", "lyon")
    session.commit()
    told = bundle()
    assert [(one["home"], one["from"]) for one in told["agreements"]] == [
        ("lyon", "2026-09"),
        ("lyon", "2026-10"),
        ("sainte", "2025-01"),
    ]
    assert [one["roaming_days_per_month"] for one in told["agreements"]] == [5, None, None]
    assert told["agreements"][-1]["offline_paper_per_day"] == 3
    assert [one["slug"] for one in told["networks"]] == ["lyon", "sainte"]
    assert {one["slug"] for one in told["spaces"]} >= {"soierie", "rubanerie"}


@pytest.mark.usefixtures("agreement")
def test_a_network_whose_passes_are_not_taken_is_no_part_of_it(session, bundle):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Soierie", "lyon")
    session.commit()
    assert "soierie" not in {one["slug"] for one in bundle()["spaces"]}


@pytest.mark.usefixtures("agreement")
def test_a_space_that_leaves_says_when(session, bundle):
    session.get_one(Space, "cret").leaves_on = date(2026, 12, 31)
    session.commit()
    (cret,) = [one for one in bundle()["spaces"] if one["slug"] == "cret"]
    assert (cret["network"], cret["leaves_on"], cret["joins_on"]) == ("sainte", "2026-12-31", None)


@pytest.mark.usefixtures("agreement")
def test_the_plan_on_sale_is_told_before_a_newer_one(session, bundle):
    a_plan(session, "comptoir", version=1, unit="half_day", is_offered=True)
    a_plan(session, "comptoir", version=2, unit="day", is_offered=False)
    a_plan(session, "comptoir", code="old", version=1, is_offered=False, roaming=False)
    session.commit()
    told = {one["code"]: one for one in bundle()["plans"]}
    assert told["voyageur"]["unit"] == "half_day"
    assert told["old"] == {
        "home": "comptoir",
        "code": "old",
        "name": "Voyageur",
        "kind": "book",
        "unit": "day",
        "roaming": False,
    }


def test_what_a_desk_must_refuse_is_listed(session, config, sell, bundle):
    (lost, old), (ended, _), (unpaid, _), _ = sell(), sell(), sell(), sell()
    _, new = reissue_ticket(session, config, lost.id)
    revoke(session, ended.id, "stolen")
    suspend(session, unpaid.id, "not paid")
    session.commit()
    told = bundle()
    assert old.jti in told["revoked"]
    assert new.jti not in told["revoked"]
    assert (told["revoked_passes"], told["suspended_passes"]) == ([ended.id], [unpaid.id])


def test_what_has_ended_need_not_be_listed(session, sell, bundle):
    old, ticket = sell(validity_months=1, starts_on=date(2026, 9, 1))
    ticket.revoked_at, old.state = clock.now(), "revoked"
    session.commit()
    told = bundle()
    assert (told["revoked"], told["revoked_passes"]) == ([], [])


def test_passes_of_phones_and_golden_tickets_are_told(session, config, sell, bundle):
    sold, _ = sell()
    issue_live_ticket(session, config, sold, APhone().jwk)
    (_, kept), (_, used) = (
        hand_over(session, config, sold.id),
        hand_over(session, config, sell(golden_tickets=1)[0].id),
    )
    used.used_at = clock.now()
    session.commit()
    told = bundle()
    assert told["live"] == {sold.id: {"home": "comptoir", "plan": sold.plan.code}}
    assert told["golden"] == {kept.jti: False, used.jti: True}


def test_under_a_stolen_key_the_tickets_we_issued_are_named(session, config, sell, bundle):
    _, ticket = sell()
    compromise_key(session, config, ticket.kid)
    session.commit()
    keys = {one["kid"]: one for one in bundle()["keys"]}
    assert keys.pop(ticket.kid)["genuine"] == [[ticket.jti, ticket.payload_hash]]
    assert [(one["compromised"], one["genuine"]) for one in keys.values()] == [(False, [])]


def test_no_person_is_named(sell, bundle):
    sell(holder_name="Camille Berthet")
    assert "Camille" not in json.dumps(bundle())


def test_many_passes_take_no_more_statements(sell, bundle, engine):
    sell()
    bundle()
    with noted(engine) as few:
        bundle()
    for _ in range(5):
        sell()
    with noted(engine) as many:
        bundle()
    assert len(many) == len(few)


@pytest.mark.usefixtures("agreement")
def test_a_bundle_holds_from_its_making_for_seven_days(session, config):
    made = issue_bundle(session, config, "rubanerie")
    start = clock.now()
    instants = (timedelta(seconds=-1), timedelta(0), timedelta(days=7, seconds=-1))
    fresh = [fresh_since(session, "rubanerie", made.number, start + after) for after in instants]
    assert fresh == [None, start, start]
    assert fresh_since(session, "rubanerie", made.number, made.expires_at) is None
    assert fresh_since(session, "cret", made.number, start) is None
    assert fresh_since(session, "rubanerie", made.number + 1, start) is None


@pytest.mark.usefixtures("agreement")
def test_an_old_number_is_forgotten_and_none_is_given_twice(session, config, noon):
    first = issue_bundle(session, config, "rubanerie")
    start = clock.now()
    noon.shift(timedelta(days=31))
    assert issue_bundle(session, config, "rubanerie").number == 2
    assert fresh_since(session, "rubanerie", first.number, start) is None
