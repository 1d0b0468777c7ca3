from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cowopass.app import CHORES
from cowopass.bank.chores import REMINDER
from cowopass.bank.reminders import save_schedule, send_reminders
from cowopass.errors import DataInvalid
from cowopass.mail.models import Mail
from cowopass.networks.models import Network
from cowopass.people.access import Grant
from cowopass.settlement.payments import Bill, record_payment, write_off
from cowopass.settlement.transfers import creditor_reference
from tests.cowopass.bank.conftest import ACCOUNTS, DECEMBER_2
from tests.factories import a_person


@pytest.fixture
def remind(locked, travel, config):
    """Send what is due so many days after the lock, and return the new mails by recipient."""
    a_person(locked, "chloe@c.example", Grant("host", "sainte", "c"))
    a_person(locked, "comptoir@example.org", Grant("host", "sainte", "comptoir"))
    locked.commit()
    known = set()

    def send(days: int) -> dict[str, Mail]:
        travel.move_to(DECEMBER_2 + timedelta(days=days))
        send_reminders(locked, config, "sainte")
        locked.commit()
        new = [mail for mail in locked.scalars(select(Mail)) if mail.id not in known]
        known.update(mail.id for mail in new)
        return {mail.recipient: mail for mail in new}

    return send


def test_each_step_is_said_once_with_what_is_left(locked, remind, dues):
    assert remind(14) == {}
    record_payment(locked, Bill("sainte", "2026-11", dues["c"].id), 500, date(2026, 12, 3))
    locked.commit()
    mails = remind(15)
    assert set(mails) == {"chloe@c.example", "comptoir@example.org"}
    text = mails["chloe@c.example"].text
    assert "4,00\u00a0€" in text
    assert ACCOUNTS["b"] in text
    assert creditor_reference(dues["c"].id) in text
    assert "/desk/c/month?month=2026-11" in text
    assert remind(16) == {}
    assert len(remind(30)) == 2


def test_steps_that_were_missed_are_one_reminder(remind):
    assert len(remind(50)) == 2
    assert remind(51) == {}


def test_what_is_paid_or_given_up_is_not_asked_for(locked, remind, dues):
    record_payment(locked, Bill("sainte", "2026-11", dues["c"].id), 900, date(2026, 12, 2))
    bill = Bill("sainte", "2026-11", dues["comptoir"].id)
    write_off(locked, bill, reason="Too long ago", borne_by="creditor")
    locked.commit()
    assert remind(50) == {}


def test_a_network_sets_its_own_days(locked, remind):
    assert save_schedule(locked, "sainte", [9, 3, 3]) == [3, 9]
    assert locked.get_one(Network, "sainte").payment_reminder_days == [3, 9]
    locked.commit()
    assert len(remind(3)) == 2
    save_schedule(locked, "sainte", [])
    locked.commit()
    assert remind(9) == {}
    for days in ([0], [366], list(range(1, 12))):
        with pytest.raises(DataInvalid):
            save_schedule(locked, "sainte", days)


def test_the_service_reminds_by_itself(locked, remind, travel, app):
    assert remind(14) == {}
    assert not REMINDER.is_due(locked)
    travel.move_to(DECEMBER_2 + timedelta(days=15))
    assert REMINDER.is_due(locked)
    locked.rollback()
    with app.app_context():
        REMINDER.do()
    recipients = set(locked.scalars(select(Mail.recipient)))
    assert recipients == {"chloe@c.example", "comptoir@example.org"}
    assert not REMINDER.is_due(locked)
    assert REMINDER in CHORES
