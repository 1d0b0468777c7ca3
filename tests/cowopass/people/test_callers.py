"""Who is behind a request: a token, somebody signed in, a paired device."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from cowopass import clock
from cowopass.app import create_app
from cowopass.people.access import Grant
from cowopass.people.callers import DEVICE
from cowopass.people.sessions import end_sessions
from tests.factories import a_token, bearer

CHECK_INS = "/api/v1/check-ins?space="
HOST_OF_B = Grant("host", "sainte", "b")
TREASURER = Grant("treasurer", "sainte")
SCAN = {"id": "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11", "token": "x", "space": "b", "unit": "day"}


def put_device(client, token):
    client.set_cookie(f"__Host-{DEVICE}", token)


def test_a_person_has_all_of_her_roles_and_no_other(client, anne):
    anne(HOST_OF_B, TREASURER)
    assert client.get(f"{CHECK_INS}b").status_code == 200
    assert client.get("/api/v1/periods/sainte/2026-11").status_code == 200
    refused = client.get(f"{CHECK_INS}a")
    assert (refused.status_code, refused.json["code"]) == (403, "role_forbidden")


def test_a_host_of_two_spaces_sees_the_lines_of_both_and_must_say_whose_visits_she_imports(
    client, anne
):
    anne(HOST_OF_B, Grant("host", "sainte", "a"))
    header = "id,pass_reference,home,space,at,unit,kind\n"
    assert client.get("/api/v1/periods/sainte/2026-11/charges").status_code == 200
    unsaid = client.post("/api/v1/check-ins/import", data=header)
    assert (unsaid.status_code, unsaid.json["errors"][0]["path"]) == (422, "space")
    for space, status in (("a", 200), ("b", 200), ("c", 403)):
        answer = client.post(f"/api/v1/check-ins/import?space={space}", data=header)
        assert answer.status_code == status


def test_a_role_taken_away_ends_at_once(world, client, anne):
    anne(HOST_OF_B).memberships.clear()
    world.commit()
    assert client.get(f"{CHECK_INS}b").status_code == 403


def test_a_session_that_is_ended_counts_no_more(world, client, anne):
    end_sessions(world, anne(HOST_OF_B))
    world.commit()
    assert client.get(f"{CHECK_INS}b").status_code == 401


@pytest.mark.parametrize(
    ("grant", "hours"), [(HOST_OF_B, 30 * 24), (TREASURER, 12)], ids=["host", "treasurer"]
)
def test_a_session_is_over_after_a_while_a_treasurers_the_same_day(client, anne, grant, hours):
    anne(grant)
    began = clock.now()
    month = "/api/v1/periods/sainte/2026-10"
    with time_machine.travel(began + timedelta(hours=hours, minutes=-1)):
        assert client.get(month).status_code == 200
    with time_machine.travel(began + timedelta(hours=hours, minutes=1)):
        assert client.get(month).status_code == 401


def test_a_token_in_the_header_counts_and_not_who_is_signed_in(world, client, anne):
    anne(HOST_OF_B)
    device = a_token(world, "device", space="a")
    world.commit()
    assert client.get(f"{CHECK_INS}b", headers=bearer(device)).status_code == 403
    assert client.get(f"{CHECK_INS}b", headers=bearer("cwp_unknown")).status_code == 401


def test_a_paired_device_is_known_by_its_cookie_and_does_desk_work_alone(world, client):
    put_device(client, a_token(world, "device", space="b"))
    world.commit()
    assert client.get(f"{CHECK_INS}b").status_code == 403
    assert client.post("/api/v1/check-ins/preview", json=SCAN).json["code"] == "not_a_ticket"


def test_a_token_that_is_no_devices_does_not_work_as_a_cookie(world, client):
    put_device(client, a_token(world, "host", space="b"))
    world.commit()
    assert client.get(f"{CHECK_INS}b").status_code == 401


def test_somebody_signed_in_on_a_paired_device_may_do_its_work_too(world, client, anne):
    anne(TREASURER)
    assert client.post("/api/v1/check-ins/preview", json=SCAN).status_code == 403
    put_device(client, a_token(world, "device", space="b"))
    world.commit()
    assert client.post("/api/v1/check-ins/preview", json=SCAN).json["code"] == "not_a_ticket"


@pytest.mark.parametrize(
    ("method", "status"), [("link", 403), ("passkey", 200)], ids=["link", "passkey"]
)
def test_in_production_a_treasurer_needs_a_passkey_to_lock(config, anne, method, status):
    app = create_app(replace(config, environment="production"))
    with app.test_client() as browser:
        anne(TREASURER, method=method, browser=browser)
        assert browser.get("/api/v1/periods/sainte/2026-10").status_code == 200
        locking = browser.post("/api/v1/periods/sainte/2026-10/lock")
    app.extensions["cowopass.engine"].dispose()
    assert locking.status_code == status
    assert (locking.json.get("code") == "passkey_required") == (status == 403)
