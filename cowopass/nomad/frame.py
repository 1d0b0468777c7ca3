"""What every page of the wallet begins with: whose it is, and which of her passes is meant."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cowopass.errors import PassUnknown
from cowopass.networks.models import Network
from cowopass.passes.models import Pass
from cowopass.passes.standing import Standing, standings_of
from cowopass.passes.wallet import holder_required
from cowopass.people.models import Holder
from cowopass.spaces.models import Space

PHONE = "cowopass-phone"
"""The cookie by which a phone that carries a pass is known again."""

USABLE = ("active", "suspended")


class Wallet(NamedTuple):
    """A holder with her passes: those she can use first, and of these the one that ends first."""

    holder: Holder
    home: Space
    network: Network
    standings: list[Standing]

    @property
    def first_name(self) -> str:
        """How she is greeted; empty once her name was erased."""
        return self.holder.name.split(" ")[0]

    @property
    def first(self) -> Standing | None:
        """The pass to show when none is asked for; None where she has none."""
        return next(iter(self.standings), None)

    def find(self, pass_id: str) -> Standing:
        """Return one of her passes. Raises PassUnknown for one that is not hers."""
        for standing in self.standings:
            if standing.sold.id == pass_id:
                return standing
        raise PassUnknown(pass_id)


def wallet_of(session: Session) -> Wallet:
    """Return the wallet that was opened in this browser. Raises WalletUnknown when none was."""
    holder = holder_required(session)
    home = session.get_one(Space, holder.home)
    passes = session.scalars(
        select(Pass)
        .where(Pass.holder_id == holder.id)
        .options(joinedload(Pass.plan), joinedload(Pass.holder))
        .order_by(Pass.ends_on, Pass.id)
    )
    standings = standings_of(session, list(passes))
    standings.sort(key=_rank)
    return Wallet(holder, home, session.get_one(Network, home.network), standings)


def _rank(standing: Standing) -> tuple[bool, bool, float]:
    """Sort key: usable ones first, then the newest of those that are over."""
    is_over, last_on = standing.state not in USABLE, standing.sold.ends_on.toordinal()
    return is_over, standing.units_left == 0, -last_on if is_over else last_on
