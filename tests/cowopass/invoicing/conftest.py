"""The month of the worked example, among three entities that stand to VAT in three ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from clearing.valuation import Valuation
from cowopass.config import Config
from cowopass.invoicing.service import Issued, issue_month
from cowopass.ledger.service import Charge, post_charge
from cowopass.networks.models import LegalEntity, Network, VatRegime
from cowopass.settlement.lock import lock_period
from cowopass.spaces.models import Space
from tests.cowopass.settlement.conftest import (
    DECEMBER_2,
    host_of,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["host_of", "november", "sainte", "travel", "treasurer", "visit"]

LONG_AGO = date(2026, 1, 1)
NUMBERS = {
    "comptoir": ("99900001100018", "FR66999000011"),
    "b": ("99900002900010", None),
    "c": ("99900003700013", None),
    "fund": ("99900004500016", None),
}
REGIMES = {
    "comptoir": "standard",
    "b": "franchise",
    "c": "out_of_scope",
    "fund": "out_of_scope",
}

Legal = Callable[..., LegalEntity]
Issue = Callable[..., Issued]


def a_legal_side(who: str, **over: Any) -> LegalEntity:
    """Make the imaginary entity behind a space or the fund, with all that an invoice needs."""
    siret, vat_number = NUMBERS[who]
    columns = {
        "name": f"Association {who.capitalize()} (imaginaire)",
        "siret": siret,
        "siren": siret[:9],
        "vat_number": vat_number,
        "building_number": "7",
        "street_name": "place Jean-Jaurès",
        "postcode": "42000",
        "town": "Saint-Étienne",
        "country": "FR",
        "self_billing_mandate_on": LONG_AGO,
        "vat": [VatRegime(regime=REGIMES[who], effective_from=LONG_AGO)],
        **over,
    }
    return LegalEntity(**columns)


@pytest.fixture
def legal(sainte: Session) -> Legal:
    """Give everybody a legal side, then change that of one: `legal("b", siret=None)`."""
    network = sainte.get_one(Network, "sainte")
    network.fund = a_legal_side("fund")
    for slug in ("comptoir", "b", "c"):
        sainte.get_one(Space, slug).legal = a_legal_side(slug)
    sainte.commit()

    def change(who: str, **columns: Any) -> LegalEntity:
        entity = network.fund if who == "fund" else sainte.get_one(Space, who).legal
        assert entity is not None
        for name, value in columns.items():
            setattr(entity, name, value)
        sainte.commit()
        return entity

    return change


@pytest.fixture
def issue(sainte: Session, config: Config, travel: Any, legal: Legal) -> Issue:  # noqa: ARG001
    """Lock a month, if it is not, and issue it; return what came of it."""

    def issue(month: str = "2026-11", at: Any = DECEMBER_2) -> Issued:
        travel.move_to(at)
        lock_period(sainte, config, "sainte", month)
        issued = issue_month(sainte, "sainte", month)
        sainte.commit()
        return issued

    return issue


@pytest.fixture
def charge_again(sainte: Session) -> Callable[..., None]:
    """Charge a check-in of Comptoir's holder at B anew, as a day."""

    def charge_again(check_in: str, cents: int, **over: Any) -> None:
        charge = Charge(
            check_in=check_in,
            on=date(2026, 11, 12),
            unit="day",
            golden=False,
            home="comptoir",
            home_network="sainte",
            host="b",
            host_network="sainte",
            pass_id="pas_1",
            valuation=Valuation(cents, 1364, cents, cents // 20, 0, capped=False),
            monthly_price_cents=None,
            agreement="sainte>sainte@2025-01",
        )
        post_charge(sainte, charge._replace(**over))

    return charge_again
