"""Lines of a month to try rules on, and the terms of some."""

from __future__ import annotations

from clearing.line import Line, LineKind
from clearing.valuation import Rule, Terms

PERIOD = "2026-11"
HOST_PRICE = Terms(
    Rule("difference_share", 10_000, cap_at_host_price=True), False, 0, 500, None, None
)
PASS_VALUE = HOST_PRICE._replace(rule=Rule("difference_share", 0))
FREE = HOST_PRICE._replace(rule=Rule("flat", amounts_cents={"day": 0, "half_day": 0, "hour": 0}))


def a_charge(line_id: str = "lin_1", **fields: object) -> Line:
    """A day of a Comptoir pass at B: 12.00 there, 10.00 to its home, charged at the host price."""
    line = Line(
        line_id,
        "sainte",
        PERIOD,
        "charge",
        "comptoir",
        "b",
        1200,
        60,
        home="comptoir",
        host="b",
        on="2026-11-05",
        unit="day",
        visit="normal",
        pseudonym="psd_1",
        host_price_cents=1200,
        pass_value_cents=1000,
        agreement="sainte>sainte@2026-09",
    )
    return line._replace(**fields)  # type: ignore[arg-type]


def an_answer(kind: LineKind, to: Line, line_id: str = "lin_9", **fields: object) -> Line:
    return to._replace(id=line_id, kind=kind, reverses=to.id, **fields)  # type: ignore[arg-type]


def a_carry(line_id: str, debtor: str, creditor: str, cents: int, since: str) -> Line:
    return Line(line_id, "sainte", PERIOD, "carried", debtor, creditor, cents, since=since)
