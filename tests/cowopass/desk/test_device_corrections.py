from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from cowopass.desk.models import CheckIn


def test_a_device_takes_back_a_slip_of_its_space(sell, scan, act, desk):
    _, ticket = sell()
    told = act(scan(ticket), "void", headers=desk("rubanerie", "device"), reason="Erreur")
    assert (told.status_code, told.json["state"]) == (200, "voided")


def test_what_is_older_than_half_a_day_is_a_hosts_to_take_back(sell, scan, act, desk, session):
    _, ticket = sell()
    visit = scan(ticket)
    recorded = session.get_one(CheckIn, visit.json["id"]).recorded_at
    session.execute(update(CheckIn).values(recorded_at=recorded - timedelta(hours=13)))
    session.commit()
    refused = act(visit, "void", headers=desk("rubanerie", "device"), reason="Erreur")
    assert (refused.status_code, refused.json["code"]) == (403, "role_forbidden")
    assert act(visit, "void", headers=desk("rubanerie"), reason="Erreur").status_code == 200
