from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cowopass.mail.service import list_mails
from cowopass.people.access import Grant
from cowopass.spaces.models import Space
from tests.cowopass.treasury.reading import MONTH, read, send
from tests.factories import a_person

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
DECEMBER_3 = datetime(2026, 12, 3, 10, tzinfo=UTC)


@pytest.fixture
def over(november, travel):
    """November is over; B has an address and the same as a host's, Comptoir a host, C nothing."""
    november.get_one(Space, "b").email = "b@example.org"
    november.get_one(Space, "c").email = None
    november.get_one(Space, "comptoir").email = None
    a_person(november, "B@example.org", Grant("host", "sainte", "b"))
    a_person(november, "anne@example.org", Grant("host", "sainte", "comptoir"))
    november.commit()
    travel.move_to(DECEMBER_2)
    return november


def mails(session):
    """Return the mails in the queue by recipient, and let go of the database."""
    found = {mail.recipient.lower(): mail for mail in list_mails(session)}
    count = len(list_mails(session))
    session.expunge_all()
    session.rollback()
    return found, count


def test_each_space_gets_its_draft_and_a_second_click_sends_nothing(client, over, treasurer):
    assert "pas encore envoyé" in read(client, MONTH, treasurer)
    page = send(client, f"{MONTH}/statements", treasurer)
    assert "2 relevés envoyés." in page
    assert "envoyé le mercredi 2 décembre" in page
    assert "Aucun relevé à envoyer." in send(client, f"{MONTH}/statements", treasurer)
    found, count = mails(over)
    assert (set(found), count) == ({"b@example.org", "anne@example.org"}, 2)


def test_a_mail_tells_the_position_and_brings_the_lines(client, over, treasurer):
    send(client, f"{MONTH}/statements", treasurer)
    mail = mails(over)[0]["b@example.org"]
    assert mail.subject == "Relevé de novembre 2026, B"
    for words in ("Solde : +9,10", "Passages reçus : 78,00", "ailleurs : 65,00", "contestez-la"):
        assert words in mail.text.replace("\xa0", " ")
    assert f"{MONTH}/statements/b\n" in mail.text
    assert mail.attachment_name == "b-2026-11.csv"
    header, *lines = mail.attachment.decode().splitlines()
    effect = header.split(",").index("effect_cents")
    assert sum(int(line.split(",")[effect]) for line in lines) == 910


def test_a_space_without_an_address_is_named_and_keeps_nobody_from_locking(client, over, treasurer):
    page = send(client, f"{MONTH}/statements", treasurer)
    assert "pas encore envoyé ; aucune adresse" in page
    assert "1 relevé à envoyer C :" in page
    assert "anne@example.org" not in page
    send(client, f"{MONTH}/review", treasurer)
    assert "Novembre 2026 est verrouillé." in send(client, f"{MONTH}/lock", treasurer)
    assert "Aucun relevé à envoyer." in send(client, f"{MONTH}/statements", treasurer)
    assert mails(over)[1] == 2


def test_a_draft_that_has_changed_is_said_and_goes_out_again(client, over, treasurer, visit):
    send(client, f"{MONTH}/statements", treasurer)
    visit("c", "b", 1200)
    assert "changé depuis l’envoi du mercredi 2 décembre" in read(client, MONTH, treasurer)
    assert "1 relevé envoyé." in send(client, f"{MONTH}/statements", treasurer)
    assert mails(over)[1] == 3


def test_a_space_is_reminded_once_a_day_of_what_it_was_sent(client, over, treasurer, travel):
    address = f"{MONTH}/statements/b/reminders"
    assert "Rien à relancer" in send(client, address, treasurer)
    send(client, f"{MONTH}/statements", treasurer)
    page = send(client, address, treasurer)
    assert "B est relancé." in page
    assert "relancé le mercredi 2 décembre" in page
    assert "Rien à relancer" in send(client, address, treasurer)
    assert mails(over)[1] == 3
    travel.move_to(DECEMBER_3)
    assert "B est relancé." in send(client, address, treasurer)
    assert (
        client.post(f"{MONTH}/statements/nowhere/reminders", headers=treasurer).status_code == 404
    )


@pytest.mark.usefixtures("november")
def test_nothing_goes_out_while_the_month_runs(client, session, treasurer):
    assert "Les relevés partent quand le mois est fini." in read(client, MONTH, treasurer)
    assert "Aucun relevé à envoyer." in send(client, f"{MONTH}/statements", treasurer)
    assert mails(session)[1] == 0


@pytest.mark.usefixtures("over")
def test_a_statement_is_for_the_treasurer_and_the_spaces_own_host(client, treasurer, host_of):
    address = f"{MONTH}/statements/b"
    for reader in (treasurer, host_of("b")):
        page = read(client, address, reader)
        assert "Solde +9,10 €" in page
        assert "Comptoir 72,00 € 45,00 €" in page
        assert "Total 78,00 € 65,00 €" in page
    assert client.get(address, headers=host_of("c")).status_code == 403
    assert client.post(f"{MONTH}/statements", headers=host_of("b")).status_code == 403
    assert client.get(f"{MONTH}/statements/nowhere", headers=treasurer).status_code == 404
    assert client.get(address).status_code == 401
