"""Reminding who owes: by e-mail, on days after the lock that the network sets, each once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.bank.models import PaymentReminder
from cowopass.bank.parties import Party, list_parties
from cowopass.config import Config
from cowopass.database import insert_claim
from cowopass.errors import DataInvalid, NetworkUnknown
from cowopass.ledger.models import Period
from cowopass.mail.service import queue_mail
from cowopass.networks.models import Network
from cowopass.people.recipients import Recipient, recipients_of
from cowopass.settlement.transfers import Due, creditor_reference, list_dues
from cowopass.spaces.models import Space
from cowopass.web.formats import amount, day, month_name, of_month

MOST_STEPS = 10
LATEST_STEP = 365


class Reminder(NamedTuple):
    """A transfer that is to be asked for now: `step` is the number of days after the lock."""

    period: Period
    due: Due
    step: int


def due_reminders(session: Session, network: Network) -> list[Reminder]:
    """Return what is to be asked for today: unpaid, a step has come, and was not sent yet.

    When several steps have come since the last time, only the latest is said.
    """
    today = clock.today(network.timezone)
    locked = session.scalars(
        select(Period)
        .where(Period.network == network.slug, Period.locked_at.is_not(None))
        .order_by(Period.month)
    )
    found = []
    for period in locked:
        if period.locked_at is None:
            continue
        days = (today - clock.local_day(period.locked_at, network.timezone)).days
        step = max((step for step in network.reminder_days if step <= days), default=None)
        if step is not None:
            dues = list_dues(session, network.slug, period.month)
            found += [Reminder(period, due, step) for due in dues if due.left_cents]
    sent = {
        (row.transfer_id, row.step_days)
        for row in session.execute(select(PaymentReminder.transfer_id, PaymentReminder.step_days))
    }
    return [one for one in found if (one.due.id, one.step) not in sent]


def send_reminders(session: Session, config: Config, slug: str) -> int:
    """Queue the reminders that are due; return how many transfers are asked for.

    A debtor without an address, or in another network, is left out. Raises NetworkUnknown.
    """
    network = session.get(Network, slug)
    if network is None:
        raise NetworkUnknown(slug)
    parties = list_parties(session, network)
    spaces = session.scalars(select(Space).where(Space.network == slug)).all()
    recipients = recipients_of(session, spaces)
    asked = 0
    for reminder in due_reminders(session, network):
        readers = recipients.get(reminder.due.debtor, [])
        creditor = parties.get(reminder.due.creditor)
        if readers and creditor and _claim(session, reminder, len(readers)):
            for reader in readers:
                _queue(session, config, network, reminder, creditor, reader)
            asked += 1
    if asked:
        record_act(session, "payments_reminded", network=slug, transfers=asked)
    return asked


def save_schedule(session: Session, slug: str, days: Sequence[int]) -> list[int]:
    """Let a network remind on some days after the lock; none is never. Return them in order.

    Raises NetworkUnknown and DataInvalid.
    """
    network = session.get(Network, slug)
    if network is None:
        raise NetworkUnknown(slug)
    wanted = sorted(set(days))
    if len(wanted) > MOST_STEPS or any(not 1 <= step <= LATEST_STEP for step in wanted):
        message = f"at most {MOST_STEPS} numbers from 1 to {LATEST_STEP}"
        raise DataInvalid([{"path": "payment_reminder_days", "message": message}])
    if wanted != network.reminder_days:
        network.payment_reminder_days = wanted
        record_act(session, "reminder_days_saved", network=slug)
    return wanted


def _claim(session: Session, reminder: Reminder, recipients: int) -> bool:
    row = {
        "transfer_id": reminder.due.id,
        "step_days": reminder.step,
        "recipients": recipients,
        "sent_at": clock.now(),
    }
    return insert_claim(session, PaymentReminder, row)


def _queue(
    session: Session,
    config: Config,
    network: Network,
    reminder: Reminder,
    creditor: Party,
    reader: Recipient,
) -> None:
    # A digest keeps the key within its column, however long the address is.
    to = sha256(reader.email.lower().encode()).hexdigest()[:16]
    key = f"payment/{reminder.due.id}/{reminder.step}/{to}"
    with force_locale(reader.language):
        subject, text = _write(config, network, reminder, creditor)
        queue_mail(session, reader.email, subject, text, dedupe_key=key)


def _write(
    config: Config, network: Network, reminder: Reminder, creditor: Party
) -> tuple[str, str]:
    """Return the subject and the text of a reminder."""
    due, month = reminder.due, reminder.period.month
    locked_at = reminder.period.locked_at or clock.now()
    left = amount(due.left_cents, network.currency)
    name = creditor.legal.name if creditor.legal else creditor.name
    subject = gettext(
        "Rappel : %(left)s à payer pour %(month)s", left=left, month=month_name(month)
    )
    text = gettext(
        "Bonjour,\n\nLe mois %(month)s du réseau %(network)s est verrouillé depuis le %(day)s, "
        "et un virement de votre lieu n’a pas encore été vu.\n\n"
        "Reste à payer : %(left)s\n"
        "À : %(creditor)s\n"
        "IBAN : %(iban)s\n"
        "Référence à donner : %(reference)s\n\n"
        "Le fichier à déposer sur le site de votre banque est sur la page du mois :\n%(link)s\n\n"
        "Si vous avez payé ces jours-ci, ne faites rien : ce message s’est croisé avec votre "
        "virement. Si quelque chose ne va pas, répondez à votre trésorerie.",
        month=of_month(month),
        network=network.name,
        day=day(clock.local_day(locked_at, network.timezone)),
        left=left,
        creditor=name,
        iban=creditor.iban or gettext("à demander"),
        reference=creditor_reference(due.id),
        link=f"{config.base_url}/desk/{due.debtor}/month?month={month}",
    )
    return str(subject), str(text)
