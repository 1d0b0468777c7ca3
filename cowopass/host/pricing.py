"""What a space charges visitors, as its host sees and changes it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast, get_args

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.valuation import UNITS
from cowopass.errors import PeriodLocked, PriceBackDated
from cowopass.fields import LARGEST_INTEGER
from cowopass.host.frame import Desk
from cowopass.ledger import past
from cowopass.networks.models import Network
from cowopass.spaces.models import Price, Space
from cowopass.spaces.prices import Charged, PriceVersion, save_price, withdraw_price
from cowopass.web.formats import long_day, of_month

_AMOUNT = re.compile(r"[0-9]{1,9}([.,][0-9]{1,2})?")


class UnitPrices(NamedTuple):
    """The versions of a unit's price: those to come, the one in force, those that were."""

    unit: Unit
    to_come: list[Price]
    in_force: Price | None
    past: list[Price]


class PriceRefused(Exception):
    """A price can not be written; `errors` has a sentence for each field of the form."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(errors)


def list_prices(prices: list[Price], today: date) -> list[UnitPrices]:
    """Return every unit's versions on a day, the largest unit first, the latest past one first."""
    return [_of_unit(prices, unit, today) for unit in UNITS]


def read_cents(text: str) -> int | None:
    """Return the cents of an amount typed with comma or point, None when it is none.

    >>> read_cents("12,5"), read_cents(" 1 200 € "), read_cents("douze")
    (1250, 120000, None)
    """
    plain = re.sub(r"[\s€]", "", text)
    if not _AMOUNT.fullmatch(plain):
        return None
    cents = int(Decimal(plain.replace(",", ".")) * 100)
    return cents if cents <= LARGEST_INTEGER else None


def set_price(session: Session, desk: Desk, unit: str, amount: str, starts_on: str) -> None:
    """Write what the form asks for: a price from a day on. Raises PriceRefused."""
    amount_cents, day = read_cents(amount), _read_day(starts_on)
    errors = {}
    if unit not in get_args(Unit):
        errors["unit"] = gettext("Choisissez une durée.")
    if amount_cents is None:
        errors["amount"] = gettext("Écrivez un montant, par exemple 12,50.")
    if day is None:
        errors["starts_on"] = gettext("Choisissez un jour.")
    if errors or amount_cents is None or day is None:
        raise PriceRefused(errors)
    charged = _hold_charges(session, desk)
    try:
        save_price(session, desk.space, PriceVersion(cast(Unit, unit), amount_cents, day), charged)
    except (PriceBackDated, PeriodLocked) as refusal:
        raise PriceRefused({"starts_on": _too_early(refusal)}) from refusal


def take_back(session: Session, desk: Desk, price_id: int) -> None:
    """Take back a price that was announced. Once it is gone, again changes nothing.

    Raises PriceRefused when it has begun, or visits were charged since its day.
    """
    price = session.scalar(
        select(Price).where(Price.id == price_id, Price.space == desk.space.slug)
    )
    if price is None:
        return
    if price.effective_from <= desk.today:
        raise PriceRefused({"price": gettext("Ce tarif a déjà commencé : il reste dans la liste.")})
    charged = _hold_charges(session, desk)
    try:
        withdraw_price(session, desk.space, price, charged)
    except (PriceBackDated, PeriodLocked) as refusal:
        raise PriceRefused({"price": _too_early(refusal)}) from refusal


def _of_unit(prices: list[Price], unit: Unit, today: date) -> UnitPrices:
    versions = sorted(
        (price for price in prices if price.unit == unit), key=lambda price: price.effective_from
    )
    begun = [price for price in versions if price.effective_from <= today]
    return UnitPrices(
        unit,
        [price for price in versions if price.effective_from > today],
        begun[-1] if begun else None,
        begun[-2::-1],
    )


def _hold_charges(session: Session, desk: Desk) -> Charged:
    """Return what was charged, with network and space held: no lock or visit slips in between."""
    space = desk.space
    for held in (
        select(Network).where(Network.slug == space.network),
        select(Space).where(Space.slug == space.slug),
    ):
        session.scalars(held.with_for_update(key_share=True)).all()
    # A space that had no price yet charged nobody: its first ones may start long ago.
    locked = past.locked_until(session).get(space.network) if space.prices else None
    return Charged(
        locked,
        lambda since: past.last_charged_on(session, space.network, space.slug, since),
    )


def _too_early(refusal: PriceBackDated | PeriodLocked) -> str:
    if isinstance(refusal, PriceBackDated):
        return str(
            gettext(
                "Des visites sont déjà comptées jusqu’au %(day)s : choisissez un jour après.",
                day=long_day(refusal.last_charged_on),
            )
        )
    month = of_month(refusal.month)
    said = gettext("Le mois %(month)s est verrouillé : choisissez un jour après.", month=month)
    return str(said)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
