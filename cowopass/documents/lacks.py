"""Documents that can not be made, and who has to give what before they can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from clearing.line import FUND
from cowopass.errors import CowopassError, PartyIncomplete
from cowopass.invoicing import parties as invoicing
from cowopass.invoicing.parties import Missing
from cowopass.problems import sentence


class Lack(NamedTuple):
    """A document, or a folder of some, that can not be made.

    `who` (slugs, or `fund`) has to give what `fr` and `en` say.
    """

    path: str
    who: str
    fr: str
    en: str


def lack_of_refusal(path: str, space: str | None, refusal: CowopassError) -> Lack:
    """Return what keeps a document from being made, as the refusal says it."""
    fr, en = (sentence(refusal.code, vars(refusal), language) for language in ("fr", "en"))
    missing = refusal.missing if isinstance(refusal, PartyIncomplete) else {space or FUND}
    return Lack(path, ", ".join(sorted(missing)), fr, en)


def lacks_of_invoices(missing: Iterable[Missing]) -> list[Lack]:
    """Return what keeps invoices from being made out, once for each who has to give it."""
    by_who: dict[str, list[invoicing.Lack]] = {}
    for each in missing:
        by_who.setdefault(each.who, []).append(each.what)
    return [_lack_of(who, whats) for who, whats in sorted(by_who.items())]


def _lack_of(who: str, whats: list[invoicing.Lack]) -> Lack:
    # Who is invoiced needs a SIREN, who invoices a SIRET, which has the SIREN in it.
    asked = [what for what in whats if not (what == "siren" and "siret" in whats)]
    fr, en = (" ".join(_OF_INVOICES[what][place] for what in asked) for place in (0, 1))
    return Lack("invoices", who, fr, en)


_OF_INVOICES: dict[invoicing.Lack, tuple[str, str]] = {
    "legal": (
        "Dites qui est derrière ce lieu : nom, SIRET, adresse, régime de TVA.",
        "Say who stands behind this space: name, SIRET, address, VAT regime.",
    ),
    "siret": ("Donnez le SIRET.", "Give the SIRET."),
    "siren": ("Donnez le SIREN ou le SIRET.", "Give the SIREN or the SIRET."),
    "address": (
        "Complétez l’adresse : code postal, ville, pays.",
        "Complete the address: postcode, town, country.",
    ),
    "vat_regime": (
        "Dites le régime de TVA en vigueur ce mois-là.",
        "Say the VAT regime in force that month.",
    ),
    "vat_number": ("Donnez le numéro de TVA.", "Give the VAT number."),
    "not_here": (
        "Ce lieu est sur un autre serveur : sa facture se fait là-bas.",
        "This space is on another server: it is invoiced there.",
    ),
    "earlier_month": (
        "Faites d’abord les factures du mois d’avant.",
        "Issue the invoices of the month before first.",
    ),
}
