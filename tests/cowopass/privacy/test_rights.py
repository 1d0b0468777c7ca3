"""What a holder may ask for, asked for her by command."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.mail.models import Mail
from cowopass.mail.service import queue_mail
from cowopass.passes.models import Pass
from cowopass.people.models import Holder
from tests.cowopass.privacy.conftest import MARCH_2
from tests.cowopass.privacy.test_nothing_is_left import everywhere

EMAIL = "camille@example.org"


def test_everything_that_is_held_is_told(sell, scan, run, sainte):
    sold = sell(email=EMAIL)
    visit = scan(sold)
    queue_mail(sainte, EMAIL, "Votre pass", "…")
    sainte.commit()
    for named in (EMAIL, sold["id"]):
        told = json.loads(run("privacy", "export", named).stdout)
        assert told["holder"]["name"] == "Camille Berthet"
        assert [one["id"] for one in told["visits"]] == [visit["id"]]
        assert [one["units_used"] for one in told["usages"]] == [1]
        assert [one["subject"] for one in told["mails"]] == ["Votre pass"]
        assert sold["ticket"]["token"] not in json.dumps(told)


def test_what_people_wrote_about_her_visits_is_told(sell, scan, run, sainte):
    visit = sainte.get_one(CheckIn, scan(sell(email=EMAIL))["id"])
    visit.override_reason, visit.void_reason = "Elle attendait dehors.", "Pas venue."
    sainte.commit()
    told = json.loads(run("privacy", "export", EMAIL).stdout)["visits"]
    assert [(one["override_reason"], one["void_reason"]) for one in told] == [
        ("Elle attendait dehors.", "Pas venue.")
    ]


def test_a_file_with_her_data_is_hers_alone_and_replaces_nothing(sell, run, tmp_path):
    sell(email=EMAIL)
    out = tmp_path / "camille.json"
    assert run("privacy", "export", EMAIL, "--out", out).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    again = run("privacy", "export", EMAIL, "--out", out)
    assert (again.exit_code, "camille.json" in again.output) == (1, True)


@pytest.mark.parametrize("ends", [True, False])
def test_she_is_erased_by_command(sell, run, recorded, sainte, ends):
    sold = sell(email=EMAIL)
    queue_mail(sainte, EMAIL, "Votre pass", "…")
    sainte.commit()
    done = run("privacy", "erase", EMAIL, *(["--end-passes"] if ends else []))
    assert done.exit_code == 0, done.output
    (holder,) = recorded(select(Holder))
    assert (holder.name, holder.email) == ("—", None)
    assert recorded(select(Pass.state)) == ["revoked" if ends else "active"]
    assert recorded(select(Mail)) == []
    again = run("privacy", "erase", sold["id"])
    assert (again.exit_code, "no holder" in again.output) == (1, True)


@pytest.mark.parametrize("ends", [True, False])
def test_who_is_erased_in_a_month_that_is_contested_and_open_leaves_its_accounts_whole(
    sell, scan, run, client, hosts, lock, travel, sainte, ends
):
    sold = sell(email=EMAIL)
    contested = scan(sold, "b")["id"]
    scan(sold, "c")
    said = {"reason": "Camille Berthet n’est pas venue."}
    address = f"/api/v1/check-ins/{contested}/dispute"
    dispute = client.post(address, json=said, headers=hosts["comptoir"]).json["id"]
    erased = run("privacy", "erase", EMAIL, *(["--end-passes"] if ends else []))
    assert erased.exit_code == 0
    lock()
    assert run("audit").exit_code == 0
    refusal = client.post(
        f"/api/v1/disputes/{dispute}/refuse", json=said, headers=hosts["treasurer"]
    )
    assert refusal.status_code == 200
    assert run("audit").exit_code == 0
    travel.move_to(MARCH_2 + timedelta(days=1))
    for _ in range(2):
        assert run("privacy", "purge").exit_code == 0
        assert run("audit").exit_code == 0
    sainte.expire_all()
    assert [place for place, text in everywhere(sainte) if "Camille" in text] == []


def test_an_address_of_two_is_not_guessed(sell, run, recorded):
    sell(email=EMAIL)
    sell(name="Nadia Berger", email=EMAIL)
    refused = run("privacy", "erase", EMAIL)
    assert refused.exit_code == 1
    for holder in recorded(select(Holder.id)):
        assert holder in refused.output
    assert run("privacy", "erase", recorded(select(Holder.id))[0]).exit_code == 0
