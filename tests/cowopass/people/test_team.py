"""Inviting people to a role, and taking it away."""

from __future__ import annotations

import re

import pytest

from cowopass.errors import (
    EmailInvalid,
    LastMember,
    MembershipUnknown,
    NetworkUnknown,
    RoleForbidden,
    SpaceUnknown,
)
from cowopass.mail.service import list_mails
from cowopass.people.access import caller_with
from cowopass.people.team import Guest, Post, invite, list_members, remove
from tests.cowopass.people.conftest import HOST_OF_B, TREASURER
from tests.factories import a_person, sign_in

HOST = caller_with("per_1", "host", "sainte", "b")
KEEPER = caller_with("per_2", "treasurer", "sainte")
B, SAINTE = Post("host", "b"), Post("treasurer", "sainte")
CHLOE = Guest("Chloe@example.org", "Chloé")


@pytest.fixture(autouse=True)
def in_the_application(app):
    with app.app_context():
        yield


def test_who_is_invited_enters_by_a_mailed_link_from_any_browser(world, config, client):
    invite(world, config, HOST, B, CHLOE)
    world.commit()
    [mail] = list_mails(world)
    assert (mail.recipient, mail.subject) == ("chloe@example.org", "Vous tenez le comptoir de B")
    link = re.search(r"(/sign-in/\S+)\n", mail.text)[1]
    world.commit()
    assert "Une invitation pour vous" in client.get(link).text
    assert client.post(link).location == "/desk"
    assert client.get("/api/v1/check-ins?space=b").status_code == 200
    [member] = list_members(world, HOST, B)
    assert (member.person.name, member.accepted_at is not None) == ("Chloé", True)


def test_an_english_guest_is_mailed_in_english(world, config):
    invite(world, config, KEEPER, SAINTE, CHLOE._replace(language="en"))
    assert list_mails(world)[0].subject == "You keep the treasury of Coworking Sainté"


def test_to_invite_again_mails_a_new_link_until_she_has_come(world, config, client):
    for _ in range(2):
        member = invite(world, config, HOST, B, CHLOE)
        world.flush()
    assert len(list_mails(world)) == 2
    sign_in(client, world, member.person)
    invite(world, config, HOST, B, CHLOE)
    assert len(list_mails(world)) == 2
    assert len(list_members(world, HOST, B)) == 1


def test_a_treasurer_invites_the_first_host_of_a_space_and_nobody_elsewhere(world, config):
    invite(world, config, KEEPER, Post("host", "a"), CHLOE)
    for caller, post in ((HOST, Post("host", "a")), (HOST, SAINTE)):
        with pytest.raises(RoleForbidden):
            invite(world, config, caller, post, CHLOE)


@pytest.mark.parametrize(
    ("post", "guest", "refusal"),
    [
        (Post("host", "x"), CHLOE, SpaceUnknown),
        (Post("treasurer", "x"), CHLOE, NetworkUnknown),
        (SAINTE, Guest("chloe", "Chloé"), EmailInvalid),
    ],
)
def test_a_wrong_invitation_is_refused(world, config, post, guest, refusal):
    with pytest.raises(refusal):
        invite(world, config, KEEPER, post, guest)


def test_who_is_removed_is_out_at_once(world, client, anne):
    person = anne(HOST_OF_B)
    world.add(_came(a_person(world, "bob@example.org", HOST_OF_B)))
    remove(world, HOST, B, person.id)
    world.commit()
    assert client.get("/account").status_code == 401
    with pytest.raises(MembershipUnknown):
        remove(world, HOST, B, person.id)


def test_who_keeps_another_role_stays_signed_in(world, client, anne):
    person = anne(HOST_OF_B, TREASURER)
    world.add(_came(a_person(world, "bob@example.org", HOST_OF_B)))
    remove(world, HOST, B, person.id)
    world.commit()
    assert client.get("/api/v1/periods/sainte/2026-10").status_code == 200


def test_the_last_one_who_has_come_stays_and_who_has_not_come_may_go(world, anne):
    person = anne(HOST_OF_B)
    invited = a_person(world, "bob@example.org", HOST_OF_B)
    with pytest.raises(LastMember):
        remove(world, HOST, B, person.id)
    remove(world, HOST, B, invited.id)


def _came(person):
    for membership in person.memberships:
        membership.accepted_at = membership.created_at
    return person
