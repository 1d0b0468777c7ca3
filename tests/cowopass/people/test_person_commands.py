"""The operator's commands: how the first treasurer of an instance comes in."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cowopass import clock
from cowopass.cli import root
from cowopass.mail.service import list_mails
from cowopass.people.models import Passkey
from tests.cowopass.people.conftest import TREASURER
from tests.factories import a_person


@pytest.fixture
def run(app, world):  # noqa: ARG001 (the world is what the commands act on)
    def run(*arguments):
        with app.app_context():
            return CliRunner().invoke(root, ["person", *arguments])

    return run


def test_the_first_treasurer_is_invited_listed_and_stays_while_she_is_the_last(world, run):
    invited = run("invite", "anne@example.org", "--role", "treasurer", "--network", "sainte")
    assert invited.stdout == "anne@example.org is treasurer of sainte.\n"
    assert [mail.recipient for mail in list_mails(world)] == ["anne@example.org"]
    world.commit()
    [anne] = json.loads(run("list", "--json").stdout)
    assert (anne["name"], anne["role"], anne["accepted_at"]) == ("anne", "treasurer", None)
    assert "anne@example.org" in run("list").stdout
    removed = run("remove", "anne@example.org", "--role", "treasurer", "--network", "sainte")
    assert removed.exit_code == 0
    assert run("list").stdout == ""


def test_who_has_lost_her_passkeys_begins_again(world, run):
    person = a_person(world, "anne@example.org", TREASURER)
    columns = {"public_key": b"", "sign_count": 0, "created_at": clock.now()}
    for key in ("one", "two"):
        world.add(Passkey(id=key, person_id=person.id, label="Firefox, Linux", **columns))
    world.commit()
    assert "2 passkeys less" in run("forget-passkeys", "anne@example.org").stdout
    assert world.scalars(select(Passkey)).all() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invite", "anne@example.org", "--role", "host"), "needs --space"),
        (("invite", "anne@example.org", "--role", "treasurer"), "needs --network"),
        (("invite", "anne", "--role", "host", "--space", "b"), "no e-mail address"),
        (("invite", "anne@example.org", "--role", "host", "--space", "x"), "no space `x`"),
        (("forget-passkeys", "eve@example.org"), "eve@example.org"),
        (("remove", "eve@example.org", "--role", "host", "--space", "b"), "eve@example.org"),
    ],
)
def test_what_is_missing_or_wrong_is_said(run, arguments, said):
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert said in refused.stderr
