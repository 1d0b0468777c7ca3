"""What a treasurer types, read as she means it, and what she is told when it can't be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext

from cowopass.errors import (
    ConsentMissing,
    CowopassError,
    DataInvalid,
    DisputeDecided,
    IdempotencyConflict,
    PasskeyRequired,
    PaymentTooLarge,
    PeriodNotOver,
    PeriodOutOfOrder,
)
from cowopass.treasury.frame import Treasury
from cowopass.web.formats import amount, day, month_name

_AMOUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")

LONGEST_REASON = 500


def read_amount(text: str) -> int:
    """Return an amount in cents as people type it. Raises DataInvalid.

    >>> read_amount("1 234,5 €")
    123450
    """
    found = _AMOUNT.fullmatch(re.sub(r"[\s\u202f\xa0€]", "", text))
    if found is None:
        raise DataInvalid([{"path": "amount", "message": "is no amount as 12,50"}])
    units, decimals = found.groups(default="")
    return int(units) * 100 + int(decimals.ljust(2, "0"))


def read_day(text: str) -> date:
    """Return a day as a date field sends it. Raises DataInvalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DataInvalid([{"path": "paid_on", "message": "is no day"}]) from None


def read_reason(form: Mapping[str, str]) -> str:
    """Return the reason that an act must have. Raises DataInvalid."""
    reason = " ".join(form.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        raise DataInvalid([{"path": "reason", "message": "is missing"}])
    return reason


TOLD = (
    ConsentMissing,
    DataInvalid,
    DisputeDecided,
    IdempotencyConflict,
    PasskeyRequired,
    PaymentTooLarge,
    PeriodNotOver,
    PeriodOutOfOrder,
)
"""The refusals that are told on the page where the act was tried."""


def tell(refusal: CowopassError, treasury: Treasury) -> str:
    """Say why an act was refused and what to do, in the treasurer's words."""
    match refusal:
        case PaymentTooLarge():
            left = amount(refusal.left_cents, treasury.network.currency)
            text = gettext(
                "C’est plus que ce qui reste à payer : %(left)s. Vérifiez la somme sur le relevé "
                "de banque.",
                left=left,
            )
        case PeriodNotOver():
            text = gettext("Le mois n’est pas fini : revenez le %(day)s.", day=day(refusal.over_on))
        case PeriodOutOfOrder():
            text = gettext("%(month)s d’abord.", month=month_name(refusal.first).capitalize())
        case ConsentMissing():
            text = gettext(
                "Vous êtes de l’un des deux lieux : %(space)s doit d’abord accepter que vous "
                "décidiez.",
                space=treasury.participants[refusal.space].name,
            )
        case DataInvalid():
            text = _tell_fields(refusal)
        case _:
            text = _PLAIN[type(refusal)]()
    return str(text)


def _tell_fields(refusal: DataInvalid) -> str:
    sentences = {
        "amount": gettext("Écrivez la somme avec une virgule, par exemple 12,50."),
        "paid_on": gettext("Donnez le jour du virement ; il ne peut pas être à venir."),
        "reason": gettext("Dites pourquoi, en quelques mots."),
        "borne_by": gettext("La caisse est l’une des deux parties : le créancier doit supporter."),
    }
    return " ".join(sentences.get(error["path"], error["message"]) for error in refusal.errors)


_PLAIN = {
    DisputeDecided: lambda: gettext("Cette contestation est déjà tranchée, autrement."),
    IdempotencyConflict: lambda: gettext(
        "Ce formulaire a déjà servi, pour autre chose. Remplissez-le de nouveau."
    ),
    PasskeyRequired: lambda: gettext(
        "Cet acte engage de l’argent : il faut une clé d’accès. Ajoutez-en une sur la page "
        "« Mon compte », sortez, puis entrez avec elle."
    ),
}
