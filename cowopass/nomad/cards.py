"""The pass as a card: whose ribbon it hangs from, what is left, until when, and what to show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import Unit
from cowopass import clock
from cowopass.config import Config
from cowopass.nomad.frame import Wallet
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.standing import Standing
from cowopass.passes.tickets import latest_ticket, picture_links, ticket_url
from cowopass.spaces.models import Space
from wallet.plan import MONTHLY
from wallet.qr import qr_svg

State = Literal["ready", "empty", "not_yet", "suspended", "expired", "revoked", "refunded"]

NOTICE_DAYS = 30
"""So long before its end the wallet says that units will be lost."""

MONTHLY_NOTICE_DAYS = 7
"""A monthly pass loses no units that were paid for long ago: a week is enough to renew it."""

MOST_TOKENS = 31
"""More units than this are told in figures alone."""


class Card(NamedTuple):
    """One pass to show. `paper` is its paper ticket, `live` the one of a phone; None without.

    `days_left` counts today; it is given only when the end is near and something would be lost.
    `as_of` is when all of it was true.
    """

    standing: Standing
    home: Space
    state: State
    today: date
    days_left: int | None
    paper: Ticket | None
    paper_qr: str | None
    paper_pdf: str | None
    live: Ticket | None
    as_of: datetime

    @property
    def sold(self) -> Pass:
        """The pass itself."""
        return self.standing.sold

    @property
    def unit(self) -> Unit:
        """What it counts in."""
        return cast(Unit, self.sold.plan.unit)

    @property
    def shows_code(self) -> bool:
        """Whether there is a code to show at a desk: a suspended pass may be let go on any day."""
        return self.state in {"ready", "not_yet", "suspended", "empty"}

    @property
    def shows_tokens(self) -> bool:
        """Whether its units are few enough to be drawn one by one."""
        return (self.sold.plan.units or 0) <= MOST_TOKENS


def card_of(session: Session, config: Config, wallet: Wallet, standing: Standing) -> Card:
    """Return the card of one of a wallet's passes, as it stands now."""
    sold, today = standing.sold, clock.today(wallet.network.timezone)
    state = state_of(standing, today)
    paper, live = latest_ticket(session, sold.id), live_ticket(session, sold.id)
    return Card(
        standing,
        wallet.home,
        state,
        today,
        days_left(standing, today) if state == "ready" else None,
        paper,
        qr_svg(ticket_url(config, paper)) if paper else None,
        picture_links(config, paper)["pdf"] if paper else None,
        live,
        clock.now(),
    )


def state_of(standing: Standing, today: date) -> State:
    """Return in which of its states a pass is shown.

    The stored state comes first, as at the desk: a suspended pass that is empty is suspended.
    """
    if standing.state != "active":
        return cast(State, standing.state)
    if today < standing.sold.starts_on:
        return "not_yet"
    return "empty" if standing.units_left == 0 else "ready"


def days_left(standing: Standing, today: date) -> int | None:
    """Return for how many days a pass still holds, today included, when that is worth a notice."""
    left = (standing.sold.ends_on - today).days + 1
    is_monthly = standing.sold.plan.kind in MONTHLY
    return left if 0 < left <= (MONTHLY_NOTICE_DAYS if is_monthly else NOTICE_DAYS) else None


def live_ticket(session: Session, pass_id: str) -> Ticket | None:
    """Return the ticket of the phone that carries a pass, if one does."""
    return session.scalar(
        select(Ticket)
        .where(Ticket.pass_id == pass_id, Ticket.kind == "live", Ticket.revoked_at.is_(None))
        .order_by(Ticket.issued_at.desc(), Ticket.jti)
        .limit(1)
    )
