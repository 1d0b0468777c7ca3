"""Keys of networks: which one signs, which are published, and what a stolen one is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from cowopass.errors import KeyNotFound, NetworkUnknown
from cowopass.networks.keys import (
    compromise_key,
    list_keys,
    make_key,
    note_last_exp,
    published_keys,
    record_key,
    rotate_key,
    signing_key,
    trust_for,
)
from tests.factories import a_network
from wallet.errors import KeyCompromised, KeyUnknown, KeyUnreadable
from wallet.ticket import payload_hash, sign_ticket
from wallet.verify import verify_ticket

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def clock():
    """The clock, stopped at noon of 24 November 2026 in Paris."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sainte(session, config, clock):  # noqa: ARG001 (the instant of the key)
    """The first key of Sainté."""
    a_network(session)
    return make_key(session, config, "sainte")


def a_ticket(key):
    return sign_ticket(
        key,
        sub="pas_1",
        jti="tik_1",
        iat=int(NOW.timestamp()),
        nbf=int(NOW.timestamp()),
        exp=int((NOW + timedelta(days=365)).timestamp()),
        home="comptoir",
        plan="voyageur",
    )


def kids(jwks):
    return [key["kid"] for key in jwks["keys"]]


def test_a_key_s_private_half_is_sealed_under_the_instance_s_secret(session, config, sainte):
    assert "ENCRYPTED" in sainte.private_pem
    elsewhere = type(config)(
        **{**vars(config), "secret_key": "another secret of enough characters"}
    )
    assert signing_key(session, config, "sainte").kid == sainte.kid
    with pytest.raises(KeyUnreadable):
        signing_key(session, elsewhere, "sainte")


def test_a_key_needs_its_network(session, config):
    with pytest.raises(NetworkUnknown):
        make_key(session, config, "lyon")


def test_the_next_key_is_published_a_month_before_it_signs(session, config, sainte, clock):
    following = rotate_key(session, config, "sainte")
    assert following.signs_from == NOW + timedelta(days=30)
    assert kids(published_keys(session, config)) == [sainte.kid, following.kid]
    assert signing_key(session, config, "sainte").kid == sainte.kid
    clock.move_to(NOW + timedelta(days=30))
    assert signing_key(session, config, "sainte").kid == following.kid


def test_a_key_can_be_replaced_at_once(session, config, sainte):
    following = rotate_key(session, config, "sainte", at_once=True)
    assert signing_key(session, config, "sainte").kid in {sainte.kid, following.kid}
    assert following.signs_from == NOW


def test_an_old_key_is_published_until_the_last_ticket_it_signed_ends(
    session, config, sainte, clock
):
    exp = int((NOW + timedelta(days=365)).timestamp())
    note_last_exp(session, signing_key(session, config, "sainte"), exp)
    note_last_exp(session, signing_key(session, config, "sainte"), exp - 1)
    clock.move_to(NOW + timedelta(days=1))
    rotate_key(session, config, "sainte", at_once=True)
    clock.move_to(NOW + timedelta(days=364))
    session.expire_all()
    assert sainte.kid in kids(published_keys(session, config))
    clock.move_to(NOW + timedelta(days=365))
    assert sainte.kid not in kids(published_keys(session, config))


def test_what_signed_a_head_is_published_while_books_are_kept(session, config, sainte, clock):
    assert record_key(session, config, "sainte").kid == sainte.kid
    clock.move_to(NOW + timedelta(days=1))
    rotate_key(session, config, "sainte", at_once=True)
    clock.move_to(datetime(NOW.year + 10, 12, 31, tzinfo=UTC))
    session.expire_all()
    assert sainte.kid in kids(published_keys(session, config))
    clock.move_to(datetime(NOW.year + 12, 1, 1, tzinfo=UTC))
    assert sainte.kid not in kids(published_keys(session, config))


def test_a_key_signs_for_its_network_alone(session, config, sainte):  # noqa: ARG001
    a_network(session, "lyon")
    make_key(session, config, "lyon")
    token = a_ticket(signing_key(session, config, "sainte"))
    assert verify_ticket(token, trust_for(session, config, "sainte")).net == "sainte"
    with pytest.raises(KeyUnknown):
        verify_ticket(token, trust_for(session, config, "lyon"))
    assert {key["net"] for key in published_keys(session, config)["keys"]} == {"sainte", "lyon"}


def test_of_a_stolen_key_only_what_was_issued_still_counts(session, config, sainte):
    token = a_ticket(signing_key(session, config, "sainte"))
    compromise_key(session, config, sainte.kid)
    with pytest.raises(KeyCompromised):
        verify_ticket(token, trust_for(session, config, "sainte"))
    issued = {("tik_1", payload_hash(token))}
    assert verify_ticket(token, trust_for(session, config, "sainte", issued)).jti == "tik_1"


def test_a_stolen_key_has_a_successor_that_signs_at_once(session, config, sainte):
    compromise_key(session, config, sainte.kid, "sainte")
    successor = signing_key(session, config, "sainte")
    assert successor.kid != sainte.kid
    assert kids(published_keys(session, config)) == [successor.kid]


def test_declaring_a_key_stolen_twice_changes_nothing(session, config, sainte, clock):
    compromise_key(session, config, sainte.thumbprint)
    clock.move_to(NOW + timedelta(days=1))
    assert compromise_key(session, config, sainte.kid).compromised_at == NOW
    assert len(list_keys(session, "sainte")) == 2


def test_a_stolen_key_that_does_not_sign_needs_no_successor(session, config, sainte):
    following = rotate_key(session, config, "sainte")
    compromise_key(session, config, following.kid)
    assert len(list_keys(session, "sainte")) == 2
    assert signing_key(session, config, "sainte").kid == sainte.kid


@pytest.mark.parametrize("network", [None, "sainte"])
def test_a_key_that_is_not_there_can_not_be_stolen(session, config, sainte, network):  # noqa: ARG001
    with pytest.raises(KeyNotFound):
        compromise_key(session, config, "0123456789", network)


def test_a_key_of_another_network_is_not_declared_stolen_by_mistake(session, config, sainte):
    a_network(session, "lyon")
    with pytest.raises(KeyNotFound):
        compromise_key(session, config, sainte.kid, "lyon")


def test_trust_costs_one_statement(session, config, sainte, engine):  # noqa: ARG001
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    trust_for(session, config, "sainte")
    assert len(statements) == 1
