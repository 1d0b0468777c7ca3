"""What has been charged or locked stays as it was, whatever a file says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from clearing.valuation import Valuation
from cowopass.errors import DataInvalid
from cowopass.ledger.service import Charge, post_charge, reverse_charges
from cowopass.network_file.loading import load_document
from cowopass.networks.models import Agreement
from cowopass.settlement.lock import lock_period
from cowopass.spaces.models import Price
from tests.cowopass.network_file.files import AGREEMENT, NETWORK, SPACE, with_change

OTHER = {**SPACE, "slug": "rubanerie", "name": "La Rubanerie"}
FILE = {"network": NETWORK, "agreements": [AGREEMENT], "spaces": [SPACE, OTHER]}


@pytest.fixture(autouse=True)
def clock():
    """The clock, stopped on 20 October 2026; `clock.move_to` sets it."""
    with time_machine.travel(datetime(2026, 10, 20, 10, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def load(session, config):
    """Return a function that loads a document and returns codes by path, none when it was taken."""

    def run(document):
        try:
            load_document(session, config, document)
        except DataInvalid as refusal:
            session.rollback()
            return {error["path"]: error["code"] for error in refusal.errors}
        session.commit()
        return {}

    assert run(FILE) == {}
    return run


@pytest.fixture
def charge(session, load):  # noqa: ARG001 (its spaces are there)
    """Return a function that records a charge of the Rubanerie's holder at the Comptoir."""

    def record(on):
        check_in = str(uuid4())
        post_charge(
            session,
            Charge(
                check_in=check_in,
                on=on,
                unit="day",
                golden=False,
                home="rubanerie",
                home_network="sainte",
                host="comptoir-numerique",
                host_network="sainte",
                pass_id="pas_1",
                valuation=Valuation(1500, 1364, 1500, 75, 0, capped=False),
                monthly_price_cents=None,
                agreement="sainte>sainte@2026-09",
            ),
        )
        session.commit()
        return check_in

    return record


@pytest.fixture
def september_locked(session, config, charge):
    """Lock September, which has a charge on the 10th."""
    charge(date(2026, 9, 10))
    lock_period(session, config, "sainte", "2026-09")
    session.commit()


def a_price(effective_from, amount_cents=1700, unit="day"):
    price = {"unit": unit, "amount_cents": amount_cents, "effective_from": effective_from}
    return {"spaces": [{"slug": "comptoir-numerique", "prices": [price]}]}


def a_version(month, **over):
    return {"agreements": [{**AGREEMENT, "effective_from": month, **over}]}


PRICE_AT, VERSION_AT = "spaces[0].prices[0].effective_from", "agreements[0].effective_from"


@pytest.mark.parametrize("day", ["2026-09-01", "2026-10-14", "2026-10-15"])
def test_a_price_back_dated_before_a_visit_is_refused(load, charge, session, day):
    charge(date(2026, 10, 15))
    assert load(a_price(day)) == {PRICE_AT: "price_back_dated"}
    assert len(session.scalars(select(Price)).all()) == 2


def test_a_price_starts_the_day_after_the_last_visit(load, charge):
    charge(date(2026, 10, 15))
    assert load(a_price("2026-10-16")) == {}


def test_a_price_that_was_charged_is_never_overwritten(load, charge):
    charge(date(2026, 10, 15))
    assert load(a_price("2026-01-01", 1400)) == {PRICE_AT: "price_back_dated"}
    assert load(a_price("2026-01-01", 1500)) == {}


def test_a_price_of_another_space_is_not_concerned(load, charge):
    charge(date(2026, 10, 15))
    moved = a_price("2026-10-01")
    assert load(with_change(moved, "spaces.0.slug", "rubanerie")) == {}


def test_a_visit_that_was_voided_was_still_charged(load, charge, session):
    reverse_charges(session, charge(date(2026, 10, 15)))
    session.commit()
    assert load(a_price("2026-10-15")) == {PRICE_AT: "price_back_dated"}


def test_a_late_visit_counts_on_its_own_day(load, charge, september_locked):  # noqa: ARG001
    charge(date(2026, 9, 29))
    assert load(a_price("2026-09-20")) == {PRICE_AT: "price_back_dated"}


def test_a_price_that_starts_in_a_locked_month_is_refused(load, september_locked):  # noqa: ARG001
    assert load(a_price("2026-09-25")) == {PRICE_AT: "period_locked"}
    assert load(a_price("2026-10-01")) == {}


def test_a_new_space_may_have_had_its_prices_for_long(load, september_locked):  # noqa: ARG001
    assert load({"spaces": [{**SPACE, "slug": "lampisterie", "name": "La Lampisterie"}]}) == {}


@pytest.mark.parametrize("month", ["2026-08", "2026-09"])
def test_an_agreement_in_a_month_with_charges_is_refused(load, charge, month):
    charge(date(2026, 9, 10))
    assert load(a_version(month, levy_bps=400)) == (
        {VERSION_AT: "agreement_in_charged_month"} if month == "2026-09" else {}
    )


def test_an_agreement_before_a_month_with_charges_is_refused_if_it_governs_it(load, charge):
    charge(date(2026, 10, 10))
    assert load(a_version("2026-10")) == {VERSION_AT: "agreement_in_charged_month"}
    assert load(a_version("2026-09", levy_bps=400)) == {VERSION_AT: "agreement_in_charged_month"}


def test_an_agreement_from_the_next_month_on_is_taken(load, charge, session):
    charge(date(2026, 10, 10))
    assert load(a_version("2026-11", levy_bps=400)) == {}
    ids = session.scalars(select(Agreement.id).order_by(Agreement.id)).all()
    assert ids == ["sainte>sainte@2026-09", "sainte>sainte@2026-11"]


def test_an_agreement_by_which_nothing_was_charged_can_be_corrected(load, session):
    assert load(a_version("2026-09", levy_bps=400)) == {}
    assert session.scalars(select(Agreement.levy_bps)).all() == [400]


def test_an_agreement_that_starts_in_a_locked_month_is_refused(load, session, config):
    lock_period(session, config, "sainte", "2026-09")
    session.commit()
    assert load(a_version("2026-09", levy_bps=400)) == {VERSION_AT: "period_locked"}
    assert load(a_version("2026-09")) == {}


def test_the_same_file_is_taken_again_after_the_lock(load, september_locked):  # noqa: ARG001
    assert load(FILE) == {}


def test_a_vat_regime_of_a_locked_month_is_taken_when_it_is_told_late(load, september_locked):  # noqa: ARG001
    vat = [{"regime": "franchise", "effective_from": "2026-09-15"}]
    legal = {**SPACE["legal"], "vat": vat}
    assert load({"spaces": [{"slug": SPACE["slug"], "legal": legal}]}) == {}


@pytest.mark.parametrize(("key", "value"), [("timezone", "Europe/London"), ("currency", "CHF")])
def test_what_a_ledger_is_told_in_stays_once_there_are_charges(load, charge, key, value):
    change = {"network": {"slug": "sainte", key: value}}
    assert load(change) == {}
    assert load({"network": NETWORK}) == {}
    charge(date(2026, 10, 10))
    assert load(change) == {"network": "network_in_use"}
