"""What a month lacks to move on: who must do what, and by when. Nothing of it but rules gates."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from clearing.line import FUND
from clearing.period import last_day
from cowopass.ledger.models import Dispute
from cowopass.treasury.drafts import Draft, may_send
from cowopass.treasury.frame import Treasury
from cowopass.treasury.participants import Participant
from cowopass.web.formats import day, month_name


class Item(NamedTuple):
    """Something that is missing, or to be known before the next step.

    `who` must act; `note` says what, and by when. `link` leads to where it is done or seen.
    """

    icon: str
    what: str
    who: list[Participant]
    note: str
    link: str = ""


def list_missing(
    treasury: Treasury,
    month: dict[str, Any],
    disputes: list[Dispute],
    earlier: str | None,
    drafts: list[Draft],
) -> list[Item]:
    """Return what a month that is not locked lacks; `earlier` is a month that comes first.

    Empty for a locked one: what it lacks are payments, which its transfers show.
    """
    if month["next"] is None or month["next"]["step"] == "pay":
        return []
    found = [
        _calendar(month),
        _agreement(treasury, month),
        _earlier(treasury, month, earlier),
        _disputes(treasury, disputes),
        _changed(treasury, month),
        _unsent(treasury, month, drafts),
        _account_numbers(treasury, month),
        _window(treasury, month, "review_until"),
        _window(treasury, month, "late_until"),
    ]
    return [item for item in found if item is not None]


def _calendar(month: dict[str, Any]) -> Item | None:
    if "period_not_over" not in month["next"]["blocked_by"]:
        return None
    until = day(last_day(month["period"]))
    return Item(
        "calendar",
        gettext("Le mois n’est pas fini"),
        [],
        gettext("jusqu’au %(day)s inclus ; personne n’a rien à faire", day=until),
    )


def _agreement(treasury: Treasury, month: dict[str, Any]) -> Item | None:
    if "agreement_missing" not in month["next"]["blocked_by"]:
        return None
    return Item(
        "warning",
        gettext("Aucune convention en vigueur ce mois-là"),
        [],
        gettext("les lieux la votent, pour un mois à venir"),
        url_for("treasury_votes.list_votes", network=treasury.network.slug),
    )


def _earlier(treasury: Treasury, month: dict[str, Any], earlier: str | None) -> Item | None:
    if "period_out_of_order" not in month["next"]["blocked_by"] or earlier is None:
        return None
    return Item(
        "calendar",
        gettext("%(month)s d’abord", month=month_name(earlier).capitalize()),
        [],
        gettext("les mois se verrouillent dans l’ordre"),
        f"/treasury/{treasury.network.slug}/{earlier}",
    )


def _disputes(treasury: Treasury, disputes: list[Dispute]) -> Item | None:
    waiting = [dispute for dispute in disputes if dispute.state == "open"]
    if not waiting:
        return None
    parties = sorted({slug for one in waiting for slug in (one.home, one.host) if slug})
    count = len(waiting)
    return Item(
        "flag",
        ngettext("%(num)d contestation ouverte", "%(num)d contestations ouvertes", count),
        [treasury.participants[slug] for slug in parties],
        gettext("à vous de trancher ; sans réponse, la somme est mise de côté"),
        "#disputes",
    )


def _changed(treasury: Treasury, month: dict[str, Any]) -> Item | None:
    if not month["changed_since_review"]:
        return None
    return Item(
        "renew",
        gettext("Des lignes sont arrivées depuis la relecture"),
        [],
        gettext("envoyez de nouveau les relevés qui ont changé"),
        f"/treasury/{treasury.network.slug}/{month['period']}/lines",
    )


def _unsent(treasury: Treasury, month: dict[str, Any], drafts: list[Draft]) -> Item | None:
    """Return which spaces have not got their draft as it is now, once the month is over."""
    waiting = [draft.space.slug for draft in drafts if draft.state != "sent"]
    if not waiting or not may_send(month):
        return None
    return Item(
        "mail",
        ngettext("%(num)d relevé à envoyer", "%(num)d relevés à envoyer", len(waiting)),
        [treasury.participants[slug] for slug in waiting],
        gettext("envoyez-leur leur relevé ; cela n’empêche pas de verrouiller"),
        "#statements",
    )


def _account_numbers(treasury: Treasury, month: dict[str, Any]) -> Item | None:
    """Return who is to be paid and has not said on which account."""
    ibans = {space.slug: space.legal.iban if space.legal else None for space in treasury.spaces}
    fund = treasury.network.fund
    ibans[FUND] = fund.iban if fund else None
    unpayable = [
        treasury.participants[position["participant"]]
        for position in month["positions"]
        if position["amount_cents"] > 0 and not ibans.get(position["participant"], "elsewhere")
    ]
    if not unpayable:
        return None
    count = len(unpayable)
    return Item(
        "warning",
        ngettext("%(num)d IBAN manque", "%(num)d IBAN manquent", count),
        unpayable,
        gettext("à donner avant les virements : sans lui, personne ne peut payer ce lieu"),
    )


def _window(treasury: Treasury, month: dict[str, Any], which: str) -> Item | None:
    until: date | None = month["next"][which]
    if month["state"] == "open" or until is None or until < treasury.today:
        return None
    days = (until - treasury.today).days + 1
    if which == "review_until":
        what = ngettext("%(num)d jour de relecture", "%(num)d jours de relecture", days)
        note = gettext("les lieux peuvent répondre jusqu’au %(day)s", day=day(until))
    else:
        what = ngettext("%(num)d jour pour les retards", "%(num)d jours pour les retards", days)
        note = gettext("des passages peuvent encore arriver jusqu’au %(day)s", day=day(until))
    return Item("clock", what, [], note)
