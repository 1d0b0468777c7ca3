"""Devices of a desk: paired by a code, for desk work alone, and cut off."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cowopass import clock
from cowopass.errors import RoleForbidden, TokenUnknown
from cowopass.people.access import caller_with
from cowopass.people.devices import cut_off_device, list_devices, make_pairing_code
from cowopass.people.models import ApiToken
from tests.factories import a_token
from wallet.code import make_code

HOST = caller_with("per_1", "host", "sainte", "b")
SCAN = {"id": "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11", "token": "x", "space": "b", "unit": "day"}
PREVIEW = "/api/v1/check-ins/preview"


@pytest.fixture
def code(world):
    """A code that a host of B shows."""
    shown = make_pairing_code(world, HOST, "b")
    world.commit()
    return shown


def pair(browser, code, name=" Tablette  de l’accueil "):
    return browser.post("/desk/pair", data={"code": code, "name": name})


def test_a_code_makes_a_device_that_does_desk_work_for_a_year(world, client, code):
    assert client.get("/desk/pair").status_code == 200
    paired = pair(client, code)
    assert (paired.status_code, paired.location) == (303, "/desk/b")
    cookie = paired.headers.getlist("Set-Cookie")[0]
    for part in ("__Host-cowopass-device=", "HttpOnly", "Secure", "Max-Age=31536000"):
        assert part in cookie
    assert client.post(PREVIEW, json=SCAN).json["code"] == "not_a_ticket"
    assert client.get("/api/v1/check-ins?space=b").status_code == 403
    [device] = list_devices(world, HOST, "b")
    assert device.label == "Tablette de l’accueil"


def test_a_code_works_once(app, client, code):
    pair(client, code)
    again = pair(app.test_client(), code)
    assert again.status_code == 410
    assert "a déjà servi" in again.text


def test_a_code_is_typed_as_people_type(client, code):
    assert len(code) == 8
    assert pair(client, f" {code[:4].lower()} - {code[4:]} ").status_code == 303


def test_a_slip_in_a_code_is_seen_and_the_code_still_works(client, code):
    slip = pair(client, code[:-1] + ("2" if code[-1] != "2" else "3"))
    assert slip.status_code == 422
    assert "mal recopié" in slip.text
    assert pair(client, code).status_code == 303


def test_a_code_is_over_after_ten_minutes(client, code):
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        assert pair(client, code).status_code == 410


@pytest.mark.parametrize("code", ["", "nonsense", "é" * 50])
def test_what_is_no_code_is_told_so(client, code):
    assert pair(client, code).status_code == 422


def test_a_code_that_never_was_is_told_as_one_that_is_over(client):
    assert pair(client, "9KC5-R2YV").status_code == 410


def test_when_a_device_was_seen_is_written_once_a_minute(world, client, code):
    pair(client, code)

    def seen_after(seconds):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            client.post(PREVIEW, json=SCAN)
        [device] = list_devices(world, HOST, "b")
        world.refresh(device)
        world.commit()
        return (device.seen_at - start).total_seconds() if device.seen_at else None

    start = clock.now().replace(microsecond=0)
    assert [seen_after(seconds) for seconds in (0, 59, 60, 61)] == [0, 0, 60, 60]


def test_a_device_that_is_cut_off_works_no_more(world, client, code):
    pair(client, code)
    [device] = list_devices(world, HOST, "b")
    for _ in range(2):
        cut_off_device(world, HOST, "b", device.id)
    world.commit()
    assert client.post(PREVIEW, json=SCAN).status_code == 401
    assert list_devices(world, HOST, "b") == []


def test_codes_are_tried_a_few_times_only(app):
    codes = [pair(app.test_client(), make_code(number)).status_code for number in range(31)]
    assert codes == [410] * 30 + [429]


def test_devices_are_their_own_hosts_alone(world):
    other = caller_with("per_2", "host", "sainte", "a")
    a_token(world, "host", space="b")
    token = world.scalars(select(ApiToken)).one()
    for act in (
        lambda: make_pairing_code(world, other, "b"),
        lambda: list_devices(world, other, "b"),
        lambda: cut_off_device(world, other, "b", token.id),
    ):
        with pytest.raises(RoleForbidden):
            act()
    with pytest.raises(TokenUnknown):
        cut_off_device(world, HOST, "b", token.id)
