"""What one check-in away from home costs: the terms of an agreement applied to two prices.

Every amount (host price, pass value, charge, levy, top-up) is rounded once to the cent, from the
rounded amounts before it, so that anyone who has the amounts can do the sums again.
"""

from __future__ import annotations

from collections.abc import Mapping
from reprlib import repr as brief
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from clearing.errors import TermsInvalid
from clearing.line import Unit
from clearing.money import WHOLE_BPS, divide_half_up, share_bps

RuleKind = Literal["difference_share", "flat"]

UNITS: Final[tuple[Unit, ...]] = ("day", "half_day", "hour")

_UNITS_IN_A_DAY: Final[Mapping[Unit, int]] = MappingProxyType({"day": 1, "half_day": 2, "hour": 8})

_OTHER_FIELDS: Final = frozenset(
    {
        "id",
        "home",
        "host",
        "effective_from",
        "roaming_days_per_month",
        "offline_paper_per_day",
        "late_days",
        "review_days",
        "netting",
        "convention_signed_on",
        "carry_forward_below_cents",
        "proposal",
        "vote",
    }
)
"""What an agreement says beside its terms."""

_LARGEST: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""


class Rule(NamedTuple):
    """How a charge follows from the host price and the pass value.

    `difference_share`: the pass value plus `share_bps` (0 to 10000) of the difference between the
    two, never more than the host price with `cap_at_host_price`. `flat`: `amounts_cents` for each
    of the three units, whatever the prices (0 is free reciprocity).
    """

    kind: RuleKind
    share_bps: int = 0
    cap_at_host_price: bool = False
    amounts_cents: Mapping[Unit, int] | None = None


class Terms(NamedTuple):
    """The fields of an agreement that decide amounts.

    `top_up`: the holder pays the host what the charge leaves of the host price.
    `golden_share_bps` of the host price is charged for a golden ticket, instead of the rule.
    `levy_bps` of each charge goes from the host to the fund. `liability_cap_bps` of its monthly
    price is the most a home pays out for one pass in one month (None: no cap).
    `max_host_price_cents`, per day, bounds the host price that counts (None: no bound).
    """

    rule: Rule
    top_up: bool
    golden_share_bps: int
    levy_bps: int
    liability_cap_bps: int | None
    max_host_price_cents: int | None


class Valuation(NamedTuple):
    """The amounts of one check-in, in cents.

    `host_price_cents` is the host's real price, even where a lower bound was what counted. The
    levy is a part of the charge; the top-up is paid at the desk and not cleared. `capped` is True
    when the liability cap made the charge smaller.
    """

    host_price_cents: int
    pass_value_cents: int
    charge_cents: int
    levy_cents: int
    top_up_cents: int
    capped: bool


def host_price_cents(prices: Mapping[Unit, int], unit: Unit) -> int | None:
    """Return a host's price for a unit, or None when it has none.

    `prices` are those in force on the day of the visit. Without one for a half-day or an hour, it
    is half or an eighth of the day price, rounded once.

    >>> host_price_cents({"day": 1500}, "hour")
    188
    >>> host_price_cents({"half_day": 900}, "hour") is None
    True
    """
    if unit in prices:
        return prices[unit]
    return _part_of_day(prices["day"], unit) if "day" in prices else None


def liability_room_cents(
    terms: Terms, monthly_price_cents: int | None, paid_out_cents: int
) -> int | None:
    """Return what a home may still pay out for a pass in this month, never below 0.

    None means no limit: the agreement has no cap, or the pass has no monthly price (a book or a
    single). `paid_out_cents` are the charges of that pass and month, voided ones left out, over
    all agreements; under another agreement they may already be more than this one's cap.
    """
    if terms.liability_cap_bps is None or monthly_price_cents is None:
        return None
    return max(0, share_bps(monthly_price_cents, terms.liability_cap_bps) - paid_out_cents)


def value_charge(
    terms: Terms,
    unit: Unit,
    host_price_cents: int,
    pass_value_cents: int,
    *,
    golden: bool,
    room_cents: int | None,
) -> Valuation:
    """Return the charge of one check-in, and the levy and top-up that go with it.

    Prices and values are of `unit` and not negative; `room_cents` is what the liability cap leaves
    (None: no limit). A golden ticket is never topped up: it is an invitation.

    >>> midpoint = Terms(Rule("difference_share", share_bps=5000), True, 0, 500, None, None)
    >>> value_charge(midpoint, "day", 1500, 1000, golden=False, room_cents=None)[2:]
    (1250, 63, 250, False)
    >>> value_charge(midpoint, "day", 1500, 1000, golden=False, room_cents=400)[2:]
    (400, 20, 1100, True)
    """
    bounded_cents = _bounded_host_price_cents(terms, unit, host_price_cents)
    if golden:
        due_cents = share_bps(bounded_cents, terms.golden_share_bps)
    else:
        due_cents = _apply_rule(terms.rule, unit, bounded_cents, pass_value_cents)
    charge_cents = due_cents if room_cents is None else min(due_cents, room_cents)
    topped_up = terms.top_up and not golden
    return Valuation(
        host_price_cents=host_price_cents,
        pass_value_cents=pass_value_cents,
        charge_cents=charge_cents,
        levy_cents=share_bps(charge_cents, terms.levy_bps),
        top_up_cents=max(0, bounded_cents - charge_cents) if topped_up else 0,
        capped=charge_cents < due_cents,
    )


def _part_of_day(amount_cents: int, unit: Unit) -> int:
    return divide_half_up(amount_cents, _UNITS_IN_A_DAY[unit])


