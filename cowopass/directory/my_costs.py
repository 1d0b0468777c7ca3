"""What a visit to each space costs with the pass of who looks, when her wallet is known here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.desk.costs import Cost, costs_of
from cowopass.desk.decision import Refused
from cowopass.directory.places import SpaceNow
from cowopass.directory.words import units_in_words
from cowopass.passes.models import Pass
from cowopass.passes.wallet import holder_of_request
from cowopass.people.models import Holder
from cowopass.web.formats import money


def my_costs(session: Session, places: Iterable[SpaceNow]) -> dict[str, str]:
    """Return what to say of each space, by slug; nothing when no wallet is known, or no pass.

    Which of several passes it is, `pass_to_use` says.
    """
    places = list(places)
    holder = holder_of_request(session)
    sold = pass_to_use(session, holder, places[0].local.date()) if holder and places else None
    if sold is None:
        return {}
    costs = costs_of(session, sold, [place.space for place in places])
    return {
        place.space.slug: cost_in_words(costs[place.space.slug], sold, place) for place in places
    }


def cost_in_words(cost: Cost, sold: Pass, place: SpaceNow) -> str:
    """Say what a visit takes from a pass, and what is left to pay at the desk."""
    if isinstance(cost, Refused):
        return str(_refusals().get(cost.code, gettext("Votre pass n’ouvre pas ce lieu.")))
    taken = (
        gettext("Compris dans votre pass")
        if cost.units_left is None or cost.units == 0
        else gettext(
            "%(units)s de votre pass", units=units_in_words(sold.plan.terms.unit, cost.units)
        )
    )
    top_up_cents = cost.valuation.top_up_cents if cost.valuation else 0
    if top_up_cents:
        price = money(top_up_cents, place.network.currency)
        return str(gettext("%(taken)s, et %(price)s à payer sur place.", taken=taken, price=price))
    return str(gettext("%(taken)s, rien à payer.", taken=taken))


def _refusals() -> dict[str, str]:
    return {
        "no_units_left": gettext("Votre pass n’a plus d’unités."),
        "expired": gettext("Votre pass est terminé."),
        "not_yet_valid": gettext("Votre pass n’a pas encore commencé."),
        "suspended": gettext("Votre pass est suspendu : parlez-en à votre lieu."),
        "roaming_cap_reached": gettext("Plus de journée ailleurs ce mois-ci avec votre pass."),
        "no_price": gettext("Ce lieu n’a pas encore de tarif."),
    }


def pass_to_use(session: Session, holder: Holder, today: date) -> Pass | None:
    """Return the pass of hers that ends first: what is lost first is spent first."""
    return session.scalar(
        select(Pass)
        .where(Pass.holder_id == holder.id, Pass.state == "active", Pass.ends_on >= today)
        .order_by(Pass.ends_on, Pass.id)
        .limit(1)
    )
