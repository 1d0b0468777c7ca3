"""Every page of the interface, and who may see it: what all of them must hold is tested on all.

An address may name something of the site in braces: `Seen.address_at` fills it in.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cowopass.demo.people import DOMAIN
from cowopass.demo.votes import MIDPOINT, REVIEW
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute, Period
from cowopass.passes.models import Holder, Pass, Plan
from cowopass.people.models import Person
from cowopass.people.once import issue
from tests.site import Site


class Seen(NamedTuple):
    """A page to look at: where, and as whom (a role and its scope; None is anyone).

    `wallet`: in a browser in which a nomad of the demonstration has opened hers.
    `person`: in a browser in which a host is signed in.
    """

    address: str
    role: str | None = None
    scope: dict[str, str] = {}  # noqa: RUF012 (never changed)
    wallet: bool = False
    person: bool = False

    def address_at(self, site: Site) -> str:
        """Return the address at a site, with an example of that site for what is in braces."""
        if "{" not in self.address:
            return self.address
        with site.session() as session:
            space = self.scope.get("space", "rubanerie")
            address = self.address.format(**examples(session, space))
            session.commit()
            return address


def examples(session: Session, space: str) -> dict[str, str]:
    """Return a space's latest book, monthly pass and visit, and an invitation of its host."""
    passes = select(Pass.id).join(Plan).where(Pass.home == space, Pass.state == "active")
    latest = passes.order_by(Pass.created_at.desc(), Pass.id)
    visits = select(CheckIn.id).where(CheckIn.space == space, CheckIn.charge_cents.is_not(None))
    mailed = latest.join(Holder).where(Holder.email.is_not(None))
    locked = select(func.max(Period.month)).where(Period.locked_at.is_not(None))
    to_close = select(func.min(Period.month)).where(Period.month > locked.scalar_subquery())
    disputes = select(Dispute.id).where(or_(Dispute.home == space, Dispute.host == space))
    host = select(Person).where(Person.email == f"{space}@{DOMAIN}")
    found = {
        "an_invitation": issue(session, "invitation", person=session.scalar(host)),
        "a_book": session.scalars(latest.where(Plan.kind == "book")).first(),
        "a_monthly_pass": session.scalars(latest.where(Plan.kind == "unlimited")).first(),
        "a_visit": session.scalars(visits.order_by(CheckIn.at.desc())).first(),
        "a_mailed_pass": session.scalars(mailed).first(),
        "a_locked_month": session.scalar(locked),
        "a_month_to_close": session.scalar(to_close),
        "a_dispute": session.scalars(disputes.order_by(Dispute.state != "open")).first(),
    }
    return {name: value for name, value in found.items() if value is not None}


ANYONE = [Seen("/"), Seen("/no-such-page")]

FRONT_DOOR = [
    Seen("/spaces/rubanerie"),
    Seen("/spaces/no-such-space"),
    Seen("/spaces/comptoir-numerique/door"),
    Seen("/rules"),
    Seen("/rules/sainte"),
    Seen("/rules/sainte/try"),
    Seen("/rules/sainte/try?price_day=18&received_day=12&sent_day=x&plan_price=150"),
    Seen("/rules/sainte/try?price_day=18&received_day=12&sent_day=10&plan_price=150"),
    Seen("/open-data"),
    Seen("/verify"),
    Seen("/t"),
]

HOST = ("host", {"space": "rubanerie"})
DESK = [
    Seen("/desk", "operator"),
    *(
        Seen(f"/desk/rubanerie{page}", *HOST)
        for page in (
            "",
            "/passes",
            "/passes?q=nobody",
            "/passes/sell",
            "/passes/{a_book}",
            "/passes/{a_book}/sold",
            "/passes/{a_book}/phone",
            "/passes/{a_book}/refund",
            "/passes/{a_book}/data",
            "/passes/{a_book}/golden",
            "/passes/{a_book}/relink",
            "/passes/{a_monthly_pass}",
            "/passes/{a_monthly_pass}/renew",
            "/today",
            "/today?on=2026-01-01",
            "/month",
            "/invoices",
            "/invoices?month={a_locked_month}",
            "/month?month=2020-01",
            "/month/missing",
            "/month/contest/{a_visit}",
            "/visits/{a_visit}",
            "/disputes/{a_dispute}",
            f"/votes/{MIDPOINT.id}",
        )
    ),
]


OUR_SPACE = [
    Seen("/desk/rubanerie/what-if?preset=free", *HOST),
    *(
        Seen(f"/desk/comptoir-numerique/{page}", "host", {"space": "comptoir-numerique"})
        for page in (
            "space",
            "page",
            "legal",
            "prices",
            "plans",
            "plans/new",
            "people",
            "devices",
            "log",
            "votes",
            "votes/new",
            "votes/new?kind=join",
            "votes/new?kind=leave",
            "votes/new?kind=charter",
        )
    ),
]

TREASURER = ("treasurer", {"network": "sainte"})

TREASURY = [
    Seen("/treasury", *TREASURER),
    Seen("/treasury/sainte/months", *TREASURER),
    Seen("/treasury/sainte/log", *TREASURER),
    Seen("/treasury/sainte/people", *TREASURER),
    Seen("/treasury/sainte/what-if?preset=midpoint", *TREASURER),
    Seen("/treasury/sainte/what-if?tried=1&kind=flat&day=x&levy=200", *TREASURER),
    Seen("/treasury/sainte/votes", *TREASURER),
    Seen("/treasury/sainte/votes/new", *TREASURER),
    Seen(f"/treasury/sainte/votes/{REVIEW.id}", *TREASURER),
    Seen("/treasury/sainte/bank", *TREASURER),
    Seen("/treasury/sainte/disputes/{a_dispute}", *TREASURER),
    Seen("/treasury/sainte/2020-02", *TREASURER),
    Seen("/treasury/sainte/2020-02/lines", *TREASURER),
    Seen("/treasury/sainte/2020-02/invoices", *TREASURER),
    Seen("/treasury/sainte/{a_locked_month}/invoices", *TREASURER),
    Seen("/treasury/sainte/2020-02/accounting", *TREASURER),
    Seen("/treasury/sainte/{a_locked_month}/accounting", *TREASURER),
    Seen("/treasury/sainte/2020-02/statements/rubanerie", *TREASURER),
]

WALLET = [
    Seen("/wallet"),
    Seen("/wallet", wallet=True),
    Seen("/wallet/places", wallet=True),
    Seen("/wallet/visits", wallet=True),
    Seen("/wallet/golden", wallet=True),
    Seen("/wallet/data", wallet=True),
    Seen("/wallet/data/erase", wallet=True),
]

SIGNING_IN = [
    Seen("/sign-in"),
    Seen("/sign-in/sent"),
    Seen("/sign-in/no-such-link"),
    Seen("/sign-in/{an_invitation}", scope={"space": "rubanerie"}),
    Seen("/account", person=True),
    Seen("/desk/pair"),
    Seen("/demo"),
    Seen("/mails"),
]

PAGES: list[Seen] = [*ANYONE, *FRONT_DOOR, *DESK, *OUR_SPACE, *TREASURY, *WALLET, *SIGNING_IN]
