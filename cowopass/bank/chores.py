"""What the web service does by itself for the bank: it reminds who owes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.bank.reminders import due_reminders, send_reminders
from cowopass.chores import Chore
from cowopass.networks.models import Network
from cowopass.running import current_config
from cowopass.transaction import transaction


def _is_due(session: Session) -> bool:
    """Return whether a network has somebody to remind; also one without an address, in vain."""
    return any(due_reminders(session, network) for network in session.scalars(select(Network)))


def _remind() -> None:
    """Remind in every network, each in a transaction of its own."""
    with transaction(read_only=True) as session:
        slugs = session.scalars(select(Network.slug).order_by(Network.slug)).all()
    for slug in slugs:
        with transaction() as session:
            send_reminders(session, current_config(), slug)


REMINDER = Chore("reminder", seconds=600, is_due=_is_due, do=_remind)
