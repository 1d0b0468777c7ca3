from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.mail.models import Mail
from cowopass.passes.models import Pass, PassEvent, Plan, Ticket
from cowopass.passes.tickets import issue_ticket
from cowopass.passes.usage import Units, spend
from cowopass.passes.wallet import wallet_link
from tests.cowopass.host.conftest import words
from tests.factories import a_pass, a_token, bearer
from wallet.code import show_code


@pytest.fixture
def sold(session, config, desk):  # noqa: ARG001 (of its space)
    """Sell Camille a book."""
    return a_sold(session, config, "voyageur")


def a_sold(session, config, code, **over):
    plan = session.scalars(select(Plan).where(Plan.code == code)).one()
    sold = a_pass(session, plan, **over)
    issue_ticket(session, config, sold)
    session.commit()
    return sold


@pytest.fixture
def act(client, desk):
    """Return a function that confirms an act on a pass."""

    def post(sold, name, **form):
        address = f"/desk/comptoir/passes/{sold.id}/{name}"
        return client.post(address, data=form, headers=desk)

    return post


@pytest.fixture
def asked(client, desk):
    """Return a function that opens an act's page and returns the values of its hidden fields."""

    def get(sold, name):
        page = client.get(f"/desk/comptoir/passes/{sold.id}/{name}", headers=desk)
        hidden = re.findall(r'type="(?:hidden|radio)" name="(\w+)" value="([^"]*)"', page.text)
        return page, dict(reversed(hidden))

    return get


def state(session, sold):
    session.commit()
    found = session.scalar(select(Pass.state).where(Pass.id == sold.id))
    session.commit()
    return found


def test_the_list_is_empty_in_words(read):
    assert "Votre lieu n’a encore vendu aucun pass." in read("/desk/comptoir/passes")


@pytest.mark.parametrize("wanted", ["camille", "BERTHET", "C-118"])
def test_a_pass_is_found_by_name_or_reference(session, config, read, desk, wanted):  # noqa: ARG001
    a_sold(session, config, "voyageur", reference="C-118")
    a_sold(session, config, "nomade", holder_name="Samir Alaoui")
    page = read(f"/desk/comptoir/passes?q={wanted}")
    assert "Camille Berthet" in page
    assert "Samir" not in page


def test_a_name_is_found_whatever_its_capitals_and_accents(session, config, read, desk):  # noqa: ARG001
    a_sold(session, config, "voyageur", holder_name="Élodie Écija")
    assert "Élodie Écija" in read("/desk/comptoir/passes?q=élodie")


def test_a_pass_is_found_by_the_code_of_its_ticket(session, read, sold):
    code = session.scalars(select(Ticket.code)).one()
    assert sold.holder.name in read(f"/desk/comptoir/passes?q={show_code(code).lower()}")


def test_a_search_that_finds_nothing_says_what_to_try(read, sold):  # noqa: ARG001
    page = read("/desk/comptoir/passes?q=100%25")
    assert "Aucun pass vendu ici ne correspond." in page


def test_a_long_list_goes_on_page_by_page(client, session, desk):
    plan = session.scalars(select(Plan).where(Plan.code == "voyageur")).one()
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(51):
        name, made = f"Porteur {number:03}", start + timedelta(minutes=number)
        a_pass(session, plan, holder_name=name, created_at=made)
    session.commit()
    first = client.get("/desk/comptoir/passes", headers=desk)
    assert "Porteur 050" in first.text
    assert "Porteur 000" not in first.text
    following = re.search(r'href="([^"]*after=[^"]*)"', first.text)[1]
    assert words(client.get(following, headers=desk)).count("Porteur") == 1


def test_the_passes_of_another_space_are_neither_listed_nor_shown(client, session, sold):
    stranger = bearer(a_token(session, "host", space="cret"))
    session.commit()
    assert "Camille" not in client.get("/desk/cret/passes", headers=stranger).text
    for name in ("", "/phone", "/refund"):
        address = f"/desk/cret/passes/{sold.id}{name}"
        assert client.get(address, headers=stranger).status_code == 404


def test_a_pass_shows_what_is_left_its_tickets_and_what_happened(session, read, sold):
    spend(session, Units(sold.id, "life", 4, 5_454), allowance=11, on=sold.starts_on)
    session.commit()
    code = session.scalars(select(Ticket.code)).one()
    page = read(f"/desk/comptoir/passes/{sold.id}")
    assert "7 sur 11 journées" in page
    assert "Valable du 1er novembre 2026 au 31 octobre 2027" in page
    assert show_code(code) in page


def test_the_code_for_the_phone_is_shown_again(client, desk, sold):
    page = client.get(f"/desk/comptoir/passes/{sold.id}/phone", headers=desk)
    assert "<svg" in page.text
    assert "Sur son téléphone" in words(page)


def test_a_pass_is_suspended_and_opened_again(session, sold, act, read):
    assert act(sold, "suspend", reason="novembre n’est pas payé").status_code == 303
    assert state(session, sold) == "suspended"
    page = read(f"/desk/comptoir/passes/{sold.id}")
    assert "novembre n’est pas payé" in page
    assert "Le pass est suspendu." in page
    assert act(sold, "resume").status_code == 303
    assert state(session, sold) == "active"


def test_a_refund_says_its_amount_before_and_gives_that_back(session, sold, act, asked):
    page, hidden = asked(sold, "refund")
    assert "À rendre 150,00 €" in words(page)
    assert act(sold, "refund", **hidden).status_code == 303
    assert state(session, sold) == "refunded"
    act(sold, "refund", **hidden)
    assert session.scalars(select(PassEvent.amount_cents)).all() == [-15_000]


