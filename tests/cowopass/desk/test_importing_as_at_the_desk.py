"""The same visits come to the same, whether a desk scanned them or a file told of them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.models import CheckIn
from cowopass.desk.scans import Scan
from cowopass.desk.service import check_in
from cowopass.desk.visits_file import HEADER, read_visits
from cowopass.ledger.models import SettlementLine
from cowopass.passes.models import PassUsage
from cowopass.passes.tickets import issue_golden_ticket, issue_ticket
from tests.factories import a_network, a_pass, a_plan, a_price, a_space, an_agreement
from tests.marks import slow_but

VISITS = 40
HOMES = {"comptoir": "sainte", "part-dieu": "lyon"}
SPACES = ["comptoir", "rubanerie", "cret", "gratuit"]

LINE = "network period kind debtor creditor amount_cents levy_cents home host on unit visit"
AMOUNTS = "host_price_cents pass_value_cents top_up_cents monthly_price_cents agreement late_from"
COLUMNS = [getattr(SettlementLine, name) for name in f"check_in {LINE} {AMOUNTS}".split()]
ANSWER = "id state code space home pass_id kind at on unit reentry overused bucket units units_left"
ANSWERS = [getattr(CheckIn, name) for name in f"{ANSWER} charge_cents pass_value_cents".split()]
USED = [PassUsage.pass_id, PassUsage.bucket, PassUsage.units_used, PassUsage.golden_used]

PLANS = [
    {"kind": "book", "unit": "day", "units": 5},
    {"kind": "book", "unit": "half_day", "units": 7, "roaming": False},
    {"kind": "quota", "unit": "half_day", "units": 6, "price_cents": 3_001},
    {"kind": "unlimited", "unit": "day", "price_cents": 9_999},
    {"kind": "single", "unit": "hour", "units": 1, "price_cents": 301, "golden_tickets": 0},
]


@pytest.fixture
def passes(session, noon):
    """Return passes of every kind of plan, sold in two networks, with all that agreements know."""
    assert noon is not None
    for slug in ("sainte", "lyon"):
        a_network(session, slug)
    for slug, cents in (("comptoir", 1500), ("rubanerie", 1201), ("cret", 2000), ("gratuit", None)):
        a_space(session, slug, slug=slug, day_cents=cents)
    a_space(session, "part-dieu", "lyon", slug="part-dieu", day_cents=1800)
    a_price(session, "rubanerie", "hour", 301)
    a_price(session, "cret", "day", 2300, date(2026, 11, 12))
    halfway = {"kind": "difference_share", "share_bps": 5_000, "cap_at_host_price": False}
    terms = {"golden_share_bps": 3_333, "liability_cap_bps": 4_000, "top_up": True}
    an_agreement(session, rule=halfway, roaming_days_per_month=6, **terms)
    an_agreement(session, home="lyon", roaming_days_per_month=3, max_host_price_cents=1_100)
    sold = [
        a_pass(session, a_plan(session, home, code=f"{number}", **plan), reference=f"{number}")
        for home in HOMES
        for number, plan in enumerate(PLANS)
    ]
    session.commit()
    return sold


def some_visits(seed, passes):
    """Return visits in the order of time: (id, pass, space, instant, unit, golden)."""
    chance = random.Random(seed)  # noqa: S311 (the same visits every time)
    start = datetime(2026, 10, 28, 7, tzinfo=UTC)
    instants = sorted(start + timedelta(hours=chance.randrange(26 * 24)) for _ in range(VISITS))
    return [
        (
            str(UUID(int=number)),
            chance.choice(passes),
            chance.choice(SPACES),
            at,
            chance.choice(["hour", "half_day", "day", None]),
            chance.random() < 0.15,
        )
        for number, at in enumerate(instants)
    ]


def scan_all(session, config, noon, visits):
    """Check the visits in at their desks, each at its own time."""
    for key, sold, space, at, unit, golden in visits:
        noon.move_to(at)
        if golden:
            month = f"{at:%Y-%m}" if sold.plan.kind in {"quota", "unlimited"} else "life"
            ticket = issue_golden_ticket(session, config, sold, month, sold.ends_on, None)
        else:
            ticket = issue_ticket(session, config, sold)
        check_in(session, config, Scan(key, "0" * 64, space, code=ticket.code, unit=unit))


def import_all(session, visits):
    """Import the visits as a file, in batches of seven."""
    lines = [",".join(HEADER)]
    for key, sold, space, at, unit, golden in visits:
        kind = "golden" if golden else "normal"
        fields = (key, sold.reference, sold.home, space, at.isoformat(), unit or "", kind)
        lines.append(",".join(fields))
    rows = list(read_visits(BytesIO("\n".join(lines).encode())))
    for start in range(0, len(rows), 7):
        import_batch(session, Scope("sainte"), rows[start : start + 7])


def outcome(session):
    """Return what is recorded, and put the database back to before the visits."""
    session.flush()
    told = [
        sorted(tuple(row) for row in session.execute(select(*columns)))
        for columns in (COLUMNS, USED)
    ]
    answers = [tuple(row) for row in session.execute(select(*ANSWERS).order_by(CheckIn.id))]
    session.rollback()
    return [*told, answers]


@pytest.mark.parametrize("seed", slow_but(0, range(6)))
def test_a_desk_and_a_file_come_to_the_same(session, config, passes, noon, seed):
    visits = some_visits(seed, passes)
    scan_all(session, config, noon, visits)
    by_desk = outcome(session)
    noon.move_to("2026-11-24T11:00:00+00:00")
    import_all(session, visits)
    by_file = outcome(session)
    assert by_file[0] == by_desk[0]
    assert by_file[1] == by_desk[1]
    assert by_file[2] == by_desk[2]
    assert len(by_desk[2]) == VISITS
    assert len(by_desk[0]) > 5
