"""Every address is closed to strangers, unless it is written here that it is open."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from cowopass.people.access import Grant
from tests.factories import a_network, a_person, a_space, a_token, an_agreement, bearer, sign_in

GIVEN = {
    "network": "sainte",
    "slug": "b",
    "space": "b",
    "month": "2026-11",
    "name": "votes",
    "kind": "csv",
    "form": "svg",
    "act": "suspend",
    "check_in": UUID(int=1),
    "check_in_id": UUID(int=1),
    "payment": UUID(int=1),
    "price_id": 1,
}
"""What stands in addresses: a space of Sainté, a month, and else an id that nobody has."""

OPEN = {
    *("operations.show_health", "operations.show_readiness", "operations.show_metrics"),
    *("api-docs.openapi_json", "docs.show_docs", "mails.show_mails", "demo.show_doors"),
    *("networks.get_networks", "networks.get_jwks", "networks.get_instance"),
    *("spaces.get_spaces", "spaces.get_one_space", "desk.get_occupancy"),
    *("directory.front", "directory.colours", "space.show", "space.door", "space.door_svg"),
    *("rules.index", "rules.show", "try_rules.show", "open_data.show", "open_data.download"),
    *("verify.show", "landing.show", "scan.worker", "pairing.show_pairing"),
    *("sign_in.ask", "sign_in.show_sent", "sign_in.sign_out", "passkeys.show_sign_in_options"),
    *("wallet.show", "wallet.visits", "wallet.visit", "wallet.golden", "wallet.places"),
    *("wallet.data", "wallet.export_data", "wallet.confirm_erasure", "wallet.close"),
    *("wallet.manifest", "wallet.worker"),
}
"""What anyone may open. A wallet without a pass's link is empty, and says how to get one; mails and
the doors of the demonstration are there in development alone."""

CHOICES = {"host_choice.choose_space", "treasury.choose_network"}
"""Where who is signed in chooses among her own places."""


def addresses(app) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of every route."""
    urls = app.url_map.bind("pass.example")
    for rule in app.url_map.iter_rules():
        values = {name: GIVEN.get(name, "x") for name in rule.arguments}
        if rule.endpoint.startswith(("rules.", "try_rules.")) and "slug" in values:
            values["slug"] = "sainte"
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, urls.build(rule.endpoint, values, method=method)


@pytest.fixture
def world(session):
    a_network(session)
    an_agreement(session)
    a_space(session, "B")
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Canut", network="lyon")
    session.commit()
    return session


@pytest.mark.parametrize("role", [None, "device", "host", "treasurer"])
def test_a_stranger_is_let_in_nowhere_else(app, client, world, role):
    place = {"network": "lyon"} if role == "treasurer" else {"space": "canut"}
    headers = bearer(a_token(world, role, **place)) if role else {}
    world.commit()
    found = {
        endpoint
        for endpoint, method, address in addresses(app)
        if client.open(address, method=method, headers=headers).status_code < 400
    }
    assert found == (OPEN | CHOICES if role else OPEN)


def test_a_device_of_a_space_scans_there_and_reads_nothing_else(app, client, world):
    headers = bearer(a_token(world, "device", space="b"))
    world.commit()
    found = {
        endpoint
        for endpoint, method, address in addresses(app)
        if client.open(address, method=method, headers=headers).status_code < 400
    }
    assert found == OPEN | CHOICES | {"scan.scanner"}


def test_no_other_site_makes_a_browser_change_anything(app, client, world):
    sign_in(client, world, a_person(world, "anne@example.org", Grant("host", "sainte", "b")))
    world.commit()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        for endpoint, method, address in addresses(app):
            if method != "GET":
                answer = client.open(
                    address, method=method, headers={**headers, "Accept": "application/json"}
                )
                assert answer.json["code"] == "cross_site_request", endpoint