def test_a_refund_whose_amount_changed_meanwhile_is_shown_again(session, sold, act, asked):
    _, hidden = asked(sold, "refund")
    spend(session, Units(sold.id, "life", 1, 1_363), allowance=11, on=sold.starts_on)
    session.commit()
    answer = act(sold, "refund", **hidden)
    assert answer.location.endswith("/refund")
    assert state(session, sold) == "active"
    page, hidden = asked(sold, "refund")
    assert "Le montant a changé entre-temps." in words(page)
    assert "136,37 €" in words(page)


def test_a_monthly_refund_asks_how_far_it_is_paid(session, config, asked, act, desk):  # noqa: ARG001
    sold = a_sold(session, config, "nomade")
    page, _ = asked(sold, "refund")
    said = words(page)
    assert "Tout est payé 300,00 € à rendre" in said
    assert "décembre 2026 150,00 € à rendre" in said
    assert "novembre 2026 0,00 € à rendre" in said
    act(sold, "refund", refund="2026-12:15000")
    amounts = session.scalars(select(PassEvent.amount_cents)).all()
    assert amounts == [-15_000]


def test_a_new_ticket_replaces_the_old_one_once_however_often_it_is_asked(
    session, sold, act, asked
):
    _, hidden = asked(sold, "reissue")
    act(sold, "reissue", **hidden)
    act(sold, "reissue", **hidden)
    tickets = session.scalars(select(Ticket).order_by(Ticket.revoked_at)).all()
    assert sorted(ticket.revoked_at is None for ticket in tickets) == [False, True]


def test_the_link_to_a_wallet_is_replaced_and_the_old_one_opens_nothing(
    app, client, config, session, sold, act, asked, desk, read
):
    old = wallet_link(config, sold.holder)
    shown, _ = asked(sold, "relink")
    assert "L’ancien lien ne marche plus" in words(shown)
    answer = act(sold, "relink")
    assert answer.location == f"/desk/comptoir/passes/{sold.id}/phone"
    assert "Le lien est remplacé" in words(client.get(answer.location, headers=desk))
    session.refresh(sold.holder)
    links = (old, wallet_link(config, sold.holder))
    session.commit()
    opened = [app.test_client().get(f"/wallet/open/{link}").status_code for link in links]
    assert opened == [403, 303]
    assert "Lien remplacé" in read(f"/desk/comptoir/passes/{sold.id}")


def test_a_golden_ticket_is_given_and_taken_back(client, session, desk, sold, act, asked, read):
    _, hidden = asked(sold, "golden")
    act(sold, "golden", **hidden)
    golden = session.scalars(select(Ticket).where(Ticket.kind == "golden")).one()
    session.commit()
    assert "Tickets d’or à donner 0" in read(f"/desk/comptoir/passes/{sold.id}")
    address = f"/desk/comptoir/passes/{sold.id}/golden/{golden.jti}/revoke"
    assert client.post(address, headers=desk).status_code == 303
    assert "Tickets d’or à donner 1" in read(f"/desk/comptoir/passes/{sold.id}")


def test_a_renewal_says_its_price_and_months_before(session, config, asked, act, desk):  # noqa: ARG001
    sold = a_sold(session, config, "nomade")
    page, hidden = asked(sold, "renew")
    assert "du 1er février 2027 au 30 avril 2027" in words(page)
    act(sold, "renew", **hidden)
    session.expire_all()
    assert session.get(Pass, sold.id).ends_on.isoformat() == "2027-04-30"


def test_an_act_that_is_possible_no_more_says_why(session, sold, act, asked, read):
    act(sold, "revoke")
    assert asked(sold, "refund")[0].status_code == 200
    answer = act(sold, "suspend")
    assert answer.status_code == 303
    assert "révoqué ou remboursé" in read(f"/desk/comptoir/passes/{sold.id}")
    assert state(session, sold) == "revoked"


def test_where_a_holder_went_is_not_shown_to_her_home(session, sold, read):
    session.add(
        CheckIn(
            id="1",
            body_hash="",
            state="accepted",
            space="cret",
            home="comptoir",
            pass_id=sold.id,
            at=datetime(2026, 11, 23, 9, tzinfo=UTC),
            on=sold.starts_on,
            recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
            unit="day",
        )
    )
    session.commit()
    assert "cret" not in read(f"/desk/comptoir/passes/{sold.id}").lower()


def test_a_code_for_her_phone_is_made_and_shown(client, desk, sold, read):
    address = f"/desk/comptoir/passes/{sold.id}/phone"
    assert client.post(address, headers=desk).status_code == 303
    page = read(address)
    assert re.search(r"Code à taper sur son téléphone : \d{3} \d{3}\. Bon 15 minutes\.", page)


def test_codes_without_end_are_not_made(client, desk, sold, read):
    for _ in range(6):
        client.post(f"/desk/comptoir/passes/{sold.id}/phone", headers=desk)
    assert "Trop de codes demandés" in read(f"/desk/comptoir/passes/{sold.id}")


def test_the_letter_is_sent_again_to_who_has_an_address(client, session, desk, sold, read):
    address = f"/desk/comptoir/passes/{sold.id}/mail"
    client.post(address, headers=desk)
    assert "Il n’y a pas d’adresse" in read(f"/desk/comptoir/passes/{sold.id}")
    sold.holder.email = "camille@exemple.fr"
    session.commit()
    client.post(address, headers=desk)
    assert "La lettre part à camille@exemple.fr." in read(f"/desk/comptoir/passes/{sold.id}")
    assert session.scalars(select(Mail.recipient)).all() == ["camille@exemple.fr"]
