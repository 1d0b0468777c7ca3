"""The form of a proposal: filled in with what is in force, and read back as a draft."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.money import WHOLE_BPS
from clearing.valuation import UNITS
from cowopass import clock
from cowopass.errors import CowopassError, DataInvalid, EffectTooEarly
from cowopass.fields import SLUG, list_errors
from cowopass.language import spoken_language
from cowopass.networks.agreements import FIELDS, agreement_on, agreement_to_json
from cowopass.networks.models import Network
from cowopass.problems import sentence
from cowopass.spaces.models import Space
from cowopass.voting.charters import charter_on
from cowopass.voting.requests import draft_of
from cowopass.voting.rules import KINDS
from cowopass.voting.schemas import ProposeSchema
from cowopass.voting.service import Draft
from cowopass.voting.words import field_words

_NUMBER = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")
_WHOLE = re.compile(r"\d{1,9}")

HUNDREDTHS = ("levy_bps", "golden_share_bps", "liability_cap_bps", "quorum_bps", "majority_bps")
AMOUNTS = ("max_host_price_cents", "carry_forward_below_cents")
COUNTS = (
    "roaming_days_per_month",
    "offline_paper_per_day",
    "late_days",
    "review_days",
    "voting_days",
    "notice_days",
)
RULE_FIELDS = tuple(field for field in FIELDS if field != "rule")
CHARTER_FIELDS = ("quorum_bps", "majority_bps", "voting_days", "notice_days")
NEW: Mapping[str, Any] = {
    "rule": {"kind": "difference_share", "share_bps": 10_000, "cap_at_host_price": True},
    "top_up": False,
    "golden_share_bps": 0,
    "levy_bps": 0,
    "offline_paper_per_day": 10,
    "late_days": 5,
    "review_days": 7,
    "netting": "bilateral",
    "carry_forward_below_cents": 0,
}
"""What the form of a rule says between networks that have none yet."""


class Form(NamedTuple):
    """A form to propose: its kind, what its fields say, and what they may name."""

    kind: str
    values: dict[str, str]
    networks: list[Network]
    spaces: list[Space]
    home: str
    host: str


def new_form(session: Session, network: Network, query: Mapping[str, str]) -> Form:
    """Return a form filled in with what is in force, and with what the address asks for.

    `agreement` in the query has fields of an agreement as JSON, as the what-if page sends them.
    """
    kind = query.get("kind", "rule")
    wanted = _object(query.get("agreement", ""))
    home, host = (
        _slug(wanted.get(side) or query.get(side), network.slug) for side in ("home", "host")
    )
    values = {"id": str(uuid4()), "kind": kind if kind in KINDS else "rule", "text": ""}
    values["effective_from"] = str(wanted.get("effective_from") or "")
    values |= {"home": home, "host": host, "space": query.get("space", "")}
    today = clock.today(network.timezone)
    agreement = agreement_on(session, home, host, today)
    in_force = agreement_to_json(agreement) if agreement else dict(NEW)
    shown = {**in_force, **wanted}
    values |= write_fields({name: shown[name] for name in FIELDS if name in shown})
    values |= write_fields(charter_on(session, network.slug, today)._asdict())
    return show_form(session, network, values)


def show_form(session: Session, network: Network, values: Mapping[str, str]) -> Form:
    """Return a form as it was sent, with what its fields may name."""
    networks = session.scalars(select(Network).order_by(Network.name))
    spaces = select(Space).where(Space.network == network.slug).order_by(Space.name)
    return Form(
        values.get("kind", "rule"),
        dict(values),
        list(networks),
        list(session.scalars(spaces)),
        values.get("home", network.slug),
        values.get("host", network.slug),
    )


def read_form(form: Mapping[str, str], network: str, author_space: str | None) -> Draft:
    """Return the draft that a form says. Raises DataInvalid with what is wrong by its fields."""
    kind = form.get("kind", "")
    # Browsers count a new line as one character and send two.
    text = form.get("text", "").replace("\r\n", "\n")
    body: dict[str, Any] = {"network": network, "kind": kind, "text": text}
    if author_space is not None:
        body["author_space"] = author_space
    for name in ("id", "effective_from"):
        if form.get(name):
            body[name] = form[name].strip()
    if kind == "rule":
        sides = {"home": form.get("home") or network, "host": form.get("host") or network}
        body["agreement"] = {**sides, "rule": _read_rule(form), **_read(form, RULE_FIELDS)}
    elif kind == "charter":
        body["charter"] = _read(form, CHARTER_FIELDS)
    else:
        names = {"join": ("name", "email"), "leave": ("sold_days",)}.get(kind, ())
        given = {name: form[name].strip() for name in names if form.get(name, "").strip()}
        body |= {"space": form.get("space", "").strip(), **given}
    try:
        return draft_of(ProposeSchema().load(body))
    except ValidationError as error:
        raise DataInvalid(list_errors(error.messages)) from error


def tell(refusal: CowopassError) -> str:
    """Say why a proposal can't be opened and what to do, in plain words."""
    if isinstance(refusal, EffectTooEarly):
        text = gettext(
            "C’est trop tôt : le vote et son préavis ne seront pas finis. Au plus tôt : "
            "%(earliest)s.",
            earliest=refusal.earliest,
        )
        return str(text)
    if isinstance(refusal, DataInvalid):
        sentences = (_tell_field(error["path"]) for error in refusal.errors)
        return " ".join(dict.fromkeys(sentences))
    return sentence(refusal.code, language=spoken_language())