def _bounded_host_price_cents(terms: Terms, unit: Unit, host_price_cents: int) -> int:
    if terms.max_host_price_cents is None:
        return host_price_cents
    return min(host_price_cents, _part_of_day(terms.max_host_price_cents, unit))


def _apply_rule(rule: Rule, unit: Unit, host_price_cents: int, pass_value_cents: int) -> int:
    if rule.kind == "flat":
        # A flat rule without its amounts is a broken invariant: the KeyError is meant.
        return (rule.amounts_cents or {})[unit]
    charge_cents = pass_value_cents + share_bps(host_price_cents - pass_value_cents, rule.share_bps)
    return min(charge_cents, host_price_cents) if rule.cap_at_host_price else charge_cents


def terms_to_json(terms: Terms) -> dict[str, object]:
    """Return the terms as the fields of an agreement that hold them, ready for JSON.

    >>> free = Terms(Rule("flat", amounts_cents={"day": 0, "half_day": 0, "hour": 0}),
    ...     False, 0, 0, None, None)
    >>> terms_to_json(free)["rule"]
    {'kind': 'flat', 'amounts_cents': {'day': 0, 'half_day': 0, 'hour': 0}}
    >>> terms_from_json(terms_to_json(free)) == free
    True
    """
    return {**terms._asdict(), "rule": _rule_to_json(terms.rule)}


def terms_from_json(document: Mapping[str, object]) -> Terms:
    """Read the terms out of an agreement as JSON gives it; the other fields are left alone.

    `rule` is required. Left out, `top_up` is false, `golden_share_bps` and `levy_bps` are 0, and
    there is no cap and no bound. To try a change of some fields on terms that exist, give
    `{**terms_to_json(terms), **changes}`.

    Raises TermsInvalid, which names the first field that is missing, unknown to an agreement, of
    the wrong type (a boolean or 5000.0 is no whole number) or out of range. A misspelt field is
    refused rather than passed over: a vote must not rest on a rule that was not read.

    >>> terms_from_json({"rule": {"kind": "difference_share", "share_bps": 10000}}).levy_bps
    0
    >>> terms_from_json({"rule": {"kind": "difference_share", "share_bps": 10001}})
    Traceback (most recent call last):
    clearing.errors.TermsInvalid: rule.share_bps: must be a whole number from 0 to 10000, not 10001
    """
    fields = _read_object("agreement", document, _OTHER_FIELDS.union(Terms._fields))
    return Terms(
        rule=_read_rule(_required("agreement", fields, "rule")),
        top_up=_read_boolean("top_up", fields.get("top_up", False)),
        golden_share_bps=_read_share("golden_share_bps", fields.get("golden_share_bps", 0)),
        levy_bps=_read_share("levy_bps", fields.get("levy_bps", 0)),
        liability_cap_bps=_read_bound("liability_cap_bps", fields.get("liability_cap_bps")),
        max_host_price_cents=_read_bound(
            "max_host_price_cents", fields.get("max_host_price_cents")
        ),
    )


def _rule_to_json(rule: Rule) -> dict[str, object]:
    if rule.kind == "flat":
        return {"kind": rule.kind, "amounts_cents": dict(rule.amounts_cents or {})}
    return {
        "kind": rule.kind,
        "share_bps": rule.share_bps,
        "cap_at_host_price": rule.cap_at_host_price,
    }


def _read_rule(value: object) -> Rule:
    rule = _read_object("rule", value, frozenset(Rule._fields))
    kind = _required("rule", rule, "kind")
    if kind == "difference_share":
        _read_object("rule", rule, frozenset({"kind", "share_bps", "cap_at_host_price"}))
        return Rule(
            "difference_share",
            share_bps=_read_share("rule.share_bps", _required("rule", rule, "share_bps")),
            cap_at_host_price=_read_boolean(
                "rule.cap_at_host_price", rule.get("cap_at_host_price", False)
            ),
        )
    if kind == "flat":
        _read_object("rule", rule, frozenset({"kind", "amounts_cents"}))
        return Rule("flat", amounts_cents=_read_amounts(_required("rule", rule, "amounts_cents")))
    raise TermsInvalid("rule.kind", f"must be difference_share or flat, not {brief(kind)}")


def _read_amounts(value: object) -> dict[Unit, int]:
    path = "rule.amounts_cents"
    amounts = _read_object(path, value, frozenset(UNITS))
    return {unit: _read_integer(f"{path}.{unit}", _required(path, amounts, unit)) for unit in UNITS}


def _read_object(path: str, value: object, known: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TermsInvalid(path, f"must be an object, not {brief(value)}")
    for name in value:
        if name not in known:
            raise TermsInvalid(_below(path, name), f"is none of {', '.join(sorted(known))}")
    return value


def _required(path: str, fields: Mapping[str, object], name: str) -> object:
    if name not in fields:
        raise TermsInvalid(_below(path, name), "is missing")
    return fields[name]


def _below(path: str, name: object) -> str:
    return str(name) if path == "agreement" else f"{path}.{name}"


def _read_boolean(path: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TermsInvalid(path, f"must be true or false, not {brief(value)}")
    return value


def _read_share(path: str, value: object) -> int:
    return _read_integer(path, value, WHOLE_BPS)


def _read_bound(path: str, value: object) -> int | None:
    return None if value is None else _read_integer(path, value)


def _read_integer(path: str, value: object, largest: int = _LARGEST) -> int:
    # JSON's true is Python's 1: a boolean must not pass for a number.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise TermsInvalid(path, f"must be a whole number from 0 to {largest}, not {brief(value)}")
    return value
