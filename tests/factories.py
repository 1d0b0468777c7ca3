"""Small worlds for tests, written straight into the tables. The caller commits.

Every function has good defaults; `over` replaces any column.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cowopass.networks.models import Agreement, LegalEntity, Network
from cowopass.passes.models import Pass, Plan
from cowopass.people.access import Grant
from cowopass.people.callers import SIGNED_IN
from cowopass.people.models import Holder, Membership, Person
from cowopass.people.service import create_token
from cowopass.people.sessions import Method, begin_session
from cowopass.spaces.models import Price, Space
from wallet.plan import last_day

LONG_AGO = date(2025, 1, 1)
CREATED_AT = datetime(2025, 1, 1, tzinfo=UTC)
IBAN = "FR7630004000010000000000136"


def a_network(session: Session, slug: str = "sainte", **over: Any) -> Network:
    """Add a network with a fund that can receive levies."""
    fund = LegalEntity(name="Association Coworking Sainté", iban=IBAN, country="FR")
    columns = {
        "name": "Coworking Sainté",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "fund": fund,
        "created_at": CREATED_AT,
        **over,
    }
    network = Network(slug=slug, **columns)
    session.add(network)
    session.flush()
    return network


def an_agreement(
    session: Session,
    home: str = "sainte",
    host: str = "sainte",
    effective_from: date = LONG_AGO,
    **over: Any,
) -> Agreement:
    """Add an agreement: the host's price, 5 % levy, multilateral, nothing carried."""
    columns: dict[str, Any] = {
        "rule": {"kind": "difference_share", "share_bps": 10_000, "cap_at_host_price": True},
        "top_up": False,
        "golden_share_bps": 0,
        "levy_bps": 500,
        "roaming_days_per_month": None,
        "liability_cap_bps": None,
        "max_host_price_cents": None,
        "offline_paper_per_day": 10,
        "late_days": 5,
        "review_days": 7,
        "netting": "multilateral",
        "convention_signed_on": LONG_AGO,
        "carry_forward_below_cents": 0,
        "created_at": CREATED_AT,
        **over,
    }
    agreement = Agreement(
        id=f"{home}>{host}@{effective_from:%Y-%m}",
        home=home,
        host=host,
        effective_from=effective_from,
        **columns,
    )
    session.add(agreement)
    session.flush()
    return agreement


def a_space(
    session: Session,
    name: str,
    network: str = "sainte",
    day_cents: int | None = 1500,
    **over: Any,
) -> Space:
    """Add a space that never closes; its slug is its name in lower case with dashes."""
    slug = over.pop("slug", name.lower().replace(" ", "-"))
    columns: dict[str, Any] = {"created_at": CREATED_AT, **over}
    space = Space(slug=slug, network=network, name=name, **columns)
    session.add(space)
    session.flush()
    if day_cents is not None:
        a_price(session, slug, "day", day_cents)
    return space


def a_price(
    session: Session, space: str, unit: str, amount_cents: int, effective_from: date = LONG_AGO
) -> Price:
    """Add a version of a space's price."""
    price = Price(
        space=space,
        unit=unit,
        amount_cents=amount_cents,
        effective_from=effective_from,
        created_at=CREATED_AT,
    )
    session.add(price)
    session.flush()
    return price


def a_plan(session: Session, home: Space | str, kind: str = "book", **over: Any) -> Plan:
    """Add a plan on sale: unless told otherwise, a book of 11 days for 150.00 EUR."""
    columns: dict[str, Any] = {
        "code": "voyageur",
        "version": 1,
        "name": "Voyageur",
        "unit": "day",
        "units": None if kind == "unlimited" else 11,
        "validity_months": 12,
        "price_cents": 15_000,
        "volunteer_price_cents": None,
        "golden_tickets": 1,
        "notional_units": 20 if kind == "unlimited" else None,
        "roaming": True,
        "created_at": CREATED_AT,
        **over,
    }
    plan = Plan(home=home if isinstance(home, str) else home.slug, kind=kind, **columns)
    session.add(plan)
    session.flush()
    return plan


def a_pass(session: Session, plan: Plan, **over: Any) -> Pass:
    """Add an active pass of a plan, sold to Camille on 1 November 2026; no ticket is made."""
    home = session.get_one(Space, plan.home)
    starts_on = over.get("starts_on", date(2026, 11, 1))
    holder = Holder(
        id=f"hol_{secrets.token_hex(8)}",
        home=plan.home,
        name=over.pop("holder_name", "Camille Berthet"),
        created_at=CREATED_AT,
    )
    columns: dict[str, Any] = {
        "id": f"pas_{secrets.token_hex(8)}",
        "network": home.network,
        "reference": None,
        "state": "active",
        "starts_on": starts_on,
        "ends_on": last_day(plan.kind, starts_on, plan.validity_months),
        "price_paid_cents": plan.price_cents,
        "created_at": CREATED_AT,
        **over,
    }
    sold = Pass(home=plan.home, plan=plan, holder=holder, **columns)
    session.add(sold)
    session.flush()
    return sold


def a_token(
    session: Session, role: Any, network: str | None = None, space: str | None = None
) -> str:
    """Make an API token."""
    return create_token(session, role, network=network, space=space)


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def a_person(session: Session, email: str, *grants: Grant, name: str = "Anne Morel") -> Person:
    """Add a person with roles: `Grant("host", "sainte", "b")`, `Grant("treasurer", "sainte")`."""
    person = Person(id=f"per_{secrets.token_hex(8)}", email=email, name=name, created_at=CREATED_AT)
    person.memberships = [
        Membership(
            id=f"{person.id}/{grant.role}/{grant.space or grant.network}",
            role=grant.role,
            network=grant.network,
            space=grant.space,
            created_at=CREATED_AT,
        )
        for grant in grants
    ]
    session.add(person)
    session.flush()
    return person


def sign_in(client: FlaskClient, session: Session, person: Person, method: Method = "link") -> None:
    """Sign a person in, in the browser of a client of an instance with HTTPS."""
    secret = begin_session(session, person, method, "Firefox")
    client.set_cookie(f"__Host-{SIGNED_IN}", secret)
