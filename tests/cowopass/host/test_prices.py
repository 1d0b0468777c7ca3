"""What visitors pay, seen and changed by the host."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from clearing.valuation import Valuation
from cowopass.ledger.periods import open_months
from cowopass.ledger.service import Charge, post_charge
from cowopass.spaces.models import Price
from tests.factories import a_network, a_price, a_space, a_token, an_agreement, bearer

PAGE = "/desk/comptoir/prices"


@pytest.fixture
def host(session):
    """Return the headers of the host of Comptoir, at noon of 24 November 2026."""
    with time_machine.travel("2026-11-24T11:00:00+00:00", tick=False):
        a_network(session)
        an_agreement(session)
        a_space(session, "Comptoir", day_cents=1500)
        a_space(session, "Rubanerie", day_cents=1200)
        token = a_token(session, "host", space="comptoir")
        session.commit()
        yield bearer(token)


@pytest.fixture
def announce(client, host):
    """Return a function that sends the form: a day at 17.50 from December on."""

    def send(headers=host, **over):
        form = {"unit": "day", "amount": "17,50", "starts_on": "2026-12-01", **over}
        return client.post(PAGE, data=form, headers=headers)

    return send


def amounts(session):
    session.expire_all()
    found = session.scalars(select(Price).where(Price.space == "comptoir").order_by(Price.id))
    return [(price.unit, price.amount_cents, price.effective_from) for price in found]


def a_visit_is_charged(session, on):
    open_months(session, "sainte", "Europe/Paris")
    post_charge(
        session,
        Charge(
            check_in="5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e",
            on=on,
            unit="day",
            golden=False,
            home="rubanerie",
            home_network="sainte",
            host="comptoir",
            host_network="sainte",
            pass_id="pas_1",
            valuation=Valuation(1500, 1364, 1364, 68, 0, capped=False),
            monthly_price_cents=None,
            agreement="sainte>sainte@2025-01",
        ),
    )
    session.commit()


def test_a_price_is_announced_with_a_comma_and_the_old_one_stays(session, client, host, announce):
    answer = announce()
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert amounts(session) == [
        ("day", 1500, date(2025, 1, 1)),
        ("day", 1750, date(2026, 12, 1)),
    ]
    page = client.get(PAGE, headers=host).text
    assert "Le tarif est noté." in page
    assert "à partir du mardi 1er décembre" in page


def test_the_second_click_changes_nothing(session, announce):
    announce()
    assert announce().status_code == 303
    assert len(amounts(session)) == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "douze", "Écrivez un montant"),
        ("amount", "-3", "Écrivez un montant"),
        ("amount", "1,234", "Écrivez un montant"),
        ("amount", "999999999", "Écrivez un montant"),
        ("starts_on", "", "Choisissez un jour"),
        ("unit", "week", "Choisissez une durée"),
    ],
)
def test_a_typo_is_said_at_its_field_and_what_was_typed_stays(
    session, announce, field, typed, said
):
    answer = announce(**{field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'aria-describedby="{field}-error"' in answer.text
    assert field == "unit" or f'value="{typed}"' in answer.text
    assert len(amounts(session)) == 1


def test_a_price_before_the_last_charged_day_is_refused_with_that_day(session, announce):
    a_visit_is_charged(session, date(2026, 11, 20))
    answer = announce(starts_on="2026-11-20")
    assert answer.status_code == 422
    assert "déjà comptées jusqu’au 20 novembre 2026" in answer.text
    assert announce(starts_on="2026-11-21").status_code == 303


def test_an_announced_price_is_taken_back_and_again_changes_nothing(session, client, host):
    price = a_price(session, "comptoir", "day", 1700, date(2026, 12, 1))
    session.commit()
    for _ in range(2):
        answer = client.post(f"{PAGE}/{price.id}/take-back", headers=host)
        assert (answer.status_code, answer.location) == (303, PAGE)
    assert amounts(session) == [("day", 1500, date(2025, 1, 1))]


def test_a_price_that_has_begun_stays(session, client, host):
    begun = session.scalar(select(Price.id).where(Price.space == "comptoir"))
    session.commit()
    client.post(f"{PAGE}/{begun}/take-back", headers=host)
    assert "a déjà commencé" in client.get(PAGE, headers=host).text
    assert len(amounts(session)) == 1


def test_another_spaces_price_is_not_touched(session, client, host):
    other = a_price(session, "rubanerie", "day", 1700, date(2026, 12, 1))
    session.commit()
    client.post(f"{PAGE}/{other.id}/take-back", headers=host)
    session.expire_all()
    assert session.get(Price, other.id) is not None


def test_prices_are_in_force_to_come_and_past(session, client, host):
    a_price(session, "comptoir", "day", 1600, date(2026, 6, 1))
    session.commit()
    page = client.get(PAGE, headers=host).text
    assert "Tarifs d’avant" in page
    assert "c’est la moitié de la journée" in page


@pytest.mark.parametrize("address", [PAGE, "/desk/comptoir/space"])
def test_only_hosts_of_the_space_see_it(session, client, host, address):
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.get(address, headers=host).status_code == 200
    assert client.get(address, headers=stranger).status_code == 403
