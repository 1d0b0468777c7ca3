"""Every page and call that shows a visit still works once nobody can tell whose it was."""

from __future__ import annotations

import pytest

from cowopass.passes.wallet import WALLET, wallet_link
from cowopass.people.models import Holder
from tests.cowopass.privacy.conftest import MARCH_2


@pytest.fixture
def book(sell, scan):
    """A book that is still good, and two visits with it: a half-day, and a day at home."""
    sold = sell("voyageur", email="camille@example.org")
    visits = [scan(sold, unit="half_day"), scan(sold, "comptoir")]
    return sold, visits


@pytest.fixture
def purged(book, lock, travel, run):
    """The same, purged."""
    lock()
    travel.move_to(MARCH_2)
    assert run("privacy", "purge").exit_code == 0
    return book


PAGES = {
    "b": (
        "/desk/b/today?on=2026-11-03",
        "/desk/b/visits/{visit}",
        "/desk/b/month?month=2026-11",
        "/api/v1/check-ins?space=b",
        "/api/v1/periods/sainte/2026-11/charges",
        "/api/v1/periods/sainte/2026-11/statements/b",
    ),
    "comptoir": ("/desk/comptoir/passes", "/desk/comptoir/passes/{sold}", "/api/v1/passes/{sold}"),
    "treasurer": ("/treasury/sainte/2026-11", "/treasury/sainte/log", "/treasury/sainte"),
}


def test_every_reader_still_shows_it(purged, client, hosts):
    sold, (visit, _) = purged
    for who, addresses in PAGES.items():
        for address in addresses:
            found = address.format(visit=visit["id"], sold=sold["id"])
            answer = client.get(found, headers=hosts[who], follow_redirects=True)
            assert answer.status_code == 200, (found, answer.status_code, answer.text[:300])


def test_her_wallet_shows_what_is_left_and_not_where_she_was(purged, client, config, sainte):
    sold, (visit, _) = purged
    holder = sainte.query(Holder).one()
    sainte.rollback()
    client.set_cookie(f"__Host-{WALLET}", wallet_link(config, holder))
    assert "9" in client.get("/wallet").text
    listed = client.get("/wallet/visits")
    assert listed.status_code == 200
    assert visit["id"] not in listed.text
    assert client.get(f"/wallet/visits/{visit['id']}").status_code == 404
    assert client.get(f"/api/v1/passes/{sold['id']}", headers={}).status_code in {401, 403}


def test_the_same_scan_again_has_the_same_answer(book, client, hosts, lock, travel, run):
    sold, (visit, _) = book
    lock()
    travel.move_to(MARCH_2)
    run("privacy", "purge")
    body = {"id": visit["id"], "token": sold["ticket"]["token"], "space": "b", "unit": "half_day"}
    again = client.post("/api/v1/check-ins", json=body, headers=hosts["b"])
    assert (again.status_code, again.json["state"], again.json["holder"]) == (200, "accepted", None)
    assert again.json["charge"] == visit["charge"]
    other = client.post("/api/v1/check-ins", json={**body, "unit": "day"}, headers=hosts["b"])
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")


def test_it_can_be_contested_and_voided_and_not_made_longer(purged, client, hosts, run):
    _, (visit, _) = purged
    address = f"/api/v1/check-ins/{visit['id']}"
    longer = client.post(f"{address}/extend", headers=hosts["b"])
    assert (longer.status_code, longer.json["code"]) == (409, "not_extensible")
    said = {"reason": "Nobody of ours was there"}
    opened = client.post(f"{address}/dispute", json=said, headers=hosts["comptoir"])
    assert opened.status_code == 201, opened.json
    upheld = client.post(
        f"/api/v1/disputes/{opened.json['id']}/uphold", json=said, headers=hosts["treasurer"]
    )
    assert upheld.json["state"] == "upheld"
    voided = client.post(f"{address}/void", json=said, headers=hosts["b"])
    assert (voided.status_code, voided.json["state"]) == (200, "voided")
    audited = run("audit")
    assert audited.exit_code == 0, audited.output
