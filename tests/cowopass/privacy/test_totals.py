"""What was counted stays counted: usage, unit values and refunds are the same after the purge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass import clock
from cowopass.desk.models import CheckIn
from cowopass.desk.voiding import void_check_in
from cowopass.passes.models import PassUsage
from cowopass.passes.refunds import worth_of
from cowopass.passes.standing import find_pass, standing_of
from cowopass.privacy.service import purge
from tests.cowopass.privacy.conftest import NOVEMBER_3
from tests.marks import slow_but

SPACES = ("comptoir", "b", "c")


def live(seed, client, hosts, sell, travel):
    """Sell books and let a seed choose a November of visits, of golden ones, and of voids."""
    random = Random(seed)  # noqa: S311 (the same life each time)
    books = [sell("voyageur", f"Holder {number}") for number in range(3)]
    for day in range(0, 24, 2):
        travel.move_to(NOVEMBER_3 + timedelta(days=day))
        sold, space = random.choice(books), random.choice(SPACES)
        ticket = sold["ticket"]
        if random.random() < 0.2:
            address = f"/api/v1/passes/{sold['id']}/golden-tickets"
            given = client.post(address, json={}, headers=hosts["comptoir"])
            ticket = given.json.get("ticket", ticket)
        body = {"id": str(uuid4()), "token": ticket["token"], "space": space}
        body["unit"] = random.choice(("day", "half_day"))
        made = client.post("/api/v1/check-ins", json=body, headers=hosts[space]).json
        if random.random() < 0.25 and made["state"] == "accepted":
            said = {"reason": "Scanned twice"}
            client.post(f"/api/v1/check-ins/{made['id']}/void", json=said, headers=hosts[space])
    return [sold["id"] for sold in books]


def stand(session, passes):
    """Return what is left, given and worth of each pass now."""
    session.expire_all()
    today = clock.today("Europe/Paris")
    found = [find_pass(session, one) for one in passes]
    used = select(
        PassUsage.pass_id,
        PassUsage.bucket,
        PassUsage.units_used,
        PassUsage.golden_used,
        PassUsage.value_given_cents,
    ).order_by(PassUsage.pass_id, PassUsage.bucket)
    standings = (
        [standing_of(session, one)[1:] for one in found],
        [worth_of(session, one, today).amount_cents for one in found],
        [tuple(row) for row in session.execute(used)],
    )
    session.rollback()
    return standings


@pytest.mark.parametrize("seed", slow_but(0, range(3)))
def test_units_values_and_refunds_are_after_the_purge_what_they_were_before(
    seed, client, hosts, sell, sainte, lock, travel, run
):
    passes = live(seed, client, hosts, sell, travel)
    lock()
    travel.move_to(datetime(2027, 3, 2, 10, tzinfo=UTC))
    before = stand(sainte, passes)
    assert run("privacy", "purge").exit_code == 0
    assert stand(sainte, passes) == before
    audited = run("audit")
    assert audited.exit_code == 0, audited.output
    again = run("privacy", "purge")
    assert "Nothing has been kept for too long." in again.output
    assert stand(sainte, passes) == before


def test_the_next_unit_has_the_value_that_it_would_have_had(scan, sell, lock, travel, run):
    """Eleven days of 150.00 add up to 150.00, before and after."""
    sold = sell("voyageur")
    values = []
    for day in range(6):
        travel.move_to(NOVEMBER_3 + timedelta(days=day))
        values.append(scan(sold)["charge"]["pass_value_cents"])
    lock()
    travel.move_to(datetime(2027, 3, 2, 10, tzinfo=UTC))
    run("privacy", "purge")
    for day in range(5):
        travel.move_to(datetime(2027, 3, 2 + day, 10, tzinfo=UTC))
        made = scan(sold)
        values.append(made["charge"]["pass_value_cents"])
    assert (sum(values), made["units_left"]) == (15_000, 0)


def test_a_visit_that_is_voided_after_the_purge_takes_its_charge_back_and_gives_no_unit(
    scan, sell, sainte, lock, travel, run
):
    sold = sell("voyageur")
    visit = scan(sold)
    lock()
    travel.move_to(datetime(2027, 3, 2, 10, tzinfo=UTC))
    purge(sainte)
    void_check_in(sainte, visit["id"], "It was somebody else")
    sainte.commit()
    assert sainte.get_one(CheckIn, visit["id"]).state == "voided"
    sainte.rollback()
    assert stand(sainte, [sold["id"]])[0] == [("active", 10, 1)]
    audited = run("audit")
    assert audited.exit_code == 0, audited.output
