"""Letters to a holder: queued with what they tell of, and only where there is an address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.mail.models import Mail
from cowopass.passes.letters import send_pass, send_phone_replaced
from cowopass.passes.tickets import issue_ticket
from cowopass.passes.wallet import wallet_url
from tests.factories import a_network, a_pass, a_plan, a_space


@pytest.fixture
def sold(session):
    a_network(session)
    sold = a_pass(session, a_plan(session, a_space(session, "Comptoir")))
    sold.holder.email = "camille@example.org"
    session.commit()
    return sold


def test_the_letter_of_a_sale_has_the_link_and_the_paper_ticket(session, config, sold):
    assert send_pass(session, config, sold, issue_ticket(session, config, sold))
    mail = session.scalar(select(Mail))
    assert mail.recipient == "camille@example.org"
    assert mail.text.count(wallet_url(config, sold.holder)) == 2
    assert mail.attachment.startswith(b"%PDF")


def test_without_an_address_nothing_is_queued(session, sold):
    sold.holder.email = None
    assert not send_phone_replaced(session, sold)
    assert session.scalar(select(Mail)) is None
