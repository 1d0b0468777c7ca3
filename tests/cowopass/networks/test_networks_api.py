"""The networks over HTTP, and what stands under /.well-known."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from cowopass.networks.keys import compromise_key, make_key
from tests.factories import a_network, an_agreement
from wallet.keys import public_key_from_jwk


@pytest.fixture(autouse=True)
def clock():
    """The clock, stopped on 24 November 2026."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def test_networks_are_listed_with_their_agreements_in_force(client, session):
    a_network(session, "lyon", name="Lyon")
    a_network(session)
    an_agreement(session)
    an_agreement(session, effective_from=date(2026, 10, 1), levy_bps=300)
    an_agreement(session, effective_from=date(2026, 12, 1), levy_bps=200)
    an_agreement(session, home="lyon", host="sainte")
    session.commit()
    answer = client.get("/api/v1/networks").json
    lyon, sainte = answer["networks"]
    assert answer["next"] is None
    assert (sainte["slug"], sainte["timezone"], sainte["currency"]) == (
        "sainte",
        "Europe/Paris",
        "EUR",
    )
    assert [one["id"] for one in lyon["agreements"]] == ["lyon>sainte@2025-01"]
    assert [one["id"] for one in sainte["agreements"]] == [
        "lyon>sainte@2025-01",
        "sainte>sainte@2026-10",
    ]
    own = sainte["agreements"][1]
    assert (own["effective_from"], own["levy_bps"], own["convention_signed_on"]) == (
        "2026-10",
        300,
        "2025-01-01",
    )
    assert own["rule"] == {
        "kind": "difference_share",
        "share_bps": 10000,
        "cap_at_host_price": True,
    }


def test_networks_say_nothing_of_their_fund(client, session):
    a_network(session)
    session.commit()
    assert "FR76" not in client.get("/api/v1/networks").text


def test_networks_are_paged_by_cursor(client, session):
    for slug in ("c", "a", "b"):
        a_network(session, slug)
    session.commit()
    first = client.get("/api/v1/networks?limit=2").json
    assert [one["slug"] for one in first["networks"]] == ["a", "b"]
    second = client.get(f"/api/v1/networks?limit=2&cursor={first['next']}").json
    assert [one["slug"] for one in second["networks"]] == ["c"]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=many", "cursor=A%00", "sort=name"])
def test_a_query_that_makes_no_sense_is_refused(client, query):
    assert client.get(f"/api/v1/networks?{query}").status_code == 422


def test_the_public_keys_are_published(client, session, config):
    a_network(session)
    stolen = make_key(session, config, "sainte")
    compromise_key(session, config, stolen.kid)
    session.commit()
    answer = client.get("/.well-known/jwks.json")
    (key,) = answer.json["keys"]
    assert (key["net"], key["alg"], key["use"]) == ("sainte", "ES256", "sig")
    assert key["kid"] != stolen.kid
    assert "d" not in key
    assert public_key_from_jwk(key).curve.name == "secp256r1"
    assert answer.cache_control.max_age == 300


def test_the_instance_says_who_it_is(client, session, config):
    a_network(session)
    session.commit()
    assert client.get("/.well-known/cowopass").json == {
        "protocol": "cowopass/1",
        "instance": config.base_url,
        "api": f"{config.base_url}/api/v1",
        "jwks": f"{config.base_url}/.well-known/jwks.json",
        "networks": [
            {
                "slug": "sainte",
                "name": "Coworking Sainté",
                "timezone": "Europe/Paris",
                "currency": "EUR",
            }
        ],
    }
