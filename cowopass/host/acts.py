"""What a host can do to a pass that was sold, and what to know before doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from flask_babel import gettext
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.errors import PassEnded, PassExpired
from cowopass.passes import golden, life, refunds, tickets
from cowopass.passes.models import Pass
from cowopass.passes.requests import Sold, answer_once, comes_first
from cowopass.passes.standing import FINAL, Standing, local_today, lock_pass
from cowopass.passes.wallet import replace_link
from wallet.plan import MONTHLY, months_of

ActName = Literal["suspend", "resume", "revoke", "reissue", "renew", "refund", "golden", "relink"]


class RefundChoice(NamedTuple):
    """A refund to choose: the last month paid (None: all are), and what is given back."""

    paid_through: str | None
    amount_cents: int

    @property
    def key(self) -> str:
        """How a form names it: `2026-12:15000`, or `:15000` when all months are paid."""
        return f"{self.paid_through or ''}:{self.amount_cents}"


class Order(NamedTuple):
    """What a host has confirmed. `id` makes a second click of it do nothing.

    `refund` is the key of the refund that she chose.
    """

    id: str
    reason: str
    refund: str = ""


class AmountChanged(Exception):
    """The pass was used since the host was told what it would give back."""


def acts_for(standing: Standing) -> list[ActName]:
    """Return what can be done to a pass as it stands, the most likely first."""
    sold, state = standing.sold, standing.state
    is_over = state in FINAL or state == "expired"
    possible: dict[ActName, bool] = {
        "golden": state == "active" and standing.golden_left > 0,
        "reissue": not is_over,
        "renew": sold.plan.terms.kind in MONTHLY and state in {"active", "expired"},
        "relink": not is_over,
        "suspend": state == "active",
        "resume": state == "suspended",
        "refund": state in {"active", "suspended"},
        "revoke": state in {"active", "suspended"},
    }
    return [name for name, applies in possible.items() if applies]


def refund_choices(session: Session, sold: Pass, today: date) -> list[RefundChoice]:
    """Return what a refund today would give back, for each month that may be the last one paid.

    Raises PassEnded or PassExpired when there is nothing to give back.
    """
    if sold.state == "refunded":
        raise PassEnded(sold.id, sold.state)
    if sold.ends_on < today:
        raise PassExpired(sold.id, sold.ends_on)
    ends: list[str | None] = [None]
    if sold.plan.terms.kind in MONTHLY:
        ends += months_of(max(today, sold.starts_on), sold.ends_on)[-2::-1]
    return [
        RefundChoice(end, refunds.worth_of(session, sold, today, end).amount_cents) for end in ends
    ]


def perform(session: Session, config: Config, act: ActName, sold: Pass, order: Order) -> str:
    """Do what a host has confirmed; return the id of the pass that it led to.

    Raises what the services of passes raise, and AmountChanged; then nothing is done.
    """
    if act == "suspend":
        return life.suspend(session, sold.id, order.reason).id
    if act == "resume":
        return life.resume(session, sold.id, order.reason).id
    if act == "revoke":
        return life.revoke(session, sold.id, order.reason).id
    body = {"act": act, "pass": sold.id}
    if act == "relink":
        if comes_first(session, order.id, body):
            replace_link(session, sold)
        return sold.id
    if act == "refund":
        return _refund(session, sold, order).id
    giving: Mapping[ActName, Callable[[], Sold]] = {
        "reissue": lambda: Sold(*tickets.reissue_ticket(session, config, sold.id)),
        "golden": lambda: Sold(*golden.hand_over(session, config, sold.id)),
        "renew": lambda: life.renew(session, config, sold.id),
    }
    return answer_once(session, order.id, body, giving[act]).result.sold.id


def done(act: ActName) -> str:
    """Say that an act is done."""
    said: Mapping[ActName, str] = {
        "suspend": gettext("Le pass est suspendu. Il ne passe plus nulle part."),
        "resume": gettext("Le pass est rouvert."),
        "revoke": gettext("Le pass est arrêté pour toujours, avec ses billets."),
        "refund": gettext("Le pass est remboursé et terminé."),
        "reissue": gettext("Un nouveau billet est prêt. Les anciens ne passent plus."),
        "renew": gettext("Le pass est renouvelé, avec un nouveau billet."),
        "relink": gettext("Le lien est remplacé. Montrez ou envoyez le nouveau."),
        "golden": gettext("Un ticket d’or est prêt à donner."),
    }
    return said[act]


def _refund(session: Session, sold: Pass, order: Order) -> Pass:
    """Give back what the host was told; asked again, nothing changes."""
    lock_pass(session, sold.id)
    if sold.state == "refunded":
        return sold
    choices = refund_choices(session, sold, local_today(session, sold.network))
    chosen = next((one for one in choices if one.key == order.refund), None)
    if chosen is None:
        raise AmountChanged
    return refunds.refund(session, sold.id, order.reason, chosen.paid_through).sold
