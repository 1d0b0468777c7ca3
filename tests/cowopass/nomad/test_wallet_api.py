"""A phone comes to carry a pass: by a code that is mailed, once, and one phone at a time."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.mail.models import Mail
from cowopass.passes.models import Ticket
from cowopass.passes.wallet import WALLET, wallet_link
from wallet.keys import public_jwk


def a_jwk():
    return public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())


@pytest.fixture
def ask(wallet, sold):
    """Return a function that posts to the API for the pass, over HTTPS as phones do."""

    def post(what, client=wallet, **body):
        address = f"/api/v1/wallet/passes/{sold.id}/{what}"
        return client.post(address, json=body, base_url="https://localhost")

    return post


@pytest.fixture
def mailed(engine):
    """Return a function that gives the texts of the mails, oldest first."""

    def read():
        with Session(engine) as reader:
            return list(reader.scalars(select(Mail.text).order_by(Mail.queued_at)))

    return read


def code_in(text):
    return re.search(r"\b\d{3} \d{3}\b", text)[0]


def test_a_phone_is_bound_by_a_mailed_code_and_known_again(ask, mailed):
    assert ask("phone", jwk=a_jwk()).json["code"] == "binding_code_needed"
    assert ask("codes").json == {"sent_to": "c…@example.org"}
    bound = ask("phone", jwk=a_jwk(), code=code_in(mailed()[0]))
    assert bound.status_code == 200
    assert "HttpOnly" in bound.headers["Set-Cookie"]
    assert ask("ticket").json["token"] == bound.json["token"]
    assert ask("phone", jwk=a_jwk()).status_code == 200


@pytest.mark.parametrize("keep_paper", [True, False])
def test_the_paper_is_replaced_unless_it_is_kept(ask, mailed, session, sold, keep_paper):
    ask("codes")
    ask("phone", jwk=a_jwk(), code=code_in(mailed()[0]), keep_paper=keep_paper)
    paper = session.scalar(select(Ticket).where(Ticket.pass_id == sold.id, Ticket.kind == "paper"))
    assert (paper.revoked_at is None) == keep_paper


def test_a_second_phone_cuts_the_first_off_and_the_holder_is_told(
    ask, app, config, mailed, sold, noon
):
    ask("codes")
    ask("phone", jwk=a_jwk(), code=code_in(mailed()[0]))
    second = app.test_client()
    second.set_cookie(f"__Host-{WALLET}", wallet_link(config, sold.holder))
    noon.shift(60)
    ask("codes", second)
    taken = ask("phone", second, jwk=a_jwk(), code=code_in(mailed()[-1]))
    assert taken.status_code == 200
    assert ask("ticket").json["code"] == "phone_replaced"
    assert any("un autre téléphone" in text for text in mailed())


def test_a_wrong_code_costs_a_try_and_binds_nothing(ask, mailed):
    ask("codes")
    wrong = [ask("phone", jwk=a_jwk(), code="x").json["code"] for _ in range(5)]
    assert wrong == ["binding_code_wrong"] * 5
    assert ask("phone", jwk=a_jwk(), code=code_in(mailed()[0])).status_code == 422


def test_without_an_address_the_desk_is_asked_for_a_code(ask, session, sold):
    sold.holder.email = None
    session.commit()
    assert ask("codes").json == {"sent_to": None}


def test_a_key_that_is_none_is_refused(ask):
    answer = ask("phone", jwk={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, code="1")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["path"] == "jwk"


def test_nobody_binds_a_pass_without_its_wallet(ask, app):
    stranger = app.test_client()
    assert ask("codes", stranger).json["code"] == "wallet_unknown"
    assert ask("ticket", stranger).status_code == 401
