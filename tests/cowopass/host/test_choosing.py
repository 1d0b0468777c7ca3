from __future__ import annotations

from cowopass.people.access import Grant
from tests.cowopass.host.conftest import words
from tests.factories import a_person, a_token, bearer, sign_in


def test_who_works_at_one_space_is_at_its_desk_at_once(client, desk):
    answer = client.get("/desk", headers=desk)
    assert (answer.status_code, answer.location) == (303, "/desk/comptoir")


def test_a_device_is_at_its_desk_too(client, session, desk):  # noqa: ARG001 (of its network)
    device = bearer(a_token(session, "device", space="cret"))
    session.commit()
    assert client.get("/desk", headers=device).location == "/desk/cret"


def test_who_works_at_several_spaces_chooses(client, session, desk):  # noqa: ARG001
    grants = (Grant("host", "sainte", slug) for slug in ("comptoir", "cret"))
    sign_in(client, session, a_person(session, "anne@exemple.fr", *grants))
    session.commit()
    page = words(client.get("/desk"))
    assert "Comptoir" in page
    assert "Cret" in page
    assert "Rubanerie" not in page


def test_who_works_nowhere_is_told_whom_to_ask(client, session, desk):  # noqa: ARG001
    sign_in(client, session, a_person(session, "anne@exemple.fr"))
    session.commit()
    page = words(client.get("/desk"))
    assert "Demandez une invitation" in page


def test_nobody_in_particular_has_no_desk(client):
    assert client.get("/desk").status_code == 401
