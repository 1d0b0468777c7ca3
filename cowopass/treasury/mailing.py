"""Sending the drafts of a month to the spaces, each once, and reminding one of its own."""

from __future__ import annotations

import io
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.database import insert_claim
from cowopass.documents.statements import read_statement, write_statement
from cowopass.errors import SpaceUnknown
from cowopass.mail.service import Attachment, queue_mail
from cowopass.settlement.service import show_month
from cowopass.treasury.drafts import Draft, list_drafts, may_send
from cowopass.treasury.frame import Treasury
from cowopass.treasury.models import StatementMail
from cowopass.treasury.statement import Figures, view_statement
from cowopass.web.formats import amount, day, month_name, of_month, signed


def send_drafts(session: Session, config: Config, treasury: Treasury, month: str) -> int:
    """Queue the drafts that were not sent as they are now; return how many spaces get theirs.

    A space without an address is left out. A month that still runs, or is locked, has none to send.
    """
    slug = treasury.network.slug
    facts = show_month(session, slug, month)
    if not may_send(facts):
        return 0
    sent = 0
    for draft in list_drafts(session, treasury.spaces, slug, month):
        if draft.state == "sent" or not draft.recipients:
            continue
        row = {
            "network": slug,
            "period": month,
            "space": draft.space.slug,
            "last_line": draft.last_line,
            "recipients": len(draft.recipients),
            "sent_at": clock.now(),
        }
        if insert_claim(session, StatementMail, row):
            _queue(session, config, treasury, facts, draft)
            sent += 1
    if sent:
        record_act(session, "statements_sent", network=slug, subject=month, spaces=sent)
    return sent


def remind(session: Session, config: Config, treasury: Treasury, month: str, space: str) -> bool:
    """Queue a draft that was sent once more, once a day; return whether it is.

    Raises SpaceUnknown for a space that has no draft in this month.
    """
    slug = treasury.network.slug
    facts = show_month(session, slug, month)
    drafts = {one.space.slug: one for one in list_drafts(session, treasury.spaces, slug, month)}
    if space not in drafts:
        raise SpaceUnknown(space)
    draft = drafts[space]
    if not may_send(facts) or draft.sent is None or draft.state != "sent":
        return False
    if not _queue(session, config, treasury, facts, draft, treasury.today):
        return False
    draft.sent.reminded_at = clock.now()
    record_act(session, "statement_reminded", network=slug, subject=f"{month}/{space}")
    return True


def _queue(
    session: Session,
    config: Config,
    treasury: Treasury,
    facts: dict[str, Any],
    draft: Draft,
    reminded_on: date | None = None,
) -> bool:
    """Queue a draft to each of its recipients; return whether one of the mails is new."""
    space, month = draft.space, facts["period"]
    slug = treasury.network.slug
    figures = view_statement(session, slug, month, space.slug).figures
    stream = io.StringIO(newline="")
    write_statement(stream, read_statement(session, config, slug, month, space.slug), "csv")
    attachment = Attachment(
        f"{space.slug}-{month}.csv", "text/csv", stream.getvalue().encode("utf-8")
    )
    link = f"{config.base_url}/treasury/{slug}/{month}/statements/{space.slug}"
    queued = []
    for recipient in draft.recipients:
        # A digest keeps the key within its column, however long the address is.
        to = sha256(recipient.email.lower().encode()).hexdigest()[:16]
        key = f"statement/{slug}/{month}/{space.slug}/{draft.last_line}/{to}"
        if reminded_on:
            key = f"{key}/{reminded_on}"
        with force_locale(recipient.language):
            subject, text = _write(treasury, facts, draft, figures, link)
            if reminded_on:
                subject = gettext("Rappel : %(subject)s", subject=subject)
        queued.append(
            queue_mail(
                session,
                recipient.email,
                subject,
                text,
                attachment=attachment,
                dedupe_key=key,
            )
        )
    return any(queued)


def _write(
    treasury: Treasury, facts: dict[str, Any], draft: Draft, figures: Figures, link: str
) -> tuple[str, str]:
    """Return the subject and the text of a draft's mail."""
    currency = treasury.network.currency
    until = facts["next"]["review_until"] or facts["next"]["late_until"]
    names = {"month": month_name(facts["period"]), "space": draft.space.name}
    by_when = (
        gettext("jusqu’au %(day)s", day=day(until))
        if until is not None and until >= treasury.today
        else gettext("dès que possible")
    )
    text = gettext(
        "Bonjour,\n\nVoici le relevé provisoire de %(space)s pour %(month)s, réseau %(network)s."
        "\n\n"
        "Solde : %(position)s (+ : vous recevez, − : vous devez)\n"
        "Passages reçus : %(received)s\n"
        "Passages de vos nomades ailleurs : %(made)s\n\n"
        "À faire : relisez-le, %(by_when)s. Si une ligne est fausse, contestez-la depuis la page "
        "« Mois » de votre comptoir. Si tout est juste, il n’y a rien à faire.\n\n%(link)s\n\n"
        "Les lignes sont aussi dans le fichier joint. Tant que le mois n’est pas verrouillé, "
        "ces sommes peuvent encore changer.",
        **names,
        network=treasury.network.name,
        position=signed(figures.position_cents, currency),
        received=amount(figures.in_cents, currency),
        made=amount(figures.out_cents, currency),
        by_when=by_when,
        link=link,
    )
    return str(
        gettext(
            "Relevé %(month)s, %(space)s", month=of_month(facts["period"]), space=draft.space.name
        )
    ), str(text)
