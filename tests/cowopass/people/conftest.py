"""Sainté with the spaces A and B, and somebody who works there."""

from __future__ import annotations

import pytest

from cowopass.people.access import Grant
from tests.factories import a_network, a_person, a_space, an_agreement, sign_in

HOST_OF_B = Grant("host", "sainte", "b")
TREASURER = Grant("treasurer", "sainte")


@pytest.fixture
def world(session):
    """A session on Sainté, with the spaces A and B."""
    a_network(session)
    an_agreement(session)
    a_space(session, "A")
    a_space(session, "B")
    session.commit()
    return session


@pytest.fixture
def anne(world, client):
    """Sign Anne in with these roles, in the client's browser."""

    def enter(*grants, method="link", browser=client):
        person = a_person(world, "anne@example.org", *grants)
        sign_in(browser, world, person, method)
        world.commit()
        return person

    return enter
