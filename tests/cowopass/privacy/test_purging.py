"""When names go, whose, and what the command says of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.models import CheckIn
from cowopass.desk.visits_file import ImportedVisit
from cowopass.ledger.models import Period
from cowopass.passes.models import Pass
from cowopass.passes.references import forgotten_reference
from cowopass.people.models import Holder, Person
from tests.cowopass.privacy.conftest import DECEMBER_2, MARCH_1, MARCH_2, NOVEMBER_3


def purged(run, *options):
    done = run("privacy", "purge", "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_nothing_goes_before_three_months_are_over(sell, scan, lock, travel, run, recorded):
    scan(sell())
    lock()
    travel.move_to(MARCH_1)
    assert purged(run)["months"] == []
    assert recorded(select(CheckIn.pass_id))[0] is not None


def test_a_month_says_what_was_done_once(sell, scan, lock, travel, run, recorded):
    scan(sell())
    lock()
    travel.move_to(MARCH_2)
    month = {"network": "sainte", "month": "2026-11", "check_ins": 1, "words": 0}
    month["key_destroyed"] = True
    assert purged(run, "--dry-run")["months"] == [month]
    assert recorded(select(CheckIn.pass_id))[0] is not None
    assert purged(run)["months"] == [month]
    row = recorded(select(CheckIn))[0]
    assert (row.units, len(row.body_hash), row.charge_cents) == (1, 64, 1200)
    kept = select(Period.month).where(Period.pseudonym_key.is_not(None)).order_by(Period.month)
    assert recorded(kept) == ["2026-12"]
    acts = select(Act.subject).where(Act.act == "period_purged")
    assert recorded(acts) == ["2026-11"]
    assert purged(run)["months"] == []


def test_a_late_visit_waits_for_the_month_that_it_entered(
    sell, lock, travel, run, sainte, recorded
):
    sold = sell(reference="R1")
    lock()
    row = ImportedVisit(
        line=2,
        id="6f1c2f0e-8a2b-4a52-9c7e-0d6f0a9a4b11",
        reference="R1",
        home="comptoir",
        space="b",
        at=NOVEMBER_3 + timedelta(days=1),
        unit=None,
        golden=False,
        body_hash="0" * 64,
    )
    (told,) = import_batch(sainte, Scope("sainte"), [row])
    sainte.commit()
    assert told.status == "accepted"
    lock(datetime(2027, 1, 3, 10, tzinfo=UTC), "2026-12")
    travel.move_to(MARCH_2)
    assert purged(run)["months"][0]["check_ins"] == 0
    assert recorded(select(CheckIn.pass_id)) == [sold["id"]]
    travel.move_to(datetime(2027, 4, 3, 10, tzinfo=UTC))
    assert [month["check_ins"] for month in purged(run)["months"]] == [1, 0]


def test_a_visit_of_a_forgotten_month_comes_too_late(sell, lock, travel, run, sainte):
    sell(reference="R1")
    lock()
    travel.move_to(MARCH_2)
    purged(run)
    row = ImportedVisit(
        line=2,
        id="6f1c2f0e-8a2b-4a52-9c7e-0d6f0a9a4b11",
        reference="R1",
        home="comptoir",
        space="b",
        at=NOVEMBER_3 + timedelta(days=1),
        unit=None,
        golden=False,
        body_hash="0" * 64,
    )
    (told,) = import_batch(sainte, Scope("sainte"), [row])
    assert (told.status, told.code) == ("refused", "too_old")


def test_what_is_contested_keeps_its_name_until_it_is_decided(
    client, hosts, sell, scan, lock, travel, run, recorded
):
    made, said = scan(sell()), {"reason": "Nobody came"}
    address = f"/api/v1/check-ins/{made['id']}/dispute"
    dispute = client.post(address, json=said, headers=hosts["comptoir"]).json
    lock()
    travel.move_to(MARCH_2)
    assert purged(run)["months"][0]["check_ins"] == 0
    decide = f"/api/v1/disputes/{dispute['id']}/refuse"
    assert client.post(decide, json=said, headers=hosts["treasurer"]).status_code == 200
    assert purged(run)["months"][0]["check_ins"] == 1
    assert recorded(select(CheckIn.pass_id))[0] is None
    travel.move_to(MARCH_2 + timedelta(days=93))
    assert purged(run)["months"][0]["words"] == 1


@pytest.mark.parametrize(
    ("act", "name"),
    [(None, "Camille Berthet"), ("revoke", "Camille Berthet"), ("refund", "—")],
)
def test_a_holder_is_forgotten_once_nothing_of_her_passes_can_count(
    client, hosts, sell, lock, travel, run, recorded, act, name
):
    sold = sell()
    if act:
        address = f"/api/v1/passes/{sold['id']}/{act}"
        assert client.post(address, json={"reason": "moved"}, headers=hosts["comptoir"])
    lock()
    travel.move_to(MARCH_2)
    purged(run)
    assert recorded(select(Holder.name))[0] == name


def test_a_sale_loaded_again_after_its_holder_is_forgotten_is_still_known(
    sell, lock, travel, run, recorded, tmp_path
):
    sell("nomade", reference="M-17")
    lock()
    travel.move_to(MARCH_2)
    assert purged(run)["holders"] == 1
    assert recorded(select(Pass.reference))[0] == forgotten_reference("comptoir", "M-17")
    file = tmp_path / "passes.csv"
    file.write_text(
        "reference,home,plan,holder_name,holder_email,starts_on,price_paid_cents\n"
        "M-17,comptoir,nomade,Camille Berthet,,2026-11-03,15000\n"
    )
    done = run("load-passes", file, "--network", "sainte")
    assert "repeated" in done.output, done.output
    assert len(recorded(select(Pass))) == 1


def test_a_backup_that_is_restored_is_purged_again(
    sell, scan, lock, travel, run, tmp_path, config, app
):
    if not config.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has its own tools")
    scan(sell("nomade"))
    lock()
    assert run("backup", tmp_path / "before.db").exit_code == 0
    travel.move_to(MARCH_2)
    first = purged(run)
    app.extensions["cowopass.engine"].dispose()
    done = run("restore", tmp_path / "before.db", "--force")
    assert "cowopass privacy purge" in done.output
    assert purged(run) == first
    assert run("audit").exit_code == 0


def test_who_has_no_role_any_more_is_forgotten_in_time(sainte, run, travel, recorded):
    sainte.close()
    for name in ("Anne", "Bea"):
        invited = run(
            "person",
            "invite",
            f"{name}@example.org",
            "--role",
            "host",
            "--space",
            "b",
            "--name",
            name,
        )
        assert invited.exit_code == 0, invited.output
    gone = run("person", "remove", "bea@example.org", "--role", "host", "--space", "b")
    assert gone.exit_code == 0, gone.output
    assert purged(run)["people"] == 0
    travel.move_to(DECEMBER_2 + timedelta(days=80))
    assert purged(run)["people"] == 1
    assert sorted(recorded(select(Person.name))) == ["", "Anne"]
