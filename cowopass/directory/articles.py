"""An agreement in plain words: one article for each thing that was voted.

The words follow from the fields, so that a network that votes something else reads something else.
"""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext, ngettext

from clearing.money import WHOLE_BPS
from clearing.valuation import UNITS, Rule
from cowopass.directory.words import share_in_words
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement
from cowopass.web.formats import money, unit_name


class Article(NamedTuple):
    """A title that says it all, and a sentence or two for who wants to know."""

    title: str
    text: str


def articles_of(agreement: Agreement, currency: str) -> list[Article]:
    """Return the articles of an agreement, in the language of the request."""
    articles = [
        _price(agreement, currency),
        Article(gettext("Une visite, une dette"), _debt(terms_of(agreement).rule, currency)),
        _desk(agreement),
        _days(agreement),
        _levy(agreement),
        _liability(agreement),
        _month(agreement, currency),
        _golden(agreement),
        _paper(agreement),
    ]
    return [article for article in articles if article is not None]


def _price(agreement: Agreement, currency: str) -> Article:
    text = gettext("Chaque lieu fixe son tarif d’accueil. Personne ne le corrige.")
    if agreement.max_host_price_cents is not None:
        text += " " + gettext(
            "Au-delà de %(price)s la journée, c’est %(price)s qui compte.",
            price=money(agreement.max_host_price_cents, currency),
        )
    return Article(gettext("Chacun son prix"), text)


def _debt(rule: Rule, currency: str) -> str:
    """Say what the home owes for a visit."""
    if rule.kind == "flat":
        return _flat_debt(rule, currency)
    if rule.share_bps == WHOLE_BPS:
        return str(gettext("Le lieu qui a vendu le pass doit au lieu visité son tarif d’accueil."))
    if rule.share_bps == 0:
        text = gettext("Le lieu qui a vendu le pass doit au lieu visité ce que le pass a rapporté.")
    else:
        text = gettext(
            "Le lieu qui a vendu le pass doit au lieu visité ce que le pass a rapporté, plus "
            "%(share)s de ce qui manque jusqu’au tarif d’accueil, ou moins %(share)s de ce qui "
            "le dépasse.",
            share=share_in_words(rule.share_bps),
        )
    if rule.cap_at_host_price:
        text += " " + gettext("Jamais plus que le tarif d’accueil.")
    return str(text)


def _flat_debt(rule: Rule, currency: str) -> str:
    amounts = rule.amounts_cents or {}
    if not any(amounts.values()):
        return str(gettext("Le lieu qui a vendu le pass ne doit rien : on s’accueille librement."))
    listed = ", ".join(
        f"{unit_name(unit).lower()} {money(amounts[unit], currency)}" for unit in UNITS
    )
    return str(
        gettext(
            "Le lieu qui a vendu le pass doit au lieu visité la même somme partout : %(amounts)s.",
            amounts=listed,
        )
    )


def _desk(agreement: Agreement) -> Article:
    if agreement.top_up:
        return Article(
            gettext("La différence se paie à l’accueil"),
            gettext("Si le lieu visité demande plus que ce qu’il reçoit, le nomade paie le reste."),
        )
    return Article(
        gettext("Rien à payer à l’accueil"),
        gettext("Le pass suffit. Les lieux s’arrangent entre eux à la fin du mois."),
    )


def _days(agreement: Agreement) -> Article:
    days = agreement.roaming_days_per_month
    if days is None:
        return Article(
            gettext("Ailleurs autant que l’on veut"),
            gettext("Un pass ouvre tous les lieux, sans limite de jours."),
        )
    return Article(
        ngettext("%(num)d jour ailleurs par mois", "%(num)d jours ailleurs par mois", days),
        gettext("Au-delà, le pass ne marche que chez soi jusqu’au mois suivant."),
    )


def _levy(agreement: Agreement) -> Article | None:
    if not agreement.levy_bps:
        return None
    return Article(
        gettext("%(share)s pour la caisse", share=share_in_words(agreement.levy_bps)),
        gettext("Le lieu qui reçoit laisse cette part à la caisse du réseau."),
    )


def _liability(agreement: Agreement) -> Article | None:
    if agreement.liability_cap_bps is None:
        return None
    return Article(
        gettext("Un pass au mois ne ruine personne"),
        gettext(
            "Le lieu qui l’a vendu paie au plus %(share)s de son prix dans le mois.",
            share=share_in_words(agreement.liability_cap_bps),
        ),
    )


def _month(agreement: Agreement, currency: str) -> Article:
    text = ngettext(
        "Chacun relit pendant %(num)d jour.",
        "Chacun relit pendant %(num)d jours.",
        agreement.review_days,
    )
    if agreement.netting == "multilateral":
        text += " " + gettext(
            "Puis les dettes s’annulent entre elles et on ne paie que le reste, de lieu à lieu. "
            "Le réseau ne garde pas d’argent."
        )
    else:
        text += " " + gettext(
            "Puis, deux à deux, on ne paie que la différence. Le réseau ne garde pas d’argent."
        )
    if agreement.carry_forward_below_cents:
        text += " " + gettext(
            "En dessous de %(price)s, on attend le mois suivant.",
            price=money(agreement.carry_forward_below_cents, currency),
        )
    return Article(gettext("On compte une fois par mois"), text)


def _golden(agreement: Agreement) -> Article:
    if agreement.golden_share_bps:
        text = gettext(
            "Il vaut une journée pour un invité. Le lieu qui le reçoit gagne %(share)s de son "
            "tarif d’accueil.",
            share=share_in_words(agreement.golden_share_bps),
        )
    else:
        text = gettext(
            "Il vaut une journée pour un invité. Le lieu qui le reçoit ne gagne rien : c’est un "
            "cadeau."
        )
    return Article(gettext("Un ticket d’or s’offre"), text)


def _paper(agreement: Agreement) -> Article:
    return Article(
        gettext("Même sans réseau"),
        ngettext(
            "Quand Internet manque, chaque comptoir accepte %(num)d billet papier par jour.",
            "Quand Internet manque, chaque comptoir accepte jusqu’à %(num)d billets papier par "
            "jour.",
            agreement.offline_paper_per_day,
        ),
    )
