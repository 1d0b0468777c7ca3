"""Which phone carries a pass: by a code, or by the secret of a phone that does."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from cowopass import clock
from cowopass.errors import (
    BindingCodeNeeded,
    BindingCodeWrong,
    DataInvalid,
    PassEnded,
    PassUnknown,
    PhoneReplaced,
    PhoneUnbound,
    TooManyCodes,
)
from cowopass.networks.keys import trust_for
from cowopass.passes.binding_codes import request_binding_code
from cowopass.passes.events import last_event
from cowopass.passes.life import renew, revoke
from cowopass.passes.models import BindingCode, Ticket
from cowopass.passes.phones import bind_phone, ticket_of_phone
from wallet.keys import public_jwk
from wallet.proof import sd_hash
from wallet.verify import verify_presentation


def a_key(number):
    return ec.derive_private_key(number, ec.SECP256R1())


def jwk_of(key):
    return public_jwk(key.public_key())


ONE, OTHER = a_key(1), a_key(2)


@pytest.fixture
def pass_id(sell):
    return sell().json["id"]


@pytest.fixture
def code(session, config, pass_id):
    """Return a function that gives a code for the pass."""
    return lambda: request_binding_code(session, config, pass_id).code


@pytest.fixture
def bind(session, config, pass_id):
    """Return a function that binds a phone to the pass, by its key."""

    def act(key=ONE, of=pass_id, **given):
        return bind_phone(session, config, of, jwk_of(key), **given)

    return act


def live_tickets(session, pass_id):
    return list(
        session.scalars(
            select(Ticket).where(
                Ticket.pass_id == pass_id, Ticket.kind == "live", Ticket.revoked_at.is_(None)
            )
        )
    )


def test_a_phone_shows_what_it_was_given(session, config, pass_id, bind, code):
    ticket = bind(code=code()).ticket
    now = int(clock.now().timestamp())
    claims = {"iat": now, "aud": "cowopass", "nonce": "n", "sd_hash": sd_hash(ticket.token)}
    proof = jwt.encode(claims, ONE, "ES256", headers={"typ": "kb+jwt"})
    trust = trust_for(session, config, "sainte")
    shown = verify_presentation(f"{ticket.token}~{proof}", trust, now, None)
    assert (shown.ticket.sub, shown.ticket.jti) == (pass_id, ticket.jti)
    assert shown.ticket.exp == ticket.expires_at.timestamp()


def test_a_code_is_told_at_the_desk_of_the_home(post, pass_id, bind):
    told = post(f"passes/{pass_id}/binding-codes")
    assert told.status_code == 201
    assert told.json["expires_at"] == "2026-11-24T11:15:00Z"
    spaced = f" {told.json['code'][:3]} {told.json['code'][3:]}"
    assert bind(code=spaced).ticket.kind == "live"


def test_a_code_is_for_the_host_of_the_home_alone(client, pass_id):
    assert client.post(f"/api/v1/passes/{pass_id}/binding-codes").status_code == 401


def test_a_code_works_once(bind, code):
    given = code()
    bind(code=given)
    assert isinstance(bind(code=given), BindingCodeWrong)


def test_a_code_ends_after_a_quarter_of_an_hour(bind, code, traveller):
    given = code()
    traveller.shift(15 * 60)
    assert isinstance(bind(code=given), BindingCodeWrong)


def test_only_the_latest_code_works(bind, code):
    first, latest = code(), code()
    if first != latest:
        assert isinstance(bind(code=first), BindingCodeWrong)
    assert bind(code=latest).secret


def test_a_code_of_another_pass_is_wrong(sell, bind, code):
    other, given = sell().json["id"], code()
    assert isinstance(bind(of=other, code=given), BindingCodeWrong)


def test_after_five_tries_the_code_itself_is_wrong(session, bind, code):
    given = code()
    wrong = f"{(int(given) + 1) % 1_000_000:06d}"
    left = [bind(code=wrong).tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert bind(code=given).tries_left == 0
    assert session.scalar(select(BindingCode.tries_left)) == 0


def test_five_codes_in_an_hour_are_enough(code, traveller):
    for _ in range(5):
        code()
    with pytest.raises(TooManyCodes):
        code()
    traveller.shift(3600)
    assert len(code()) == 6


def test_too_many_codes_are_a_429(post, pass_id):
    answers = [post(f"passes/{pass_id}/binding-codes").status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]


def test_without_a_code_no_phone_is_bound(bind):
    with pytest.raises(BindingCodeNeeded):
        bind()


@pytest.mark.parametrize("secret", ["", "guessed"])
def test_a_secret_that_no_phone_has_is_worth_nothing(bind, secret):
    with pytest.raises(BindingCodeNeeded):
        bind(secret=secret)


def test_the_phone_takes_the_place_of_the_paper(show, pass_id, bind, code, session):
    bind(code=code())
    session.commit()
    told = show(pass_id)
    assert told["ticket"] is None
    assert [(one["kind"], bool(one["revoked_at"])) for one in told["tickets"]] in (
        [("paper", True), ("live", False)],
        [("live", False), ("paper", True)],
    )


def test_both_are_kept_when_the_holder_asks(show, pass_id, bind, code, session):
    bind(code=code(), keep_paper=True)
    session.commit()
    assert show(pass_id)["ticket"]["kind"] == "paper"


def test_a_live_ticket_has_no_code_that_is_told(show, pass_id, bind, code, session):
    bind(code=code())
    session.commit()
    (live,) = [one for one in show(pass_id)["tickets"] if one["kind"] == "live"]
    assert live["code"] is None


def test_a_live_ticket_has_no_picture(client, host, bind, code, session):
    jti = bind(code=code()).ticket.jti
    session.commit()
    assert client.get(f"/api/v1/tickets/{jti}/qr.svg", headers=host).status_code == 404


def test_a_second_phone_takes_over_and_the_first_is_told(session, config, pass_id, bind, code):
    first = bind(code=code())
    second = bind(OTHER, code=code())
    assert (first.replaced, second.replaced) == (False, True)
    assert first.secret != second.secret
    assert live_tickets(session, pass_id) == [second.ticket]
    with pytest.raises(PhoneReplaced):
        ticket_of_phone(session, config, pass_id, first.secret)
    assert ticket_of_phone(session, config, pass_id, second.secret) == second.ticket
    assert last_event(session, pass_id, "phone_bound").details == {
        "jti": second.ticket.jti,
        "replaced": True,
    }


def test_the_first_phone_needs_a_code_to_take_the_pass_back(bind, code):
    first = bind(code=code())
    bind(OTHER, code=code())
    with pytest.raises(BindingCodeNeeded):
        bind(secret=first.secret)
    assert bind(code=code(), secret=first.secret).replaced


def test_a_phone_that_lost_its_key_binds_again_by_its_secret(session, pass_id, bind, code):
    first = bind(code=code(), keep_paper=True)
    again = bind(OTHER, secret=first.secret)
    assert (again.secret, again.replaced) == (first.secret, False)
    assert live_tickets(session, pass_id) == [again.ticket]
    paper = select(Ticket.revoked_at).where(Ticket.kind == "paper")
    assert session.scalars(paper).all() == [None]


def test_a_phone_carries_other_passes_of_its_holder_without_a_code(sell, bind, code):
    of_holder = sell().json["id"]
    of_another = sell(holder={"name": "Sam", "email": "sam@example.org"}).json["id"]
    secret = bind(code=code()).secret
    assert bind(of=of_holder, secret=secret).secret == secret
    with pytest.raises(BindingCodeNeeded):
        bind(of=of_another, secret=secret)


def test_a_phone_that_never_had_the_pass_is_told_so(session, config, pass_id):
    with pytest.raises(PhoneUnbound):
        ticket_of_phone(session, config, pass_id, "never")


def test_after_a_renewal_the_phone_gets_a_ticket_for_the_months_to_come(
    session, config, sell, traveller
):
    sold = sell(plan="nomade").json["id"]
    code = request_binding_code(session, config, sold).code
    bound = bind_phone(session, config, sold, jwk_of(ONE), code=code)
    same = ticket_of_phone(session, config, sold, bound.secret)
    traveller.shift(1)
    renew(session, config, sold)
    later = ticket_of_phone(session, config, sold, bound.secret)
    assert same.jti == bound.ticket.jti != later.jti
    assert later.expires_at > bound.ticket.expires_at
    assert ticket_of_phone(session, config, sold, bound.secret).jti == later.jti


def test_a_revoked_pass_is_carried_by_no_phone(session, config, pass_id, bind, code):
    bound, given = bind(code=code()), code()
    revoke(session, pass_id, "lost")
    assert not live_tickets(session, pass_id)
    with pytest.raises(PassEnded):
        ticket_of_phone(session, config, pass_id, bound.secret)
    with pytest.raises(PassEnded):
        bind(code=given)
    with pytest.raises(PassEnded):
        code()


def test_an_unknown_pass_has_no_code(session, config):
    with pytest.raises(PassUnknown):
        request_binding_code(session, config, "pas_none")


@pytest.mark.parametrize(
    "jwk", [{}, {"kty": "RSA"}, {**jwk_of(ONE), "y": "A" * 43}, {**jwk_of(ONE), "x": 7}]
)
def test_what_is_no_key_spends_no_code(session, config, pass_id, code, bind, jwk):
    given = code()
    with pytest.raises(DataInvalid):
        bind_phone(session, config, pass_id, jwk, code=given)
    assert bind(code=given)


def test_a_private_half_that_slipped_in_is_dropped(session, config, pass_id, code):
    slipped = {**jwk_of(ONE), "d": "secret", "ext": True}
    ticket = bind_phone(session, config, pass_id, slipped, code=code()).ticket
    claims = jwt.decode(ticket.token, options={"verify_signature": False})
    assert claims["cnf"]["jwk"] == jwk_of(ONE)