def _tell_field(path: str) -> str:
    """Say which field to look at again; those of a rule or a charter go by their labels."""
    words = {
        "text": gettext("Dites dans vos mots ce que vous proposez, en 5 000 signes au plus."),
        "space": gettext("Donnez le nom court du lieu, comme « la-rubanerie »."),
        "name": gettext("Donnez le nom du lieu."),
        "email": gettext("Vérifiez l’adresse e-mail."),
        "effective_from": gettext("Vérifiez la date d’effet, ou laissez-la vide."),
    }
    name = path.split(".")[-1]
    if name in words:
        return str(words[name])
    is_rule = "rule" in path or name in {"share", *(f"flat_{unit}" for unit in UNITS)}
    is_known = name in {*FIELDS, *CHARTER_FIELDS}
    label = field_words("rule") if is_rule else field_words(name) if is_known else name
    return str(gettext("Vérifiez : %(label)s.", label=label))


def write_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what the fields of the form say for the fields of an agreement or charter."""
    written = {name: _written(name, value) for name, value in values.items() if name != "rule"}
    rule = values.get("rule")
    if isinstance(rule, Mapping):
        written["rule_kind"] = str(rule.get("kind", ""))
        written["share"] = _hundredths(rule.get("share_bps", WHOLE_BPS))
        written["cap"] = "on" if rule.get("cap_at_host_price", True) else ""
        amounts = rule.get("amounts_cents")
        amounts = amounts if isinstance(amounts, Mapping) else {}
        written |= {f"flat_{unit}": _hundredths(amounts.get(unit, 0)) for unit in UNITS}
    return written


def _written(name: str, value: Any) -> str:  # noqa: ANN401 (any field's value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    return _hundredths(value) if name in (*HUNDREDTHS, *AMOUNTS) else str(value)


def _hundredths(value: Any) -> str:  # noqa: ANN401 (a whole number, or what somebody sent)
    """Write cents or basis points with a comma, and no more decimals than there are."""
    if not isinstance(value, int):
        return str(value)
    text = f"{Decimal(value) / 100:.2f}".rstrip("0").rstrip(".")
    return text if spoken_language() == "en" else text.replace(".", ",")


def _read_rule(form: Mapping[str, str]) -> dict[str, Any]:
    if form.get("rule_kind") == "flat":
        amounts = {unit: _read_number(form, f"flat_{unit}") for unit in UNITS}
        return {"kind": "flat", "amounts_cents": amounts}
    return {
        "kind": "difference_share",
        "share_bps": _read_number(form, "share"),
        "cap_at_host_price": bool(form.get("cap")),
    }


def _read(form: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    readers: dict[str, Callable[[Mapping[str, str], str], Any]] = {
        **dict.fromkeys((*HUNDREDTHS, *AMOUNTS), _read_number),
        **dict.fromkeys(COUNTS, _read_count),
        "top_up": lambda form, name: bool(form.get(name)),
        "netting": lambda form, name: form.get(name, ""),
        "convention_signed_on": lambda form, name: form.get(name) or None,
    }
    return {name: readers[name](form, name) for name in names}


def _read_number(form: Mapping[str, str], name: str) -> int | None:
    """Return a share in basis points, or an amount in cents, as people type it; None if empty."""
    text = re.sub(r"[\s\u202f\xa0€%]", "", form.get(name, ""))
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise DataInvalid([{"path": name, "message": f"{text} is no number"}])
    units, decimals = found.groups(default="")
    return int(units) * 100 + int(decimals.ljust(2, "0"))


def _read_count(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not _WHOLE.fullmatch(text):
        raise DataInvalid([{"path": name, "message": f"{text} is no number"}])
    return int(text) if text else None


def _slug(value: object, usual: str) -> str:
    """Return what an address names, or the usual where that can be no network."""
    return value if isinstance(value, str) and re.fullmatch(SLUG, value) else usual


def _object(text: str) -> dict[str, Any]:
    """Return the fields that an address asks for; what is no JSON object asks for nothing."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
