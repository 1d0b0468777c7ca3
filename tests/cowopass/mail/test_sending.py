"""Mails wait in the database, and reach a real mail server once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner

from cowopass import clock
from cowopass.chores import start_worker
from cowopass.cli import root
from cowopass.errors import EmailInvalid
from cowopass.mail.sending import POSTMAN, send_due, send_one
from cowopass.mail.service import (
    GIVEN_UP_AFTER,
    LEASE,
    Attachment,
    claim_due,
    list_mails,
    next_try,
    queue_mail,
)

PDF = Attachment("pass.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


def write(session, recipient="camille@example.org", **more):
    queue_mail(session, recipient, "Votre pass à Saint-Étienne", "Bonjour Zoë 🎟\n", **more)
    session.commit()


def waiting(session):
    """Return the mails not sent, as others have committed them."""
    session.expire_all()
    mails = list_mails(session, waiting_only=True)
    session.commit()
    return mails


def test_a_mail_arrives_as_it_was_written_and_its_text_is_not_kept(session, server):
    server.start()
    write(session, attachment=PDF)
    assert send_due() == Counter(sent=1)
    [mail] = server.mails
    assert mail["To"] == "camille@example.org"
    assert mail["From"] == "cowopass@pass.example"
    assert mail["Subject"] == "Votre pass à Saint-Étienne"
    assert mail.get_body().get_content().strip() == "Bonjour Zoë 🎟"
    [file] = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (PDF.name, PDF.content)
    session.expire_all()
    [kept] = list_mails(session)
    assert (kept.text, kept.attachment, kept.next_try_at) == ("", None, None)


def test_a_mail_waits_while_the_server_is_down_and_comes_later_once(session, server):
    write(session)
    assert send_due() == Counter(failed=1)
    assert send_due() == Counter()
    server.start()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert send_due() == Counter(sent=1)
        assert send_due() == Counter()
    assert len(server.mails) == 1


def test_what_was_taken_back_is_not_told(session, server):
    server.start()
    queue_mail(session, "camille@example.org", "Vendu", "Vendu")
    session.rollback()
    assert send_due() == Counter()


def test_many_who_send_at_once_send_each_mail_once(app, session, server):
    server.start()
    for number in range(10):
        queue_mail(session, f"p{number}@example.org", "Bonjour", "Bonjour")
    session.commit()

    def work(_):
        with app.app_context():
            return send_due()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4)), Counter()) == Counter(sent=10)
    assert len({mail["To"] for mail in server.mails}) == len(server.mails) == 10


def test_a_mail_whose_sender_died_is_sent_by_another_one_later(session, server):
    server.start()
    write(session)
    claim_due(session)
    session.commit()
    assert send_one() is None
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert send_one() == "sent"


def test_what_the_server_refuses_for_good_is_not_tried_again(session, server):
    server.unknown.add("camille@example.org")
    server.start()
    write(session)
    assert send_due() == Counter(failed=1)
    [mail] = waiting(session)
    assert "550" in mail.last_error
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert send_due() == Counter()


def test_tries_come_slower_and_end_after_three_days():
    queued = clock.now()
    waits = [next_try(queued, tries, queued) - queued for tries in (1, 2, 5, 9, 30)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 16, 256, 360)]
    assert next_try(queued, 15, queued + GIVEN_UP_AFTER + timedelta(seconds=1)) is None


def test_the_same_news_is_not_told_twice(session, server):
    server.start()
    for _ in range(2):
        write(session, dedupe_key="pass/pas_1/30-days")
    assert send_due() == Counter(sent=1)


@pytest.mark.parametrize(
    "address",
    [
        "camille@example.org\nBcc: all@example.org",
        "camille@example.org, eve@example.org",
        "Camille <camille@example.org>",
        "camille",
        "",
        "c" * 250 + "@example.org",
    ],
)
def test_an_address_is_one_recipient_and_no_header(session, address):
    with pytest.raises(EmailInvalid):
        queue_mail(session, address, "Bonjour", "Bonjour")


def test_a_subject_stays_on_its_line(session, server):
    server.start()
    queue_mail(session, "camille@example.org", "Bonjour\r\nBcc: all@example.org", "Bonjour")
    session.commit()
    send_due()
    [mail] = server.mails
    assert (mail["Subject"], mail["Bcc"]) == ("Bonjour Bcc: all@example.org", None)


def test_logs_name_no_recipient(session, capsys):
    write(session)
    send_due()
    assert "mail failed" in (said := capsys.readouterr().err)
    assert "camille" not in said


def test_the_postman_sends_by_itself(app, session, server):
    server.start()
    write(session)
    postman = start_worker(app, POSTMAN._replace(seconds=0.01))
    for _ in range(100):
        if not waiting(session):
            break
        postman.join(0.1)
    postman.stop()
    assert len(server.mails) == 1


def test_the_commands_list_what_waits_and_send_it(session, server):
    write(session)
    failing = CliRunner().invoke(root, ["mail", "send"])
    assert failing.exit_code == 1
    assert failing.stdout == "0 sent, 1 failed.\n"
    listed = CliRunner().invoke(root, ["mail", "list"])
    assert "camille@example.org" in listed.stdout
    assert "Connection refused" in listed.stdout
    server.start()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert CliRunner().invoke(root, ["mail", "send"]).stdout == "1 sent, 0 failed.\n"
    assert CliRunner().invoke(root, ["mail", "list", "--json"]).stdout == "[]\n"
