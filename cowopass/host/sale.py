"""The form by which a host sells a pass: what it offers, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.errors import CowopassError, NoVolunteerPrice, PlanUnknown, StartOutOfRange
from cowopass.fields import list_errors
from cowopass.host.frame import Desk
from cowopass.passes.letters import send_pass
from cowopass.passes.models import Plan
from cowopass.passes.requests import Answered, Sold, answer_once
from cowopass.passes.schemas import SaleSchema, sale_of
from cowopass.passes.service import Sale, sell
from cowopass.web.formats import money

LONGEST_MEASURED = timedelta(minutes=10)
"""A form that stood open for longer was left alone meanwhile: its time says nothing."""


class SaleForm(NamedTuple):
    """What was typed, as it was typed. `id` makes a second click sell nothing.

    `opened` is when the form was shown, in whole seconds of Unix time.
    """

    id: str
    opened: str
    plan: str = ""
    volunteer: bool = False
    name: str = ""
    email: str = ""
    starts_on: str = ""


class SaleRefused(Exception):
    """A form that can't be sold from, with a sentence for each field that is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


def blank_form(desk: Desk, plan: str = "") -> SaleForm:
    """Return a new form, for a pass that starts today; a formula may be chosen already."""
    opened = str(int(clock.now().timestamp()))
    return SaleForm(str(uuid4()), opened, plan, starts_on=desk.today.isoformat())


def form_of(sent: Mapping[str, str]) -> SaleForm:
    """Return the form that a browser sent."""
    names = [name for name in SaleForm._fields if name != "volunteer"]
    return SaleForm(**{name: sent.get(name, "") for name in names}, volunteer="volunteer" in sent)


def plans_on_sale(session: Session, home: str) -> list[Plan]:
    """Return the formulas that a space sells today, the cheapest first."""
    return list(
        session.scalars(
            select(Plan)
            .where(Plan.home == home, Plan.is_offered.is_(True))
            .order_by(Plan.price_cents, Plan.code)
        )
    )


def sales_after_refusal(plans: list[Plan], currency: str) -> list[dict[str, str]]:
    """Return what to offer to somebody whose pass does not open the door: a visit, then a book.

    Each is `{plan, label, price}`; of each the cheapest, none of what the space does not sell.
    """
    visits = [plan for plan in plans if plan.kind == "single"]
    days = [plan for plan in visits if plan.unit == "day"]
    books = [plan for plan in plans if plan.kind == "book"]
    offered = [*(days or visits)[:1], *books[:1]] or plans[:1]
    return [
        {"plan": plan.code, "label": _offer(plan), "price": money(plan.price_cents, currency)}
        for plan in offered
    ]


def _offer(plan: Plan) -> str:
    if plan.kind == "book":
        return str(gettext("Vendre un carnet « %(plan)s »", plan=plan.name))
    if plan.kind != "single":
        return str(gettext("Vendre « %(plan)s »", plan=plan.name))
    visits = {
        "day": gettext("Vendre une journée ici"),
        "half_day": gettext("Vendre une demi-journée ici"),
        "hour": gettext("Vendre une heure ici"),
    }
    return str(visits[plan.unit])


def sell_by_form(session: Session, config: Config, desk: Desk, form: SaleForm) -> Answered:
    """Sell what a form asks for, once, however often it is sent.

    Raises SaleRefused, and then nothing is written; IdempotencyConflict when the form has sold
    another pass already.
    """
    body = _body_of(desk, form)
    try:
        with session.begin_nested():
            return answer_once(
                session, str(body["id"]), body, lambda: _sell(session, config, sale_of(body))
            )
    except (PlanUnknown, NoVolunteerPrice, StartOutOfRange) as error:
        raise SaleRefused(_explain(error)) from error


def _sell(session: Session, config: Config, sale: Sale) -> Sold:
    """Sell, and queue the letter with the pass for who has an address."""
    result = sell(session, config, sale)
    send_pass(session, config, result.sold, result.ticket)
    return result


def seconds_taken(form: SaleForm) -> int | None:
    """Return how long the sale took from opening the form; None when that was not measured."""
    if not form.opened.isdecimal():
        return None
    seconds = int(clock.now().timestamp()) - int(form.opened)
    return seconds if 0 < seconds <= LONGEST_MEASURED.total_seconds() else None


def _body_of(desk: Desk, form: SaleForm) -> dict[str, Any]:
    """Return the sale as a program would ask for it, read by the same rules."""
    document = {
        "id": form.id,
        "home": desk.space.slug,
        "plan": form.plan,
        "holder": {"name": form.name.strip(), "email": form.email.strip() or None},
        "starts_on": form.starts_on or None,
        "volunteer": form.volunteer,
    }
    try:
        body: dict[str, Any] = SaleSchema().load(document)
    except ValidationError as error:
        wrong = {found["path"] for found in list_errors(error.messages)}
        sentences = _sentences()
        errors = {name: said for name, (path, said) in sentences.items() if path in wrong}
        raise SaleRefused(errors) from error
    return body


def _sentences() -> dict[str, tuple[str, str]]:
    """Return for each field where the schema says that it is wrong, and what to do then."""
    return {
        "plan": ("plan", gettext("Choisissez une formule.")),
        "name": ("holder.name", gettext("Écrivez le prénom et le nom, en 200 lettres au plus.")),
        "email": (
            "holder.email",
            gettext("Cette adresse n’est pas entière. Elle ressemble à nadia@exemple.fr."),
        ),
        "starts_on": ("starts_on", gettext("Écrivez un jour qui existe, comme 2026-11-27.")),
        "id": ("id", gettext("Ce formulaire est abîmé. Rechargez la page.")),
    }


def _explain(error: CowopassError) -> dict[str, str]:
    if isinstance(error, PlanUnknown):
        return {"plan": gettext("Cette formule n’est plus en vente. Choisissez-en une autre.")}
    if isinstance(error, NoVolunteerPrice):
        return {"volunteer": gettext("Cette formule n’a pas de tarif concierge.")}
    return {
        "starts_on": gettext(
            "Ce pass serait déjà fini, ou commencerait dans plus d’un an. Choisissez un autre jour."
        )
    }
