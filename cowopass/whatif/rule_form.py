"""The form of a rule: an agreement's fields as they are typed, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from flask_babel import gettext

from clearing.money import WHOLE_BPS
from clearing.valuation import UNITS, terms_to_json
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement
from cowopass.settlement.simulation_words import NAMED_RULES, RuleName, Span
from cowopass.whatif.figures import read_hundredths, write_hundredths

SHARES = {
    "levy": "levy_bps",
    "golden": "golden_share_bps",
    "liability_cap": "liability_cap_bps",
}
AMOUNTS = {
    "max_host_price": "max_host_price_cents",
    "carry": "carry_forward_below_cents",
}
OPTIONAL = frozenset({"liability_cap", "max_host_price"})
"""Fields that may stay empty: no limit."""

TEXTS = ("kind", "share", *UNITS, "netting", *SHARES, *AMOUNTS)
TICKS = ("cap", "top_up")

SENT = "tried"
"""The field that tells a form that was sent from an address without one: a tick may be absent."""


class RuleForm(NamedTuple):
    """A rule as it was typed: `changes` is what of it differs from the agreement in force.

    `errors` has a sentence for each field that can't be read; then there are no changes.
    """

    typed: dict[str, str]
    changes: dict[str, Any]
    errors: dict[str, str]

    @property
    def is_detailed(self) -> bool:
        """Whether the trial is about more than what a visit costs: those fields are shown open."""
        shown = {"rule", "top_up", "kind", "share", "cap", *UNITS}
        return not shown.issuperset({*self.changes, *self.errors})


def read_rule(asked: Mapping[str, str], in_force: Agreement) -> RuleForm:
    """Return the rule that an address asks for; without one, the rule in force.

    `preset` is the name of a rule; it takes the place of what was typed for the rule itself.
    """
    typed = _typed(asked, in_force)
    preset = cast(RuleName, asked.get("preset"))
    if preset in NAMED_RULES:
        typed |= _type_rule(NAMED_RULES[preset])
    fields, errors = _read(typed)
    if errors:
        return RuleForm(typed, {}, errors)
    base = _base(in_force)
    changes = {name: value for name, value in fields.items() if value != base[name]}
    return RuleForm(typed, changes, {})


def preset_queries(typed: Mapping[str, str], span: Span) -> list[tuple[str, str]]:
    """Return the rules that have a name, each with the address that tries it on these months."""
    kept = {**typed, **span._asdict(), SENT: "1"}
    return [(words, urlencode({**kept, "preset": name})) for name, words in rule_names().items()]


def rule_names() -> dict[RuleName, str]:
    """Return what the rules that have a name are called."""
    return {
        "host_price": gettext("Le tarif du lieu visité"),
        "midpoint": gettext("Le point milieu"),
        "pass_value": gettext("Ce que le pass a rapporté"),
        "free": gettext("La réciprocité gratuite"),
    }


def _base(in_force: Agreement) -> dict[str, Any]:
    own = {name: getattr(in_force, name) for name in ("netting", "carry_forward_below_cents")}
    return {**terms_to_json(terms_of(in_force)), **own}


def _typed(asked: Mapping[str, str], in_force: Agreement) -> dict[str, str]:
    known = _type_agreement(in_force)
    if SENT not in asked:
        return known
    ticks = {name: "on" if asked.get(name) else "" for name in TICKS}
    return {name: asked.get(name, known[name]).strip() for name in TEXTS} | ticks


def _type_agreement(agreement: Agreement) -> dict[str, str]:
    figures = {
        name: write_hundredths(getattr(agreement, field))
        for name, field in (SHARES | AMOUNTS).items()
    }
    rest = {"netting": agreement.netting, "top_up": "on" if agreement.top_up else ""}
    blank = dict.fromkeys(("share", *UNITS, "cap"), "")
    return blank | _type_rule(_base(agreement)["rule"]) | figures | rest


def _type_rule(rule: Mapping[str, Any]) -> dict[str, str]:
    if rule["kind"] == "flat":
        amounts = rule["amounts_cents"]
        return {"kind": "flat", **{unit: write_hundredths(amounts[unit]) for unit in UNITS}}
    return {
        "kind": "difference_share",
        "share": write_hundredths(rule["share_bps"]),
        "cap": "on" if rule["cap_at_host_price"] else "",
    }


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    errors: dict[str, str] = {}
    shares = {field: _share(typed, name, errors) for name, field in SHARES.items()}
    amounts = {field: _amount(typed, name, errors) for name, field in AMOUNTS.items()}
    if typed["netting"] not in {"bilateral", "multilateral"}:
        errors["netting"] = gettext("Choisissez l’un des deux.")
    fields = {
        "rule": _rule(typed, errors),
        "top_up": bool(typed["top_up"]),
        "netting": typed["netting"],
        **shares,
        **amounts,
    }
    return fields, errors


def _rule(typed: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any]:
    if typed["kind"] == "flat":
        amounts = {unit: _amount(typed, unit, errors) for unit in UNITS}
        return {"kind": "flat", "amounts_cents": amounts}
    if typed["kind"] != "difference_share":
        errors["kind"] = gettext("Choisissez l’une des deux.")
    return {
        "kind": "difference_share",
        "share_bps": _share(typed, "share", errors),
        "cap_at_host_price": bool(typed["cap"]),
    }


def _share(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    figure = read_hundredths(typed[name])
    if figure is None or figure > WHOLE_BPS:
        if name in OPTIONAL and not typed[name]:
            return None
        errors[name] = gettext("Écrivez un pourcentage de 0 à 100, comme 50 ou 2,5.")
    return figure


def _amount(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    figure = read_hundredths(typed[name])
    if figure is None and not (name in OPTIONAL and not typed[name]):
        errors[name] = gettext("Écrivez une somme, comme 12 ou 12,50.")
    return figure
