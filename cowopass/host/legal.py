"""A space's legal side, as its host writes it: what a form holds, what it comes to, saving it.

What was typed is kept as text until all of it is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cowopass.config import Config
from cowopass.host.frame import Desk
from cowopass.host.together import PageChanged, PageRefused, Typed, is_as_opened, merge
from cowopass.legal.late import Touched, late_since, months_touched
from cowopass.legal.schemas import LegalSchema
from cowopass.legal.service import hold_side, save_side
from cowopass.legal.showing import ADDRESS
from cowopass.networks.models import LegalEntity

NUMBERS = ("siret", "vat_number", "iban", "bic")
REGIME = ("regime", "regime_from")
MANDATE = {
    "mandate_on": "self_billing_mandate_on",
    "mandate_until": "self_billing_mandate_until",
    "contest_days": "self_billing_contest_days",
}
FIELDS = ("name", "form", *NUMBERS, *ADDRESS, *REGIME, *MANDATE)
"""Fields of the form. Those of REGIME add a regime to those that are known."""

_BETWEEN = re.compile(r"[\s.,;:_/\u2010-\u2015-]+")
_GROUPS = {"siret": (3, 3, 3, 5), "iban": (4,) * 9}


class ToConfirm(Exception):
    """A regime told late touches months that are past: `touched`. Nothing is written yet."""

    def __init__(self, touched: list[Touched], *, has_mandate: bool) -> None:
        self.touched, self.has_mandate = touched, has_mandate
        super().__init__(touched)


def typed_of(side: LegalEntity | None) -> Typed:
    """Return the form that says what is recorded; `vat` is what no field of it holds."""
    if side is None:
        return {**dict.fromkeys(FIELDS, ""), "country": "FR", "vat": []}
    return {
        "name": side.name,
        "form": side.form or "",
        **{name: _grouped(name, getattr(side, name) or "") for name in NUMBERS},
        **{name: getattr(side, name) or "" for name in ADDRESS},
        "country": side.country or "FR",
        **dict.fromkeys(REGIME, ""),
        **{name: _text(getattr(side, column)) for name, column in MANDATE.items()},
        "vat": [[row.effective_from.isoformat(), row.regime] for row in side.vat],
    }


def typed_in(form: MultiDict[str, str]) -> Typed:
    """Return what was typed into the form."""
    return {name: " ".join(form.get(name, "").split()) for name in FIELDS}


def confirmation_of(typed: Typed) -> str:
    """Return what stands for a yes to a regime told late; another day or regime needs another."""
    return f"{typed['regime']}@{typed['regime_from']}"


def save_typed(
    session: Session, config: Config, desk: Desk, typed: Typed, opened: str, confirmed: str
) -> None:
    """Write what was typed, over the fields as they stood in `opened` (see `digests_of`).

    `confirmed` is a `confirmation_of` what was typed. Raises PageRefused, PageChanged for what
    somebody else has changed since, and ToConfirm.
    """
    space = hold_side(session, desk.space.slug)
    recorded = typed_of(space.legal)
    merged = merge(typed, recorded, opened)
    if typed["regime"] and not is_as_opened("vat", recorded["vat"], opened):
        raise PageChanged(["regime"])
    values = _values(merged, space.legal)
    late = late_since(space.legal, values["vat"], desk.today)
    save_side(session, config, space, values)
    if late and confirmed != confirmation_of(typed):
        touched = months_touched(session, space, late)
        if touched:
            raise ToConfirm(touched, has_mandate=values["self_billing_mandate_on"] is not None)


def _values(typed: Typed, side: LegalEntity | None) -> dict[str, Any]:
    """Return what was typed as a service takes it. Raises PageRefused."""
    is_half = bool(typed["regime"]) != bool(typed["regime_from"])
    halves = {"regime_from" if typed["regime"] else "regime"} if is_half else set[str]()
    try:
        values: dict[str, Any] = LegalSchema().load(_document(typed))
    except ValidationError as error:
        raise PageRefused(_faults(error.messages_dict) | halves) from error
    if halves:
        raise PageRefused(halves)
    if not values["siren"] and side is not None:
        values["siren"] = side.siren
    return values


def _document(typed: Typed) -> dict[str, Any]:
    """Return the form as a network file says it."""
    version = {"regime": typed["regime"], "effective_from": typed["regime_from"]}
    days = typed["contest_days"]
    return {
        "name": typed["name"],
        "form": typed["form"] or None,
        **{name: _compact(typed[name]) or None for name in NUMBERS},
        "address": {
            **{name: typed[name] or None for name in ADDRESS},
            "country": typed["country"].upper() or None,
        },
        "vat": [version] if all(version.values()) else [],
        **{MANDATE[name]: typed[name] or None for name in ("mandate_on", "mandate_until")},
        MANDATE["contest_days"]: int(days) if re.fullmatch("[0-9]{1,9}", days) else days or None,
    }


def _faults(messages: Mapping[str, Any]) -> set[str]:
    """Return the fields of the form that the schema's messages are about."""
    names = {column: name for name, column in MANDATE.items()}
    faults = {names.get(name, name) for name in messages.keys() - {"address", "vat"}}
    faults |= set(messages.get("address", ()))
    for below in messages.get("vat", {}).values():
        faults |= {"regime" if name == "regime" else "regime_from" for name in below}
    return faults


def _compact(text: str) -> str:
    """Return a number without what people write between its groups."""
    return _BETWEEN.sub("", text).upper()


def _grouped(name: str, number: str) -> str:
    """Return a number in the groups that it is read in."""
    pieces, start = [], 0
    for length in _GROUPS.get(name, (len(number),)):
        pieces.append(number[start : start + length])
        start += length
    return " ".join(piece for piece in pieces if piece)


def _text(value: date | int | None) -> str:
    return "" if value is None else str(value)
