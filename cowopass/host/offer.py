"""What a space sells, as its host sees and changes it: plans with their versions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.fields import LONGEST_SLUG
from cowopass.host.frame import Desk
from cowopass.host.pricing import read_cents
from cowopass.network_file.schemas import PlanSchema
from cowopass.passes.models import Pass, Plan
from cowopass.passes.plans import save_plan

TEXTS = (
    "name",
    "kind",
    "unit",
    "units",
    "validity_months",
    "price",
    "volunteer_price",
    "golden_tickets",
    "notional_units",
)
"""Fields of the form that hold one text; `roaming` is ticked or not."""

BLANK = dict.fromkeys(TEXTS, "") | {"kind": "book", "unit": "day", "roaming": "on"}
FORM_NAMES = {"price_cents": "price", "volunteer_price_cents": "volunteer_price"}


class Version(NamedTuple):
    """A version of a plan, and how many of its passes hold today."""

    plan: Plan
    live: int


class PlanRefused(Exception):
    """A plan can not be written; `errors` has a sentence for each field of the form."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(errors)


def list_offer(session: Session, desk: Desk) -> list[list[Version]]:
    """Return each plan's versions, the latest first; plans on sale first, then by price."""
    live = (
        select(Pass.plan_id, func.count().label("number"))
        .where(
            Pass.home == desk.space.slug,
            Pass.state.in_(["active", "suspended"]),
            Pass.ends_on >= desk.today,
        )
        .group_by(Pass.plan_id)
        .subquery()
    )
    rows = session.execute(
        select(Plan, func.coalesce(live.c.number, 0))
        .outerjoin(live, live.c.plan_id == Plan.id)
        .where(Plan.home == desk.space.slug)
        .order_by(Plan.code, Plan.version.desc())
    )
    versions = [Version(plan, number) for plan, number in rows]
    plans = [list(group) for _, group in groupby(versions, key=lambda one: one.plan.code)]
    return sorted(plans, key=lambda one: (not one[0].plan.is_offered, one[0].plan.price_cents))


def latest_version(session: Session, desk: Desk, code: str) -> Plan | None:
    """Return the latest version of a plan, None when the space has none of this code."""
    return session.scalar(
        select(Plan)
        .where(Plan.home == desk.space.slug, Plan.code == code)
        .order_by(Plan.version.desc())
        .limit(1)
    )


def typed_of(plan: Plan) -> dict[str, str]:
    """Return the form that says what a plan is."""
    return {
        **{name: _text(getattr(plan, name)) for name in TEXTS if hasattr(plan, name)},
        "price": _euros(plan.price_cents),
        "volunteer_price": _euros(plan.volunteer_price_cents),
        "roaming": "on" if plan.roaming else "",
    }


def write_plan(session: Session, desk: Desk, typed: Mapping[str, str], code: str = "") -> None:
    """Put on sale what was typed: the next version of a plan, or a new one without `code`.

    Raises PlanRefused. The same new plan again changes nothing.
    """
    try:
        values = PlanSchema().load(_document(typed, code or _code_of(typed["name"])))
    except ValidationError as error:
        names = {FORM_NAMES.get(name, name) for name in error.messages_dict}
        # A name that makes no code is no name.
        names = {"name" if name == "code" else name for name in names}
        raise PlanRefused({name: _fault(name) for name in names}) from error
    known = None if code else latest_version(session, desk, values["code"])
    if known is not None and any(getattr(known, name) != values[name] for name in values):
        said = gettext("Une formule porte déjà ce nom : changez-la, ou prenez un autre nom.")
        raise PlanRefused({"name": str(said)})
    _save(session, desk, values)


def set_offered(session: Session, desk: Desk, code: str, *, is_offered: bool) -> None:
    """Take a plan off sale, or put its latest version back. Again changes nothing."""
    plan = latest_version(session, desk, code)
    if plan is not None:
        names = [*PlanSchema().fields.keys() - {"offered", "is_offered"}]
        values = {name: getattr(plan, name) for name in names}
        _save(session, desk, {**values, "is_offered": is_offered})


def _save(session: Session, desk: Desk, values: Mapping[str, Any]) -> None:
    offer = {name: value for name, value in values.items() if name != "code"}
    save_plan(session, desk.space.slug, values["code"], offer)


def _document(typed: Mapping[str, str], code: str) -> dict[str, Any]:
    """Return the form as a network file says it, with the fields that the kind has."""
    kind = typed["kind"]
    counted = kind in {"quota", "book"}
    volunteer = typed["volunteer_price"]
    return {
        "code": code,
        "name": typed["name"],
        "kind": kind,
        "unit": typed["unit"],
        "units": _number(typed["units"]) if counted else None,
        "validity_months": _number(typed["validity_months"]),
        "price_cents": read_cents(typed["price"]),
        "volunteer_price_cents": _cents(volunteer) if volunteer else None,
        "golden_tickets": 0 if kind == "single" else _number(typed["golden_tickets"] or "0"),
        "notional_units": _number(typed["notional_units"]) if kind == "unlimited" else None,
        "roaming": bool(typed["roaming"]),
    }


def _fault(name: str) -> str:
    whole = gettext("Un nombre entier, 1 ou plus.")
    faults = {
        "name": gettext("Donnez-lui un nom."),
        "kind": gettext("Choisissez une sorte."),
        "unit": gettext("Choisissez une durée."),
        "units": whole,
        "validity_months": gettext("Un nombre de mois, de 1 à 60."),
        "price": gettext("Écrivez un montant, par exemple 12,50."),
        "volunteer_price": gettext("Écrivez un montant, ou rien."),
        "golden_tickets": gettext("Un nombre entier, 0 ou plus."),
        "notional_units": whole,
    }
    return str(faults[name])


def _code_of(name: str) -> str:
    """Return the code of a new plan: its name in small letters without accents.

    >>> _code_of("Carnet de l’été, 11 journées")
    'carnet-de-l-ete-11-journees'
    """
    spaced = unicodedata.normalize("NFKD", name.replace("’", " "))
    plain = spaced.encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:LONGEST_SLUG].strip("-")


def _number(text: str) -> int | str | None:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else text or None


def _cents(text: str) -> int | str:
    cents = read_cents(text)
    return text if cents is None else cents


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"
