"""What one pass goes through when many desks have it at the same instant."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func

from cowopass.desk.models import CheckIn, IssuedBundle
from cowopass.ledger.models import SettlementLine
from cowopass.passes.models import PassUsage
from cowopass.passes.tickets import issue_live_ticket
from tests.factories import a_space, a_token, bearer
from tests.phones import APhone

pytestmark = pytest.mark.race

HOSTS = [f"host-{number}" for number in range(16)]


@pytest.fixture
def post_at_once(app, session, agreement):  # noqa: ARG001 (of the network of the hosts)
    """Return a function that posts (path, body) calls from 16 threads, as an operator."""
    for slug in HOSTS:
        a_space(session, slug, day_cents=1200, visitors_per_day=100)
    headers = bearer(a_token(session, "operator"))
    session.commit()
    barrier = Barrier(len(HOSTS))

    def post(calls):
        def work(number):
            client = app.test_client()
            barrier.wait()
            answers = [
                client.post(f"/api/v1/{path}", json=body, headers=headers)
                for path, body in calls[number :: len(HOSTS)]
            ]
            return [(answer.status_code, answer.json) for answer in answers]

        with ThreadPoolExecutor(len(HOSTS)) as threads:
            return [answer for some in threads.map(work, range(len(HOSTS))) for answer in some]

    return post


def a_scan(ticket, space, **over):
    body = {"id": str(uuid4()), "token": ticket.token, "space": space, **over}
    return ("check-ins", body)


def test_the_values_of_units_spent_at_once_add_up_to_the_price(sell, post_at_once, rows):
    _, ticket = sell(units=11)
    answers = post_at_once([a_scan(ticket, slug) for slug in HOSTS])
    assert Counter(told.get("code") for _, told in answers) == {None: 11, "no_units_left": 5}
    assert rows(func.sum(SettlementLine.pass_value_cents)) == [(15_000,)]
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(11, 15_000)]


def test_scans_voids_and_extensions_at_once_neither_lock_up_nor_miscount(sell, post_at_once, rows):
    (_, ticket), (_, other) = sell(units=40), sell(units=40)
    first = post_at_once([a_scan(ticket, slug, unit="half_day") for slug in HOSTS[:8]])
    calls = [
        *[(f"check-ins/{told['id']}/void", {"reason": "Erreur"}) for _, told in first[:4]],
        *[(f"check-ins/{told['id']}/extend", {}) for _, told in first[4:]],
        *[a_scan(other, slug) for slug in HOSTS],
        *[a_scan(ticket, slug) for slug in HOSTS[8:]],
    ]
    answers = post_at_once(calls)
    assert {status for status, _ in answers} == {200, 201}
    assert rows(func.sum(PassUsage.units_used)) == [(28,)]
    live = {state: units for state, units in rows(CheckIn.state, CheckIn.units) if state}
    assert live == {"accepted": 1, "voided": 1}


def test_one_proof_shown_at_many_desks_at_once_lets_in_once(
    session, config, sell, post_at_once, rows
):
    phone = APhone()
    sold, _ = sell(units=11)
    ticket = issue_live_ticket(session, config, sold, phone.jwk)
    session.commit()
    shown = phone.show(ticket.token)
    answers = post_at_once([a_scan(ticket, slug, token=shown) for slug in HOSTS])
    codes = Counter(told.get("code") for _, told in answers)
    assert codes == {None: 1, "holder_proof_replayed": len(HOSTS) - 1}
    assert rows(PassUsage.units_used) == [(1,)]


def test_bundles_made_at_once_have_a_number_each(app, desk, rows):
    headers = [desk("rubanerie", role) for role in ("device", "host")]
    barrier = Barrier(8)

    def fetch(number):
        barrier.wait()
        address = "/api/v1/bundle?space=rubanerie"
        return app.test_client().get(address, headers=headers[number % 2]).json["number"]

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(fetch, range(8)))
    assert sorted(numbers) == list(range(1, 9))
    assert len(rows(IssuedBundle.number)) == len(numbers)


def test_the_one_golden_ticket_of_a_pass_is_used_at_one_desk(sell, post_at_once, rows):
    _, ticket = sell(golden_tickets=1)
    answers = post_at_once([a_scan(ticket, slug, kind="golden") for slug in HOSTS])
    codes = Counter(told.get("code") for _, told in answers)
    assert codes == {None: 1, "no_units_left": len(HOSTS) - 1}
    assert rows(PassUsage.units_used, PassUsage.golden_used) == [(0, 1)]
