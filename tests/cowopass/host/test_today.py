from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.passes.models import Plan
from cowopass.passes.tickets import issue_ticket
from tests.cowopass.host.conftest import words
from tests.factories import a_pass, a_plan, a_token, bearer


@pytest.fixture
def visit(client, session, config, desk):
    """Return a function that lets somebody in at Comptoir with a pass of the Rubanerie."""
    plan = a_plan(session, "rubanerie")
    session.commit()

    def scan(name="Inès Faure", home=plan, **over):
        sold = a_pass(session, home, holder_name=name)
        ticket = issue_ticket(session, config, sold)
        session.commit()
        return again(ticket, **over)

    def again(ticket, **over):
        body = {"id": str(uuid4()), "token": ticket.token, "space": "comptoir", **over}
        answer = client.post("/api/v1/check-ins", json=body, headers=desk)
        assert answer.status_code in {201, 422}
        return body["id"]

    return scan


def visit_state(session, check_in_id):
    found = session.scalar(select(CheckIn.state).where(CheckIn.id == check_in_id))
    session.commit()
    return found


def test_a_day_nobody_came_says_so(read):
    page = read("/desk/comptoir/today")
    assert "Personne n’est encore passé." in page
    assert "0 visiteur" in page
    assert "Personne n’est passé ce jour-là." in read("/desk/comptoir/today?on=2026-11-02")


def test_a_day_shows_who_came_and_what_that_earned(session, visit, read):
    visit()
    visit("Samir Alaoui", unit="half_day")
    own = session.scalars(
        select(Plan).where(Plan.home == "comptoir", Plan.code == "voyageur")
    ).one()
    session.commit()
    visit("Jeanne Roux", own)
    page = read("/desk/comptoir/today")
    assert "Inès Rubanerie 14,25 € 1 journée" in page
    assert "Samir Rubanerie 7,12 € 1 demi-journée" in page
    assert "Jeanne un pass d’ici – 1 journée" in page
    assert "Gagné aujourd’hui 21,37 €" in page


def test_the_seats_of_a_space_are_told(session, visit, read):
    from cowopass.spaces.models import Space

    space = session.get(Space, "comptoir")
    space.capacity_comfortable, space.capacity_maximum, space.visitors_per_day = 25, 35, 10
    session.commit()
    visit()
    page = read("/desk/comptoir/today")
    assert "24 places libres sur 25 10 de plus en se serrant 1 visiteur sur 10" in page


def test_a_refusal_stands_in_the_list_too(session, visit, read):
    plan = a_plan(session, "rubanerie", code="ici", roaming=False)
    visit("Samir Alaoui", plan)
    assert "Samir Rubanerie – refusé" in read("/desk/comptoir/today")


def test_a_visit_is_taken_back_with_its_reason(client, session, visit, read, desk):
    check_in = visit()
    address = f"/desk/comptoir/visits/{check_in}"
    assert "Payé par son lieu 15,00 €" in read(address)
    answer = client.post(f"{address}/void", data={"reason": "mauvaise personne"}, headers=desk)
    assert (answer.status_code, answer.location) == (303, address)
    page = read(address)
    assert "Annulé parce que mauvaise personne" in page
    assert visit_state(session, check_in) == "voided"
    assert "Gagné aujourd’hui 0,00 €" in read("/desk/comptoir/today")


def test_a_visit_is_not_taken_back_without_a_reason(client, session, visit, desk):
    check_in = visit()
    answer = client.post(
        f"/desk/comptoir/visits/{check_in}/void", data={"reason": " "}, headers=desk
    )
    assert answer.status_code == 422
    assert "Écrivez pourquoi" in words(answer)
    assert visit_state(session, check_in) == "accepted"


def test_a_half_day_is_made_a_day(client, visit, read, desk):
    check_in = visit(unit="half_day")
    address = f"/desk/comptoir/visits/{check_in}"
    assert "Compter une autre durée" in read(address)
    client.post(f"{address}/unit", data={"unit": "day"}, headers=desk)
    page = read(address)
    assert "Ce passage compte maintenant pour 1 journée." in page
    assert "Payé par son lieu 15,00 €" in page


def test_another_length_is_counted_from_the_list_of_the_day(client, session, visit, read, desk):
    check_in = visit()
    assert "Autre durée" in read("/desk/comptoir/today")
    form = {"unit": "half_day", "day": ""}
    for _ in range(2):
        changed = client.post(f"/desk/comptoir/visits/{check_in}/unit", data=form, headers=desk)
        assert (changed.status_code, changed.location) == (
            303,
            "/desk/comptoir/today?on=2026-11-24",
        )
    page = read("/desk/comptoir/today")
    assert "Ce passage compte maintenant pour 1 demi-journée." in page
    assert "Inès Rubanerie 7,12 € 1 demi-journée" in page
    assert visit_state(session, check_in) == "voided"
    assert "Gagné aujourd’hui 7,12 €" in page


def test_a_length_that_a_pass_does_not_cover_changes_nothing(client, session, visit, read, desk):
    plan = a_plan(session, "rubanerie", code="heures", unit="hour")
    check_in = visit(home=plan)
    address = f"/desk/comptoir/visits/{check_in}"
    assert "Compter une autre durée" not in read(address)
    for unit in ("day", "year", ""):
        client.post(f"{address}/unit", data={"unit": unit}, headers=desk)
    assert visit_state(session, check_in) == "accepted"


def test_the_length_of_a_visit_that_was_taken_back_stays(client, visit, read, desk):
    address = f"/desk/comptoir/visits/{visit()}"
    client.post(f"{address}/void", data={"reason": "erreur"}, headers=desk)
    answer = client.post(f"{address}/unit", data={"unit": "day"}, headers=desk)
    assert answer.status_code == 303
    assert "Ce passage compte maintenant" not in read(address)


def test_a_visit_elsewhere_is_neither_shown_nor_taken_back(client, session, visit, desk):  # noqa: ARG001
    check_in = visit()
    stranger = bearer(a_token(session, "host", space="cret"))
    session.commit()
    for space, status in (("comptoir", 403), ("cret", 404)):
        address = f"/desk/{space}/visits/{check_in}"
        assert client.get(address, headers=stranger).status_code == status
        void = client.post(f"{address}/void", data={"reason": "x"}, headers=stranger)
        assert void.status_code == status
    assert visit_state(session, check_in) == "accepted"


@pytest.mark.parametrize("on", ["", "yesterday", "2099-01-01", "0001-01-01"])
def test_a_day_that_can_not_have_been_is_today(read, on):
    assert "Aujourd’hui" in read(f"/desk/comptoir/today?on={on}")
