"""Joining, leaving and being suspended follow a vote, with all that it means for passes."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import jwt
import pytest
from sqlalchemy import select

from cowopass.chores import start_worker
from cowopass.directory.open_data import votes
from cowopass.errors import (
    DataInvalid,
    EffectTooEarly,
    ProposalPointless,
    SlugTaken,
    SpaceLeft,
    SpaceUnknown,
)
from cowopass.ledger.models import Period
from cowopass.mail.models import Mail
from cowopass.passes.life import renew
from cowopass.passes.models import Pass
from cowopass.people.models import Membership
from cowopass.settlement.lock import lock_period
from cowopass.settlement.service import show_plan
from cowopass.spaces.membership import Standing, standing_of
from cowopass.spaces.models import Space
from cowopass.spaces.service import list_spaces
from cowopass.voting.clerk import CLERK
from cowopass.voting.closing import close_due
from cowopass.voting.departures import end_sold_days
from cowopass.voting.service import cast_vote, withdraw
from cowopass.voting.showing import proposal_document
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, TREASURER, charge, host
from tests.factories import a_pass, a_plan, a_space, an_agreement

DECEMBER_15 = date(2026, 12, 15)
"""A day in mid-month, after the vote and its notice."""


@pytest.fixture
def decide(sainte, config, travel, propose):
    """Open a vote, let it pass, count it in its time, and return the proposal."""

    def decided(kind, **wanted):
        proposal = propose(kind, {"effective_from": DECEMBER_15.isoformat(), **wanted})
        for space in ("comptoir", "c"):
            cast_vote(sainte, host(space), proposal.id, space, "for")
        travel.move_to(AFTER_THE_VOTE)
        close_due(sainte, config)
        sainte.commit()
        assert proposal.state == "passed", proposal.result
        return proposal

    return decided


def test_a_space_joins_in_mid_month_and_its_first_host_is_invited(sainte, decide):
    decide("join", space="rubanerie", name="La Rubanerie", email="anne@example.org")
    space = sainte.get_one(Space, "rubanerie")
    assert (space.name, space.network, space.joins_on) == ("La Rubanerie", "sainte", DECEMBER_15)
    assert not standing_of(space).takes_part(date(2026, 12, 14))
    assert sainte.scalar(select(Membership.role).where(Membership.space == "rubanerie")) == "host"
    assert sainte.scalar(select(Mail).where(Mail.recipient == "anne@example.org"))


@pytest.mark.parametrize("end", ["passed", "failed", "withdrawn"])
def test_who_is_invited_is_shown_to_nobody_and_forgotten_when_the_vote_is_over(
    sainte, config, propose, travel, end
):
    wanted = {"space": "rubanerie", "name": "La Rubanerie", "email": "anne@example.org"}
    proposal = propose("join", wanted)
    assert "anne@" not in json.dumps(proposal_document(proposal), default=str)
    if end == "withdrawn":
        withdraw(sainte, TREASURER, proposal.id)
    else:
        for space in ("comptoir", "c"):
            choice = "for" if end == "passed" else "against"
            cast_vote(sainte, host(space), proposal.id, space, choice)
        travel.move_to(AFTER_THE_VOTE)
        close_due(sainte, config)
        said = jwt.decode(proposal.records["sainte"], options={"verify_signature": False})
        assert "anne@" not in json.dumps(said)
        assert "anne@" not in json.dumps(list(votes(sainte)), default=str)
    assert (proposal.state, proposal.guest_email) == (end, None)
    sainte.flush()
    shown = [space["email"] for space in list_spaces(sainte)[0] if space["slug"] == "rubanerie"]
    assert shown == ([None] if end == "passed" else [])


def test_a_space_that_left_may_join_again(sainte, decide):
    space = sainte.get_one(Space, "b")
    space.leaves_on, space.sold_days = date(2026, 11, 1), "honoured"
    decide("join", space="b")
    back = standing_of(space)
    assert back == Standing(joins_on=DECEMBER_15, sold_days="honoured")
    meanwhile = date(2026, 12, 14)
    assert (back.takes_part(meanwhile), back.passes_roam(meanwhile)) == (False, True)


def test_a_vote_to_stay_undoes_a_departure_and_a_gap_is_refused(sainte, propose, decide):
    space = sainte.get_one(Space, "b")
    space.joins_on, space.leaves_on, space.sold_days = date(2026, 1, 5), DECEMBER_15, "honoured"
    sainte.commit()
    with pytest.raises(DataInvalid) as refused:
        propose("join", {"space": "b", "effective_from": "2026-12-17"})
    assert refused.value.errors[0]["path"] == "effective_from"
    decide("join", space="b", effective_from="2026-12-16")
    assert standing_of(space) == Standing(joins_on=date(2026, 1, 5))


def test_a_suspension_ends_on_the_day_that_is_voted(sainte, config, decide, travel, propose):
    decide("suspend", space="b")
    space = sainte.get_one(Space, "b")
    days = [standing_of(space).passes_roam(date(2026, 12, day)) for day in (14, 15)]
    assert days == [True, False]
    proposal = propose("reinstate", {"space": "b"})
    for voter in ("comptoir", "c"):
        cast_vote(sainte, host(voter), proposal.id, voter, "for")
    travel.move_to(proposal.closes_at)
    close_due(sainte, config)
    back = standing_of(space)
    assert back.is_suspended(proposal.effective_on - timedelta(days=1))
    assert back.passes_roam(proposal.effective_on)


@pytest.mark.parametrize(
    ("sold_days", "roams"), [("honoured", True), ("bought_back", False), ("refunded", False)]
)
def test_the_passes_of_who_leaves_are_good_elsewhere_as_voted(sainte, decide, sold_days, roams):
    decide("leave", space="b", sold_days=sold_days)
    standing = standing_of(sainte.get_one(Space, "b"))
    assert (standing.takes_part(DECEMBER_15), standing.passes_roam(DECEMBER_15)) == (True, True)
    after = date(2026, 12, 16)
    assert (standing.takes_part(after), standing.passes_roam(after)) == (False, roams)


def test_passes_are_refunded_once_on_the_day_after_where_that_was_voted(sainte, decide, travel):
    sold = a_pass(sainte, a_plan(sainte, "b"))
    kept = a_pass(sainte, a_plan(sainte, "c"))
    decide("leave", space="b", sold_days="refunded")
    travel.move_to("2026-12-15T20:00:00+00:00")
    assert end_sold_days(sainte) == 0
    travel.move_to("2026-12-16T08:00:00+00:00")
    assert (end_sold_days(sainte), end_sold_days(sainte)) == (1, 0)
    states = [sainte.get_one(Pass, one.id).state for one in (sold, kept)]
    assert states == ["refunded", "active"]


def test_who_left_renews_no_pass_although_those_it_sold_are_honoured(
    sainte, config, decide, travel
):
    sold = a_pass(sainte, a_plan(sainte, "b", "quota", validity_months=1, units=10))
    decide("leave", space="b", sold_days="honoured")
    travel.move_to("2026-12-15T20:00:00+00:00")
    assert renew(sainte, config, sold.id)
    travel.move_to("2026-12-16T08:00:00+00:00")
    with pytest.raises(SpaceLeft):
        renew(sainte, config, sold.id)


def test_a_space_that_left_pays_its_carries_in_its_final_month(sainte, config, decide, travel):
    an_agreement(sainte, effective_from=date(2026, 9, 1), carry_forward_below_cents=5_000)
    decide("leave", space="b")
    charge(sainte, "b", "c", 700, date(2026, 12, 5))
    sainte.commit()
    travel.move_to("2027-01-05T10:00:00+00:00")
    for month in ("2026-10", "2026-12"):
        lock_period(sainte, config, "sainte", month)
    plan = show_plan(sainte, "sainte", "2026-12")
    paid = [one["amount_cents"] for one in plan["transfers"] if one["debtor"] == "b"]
    assert sum(paid) == 700
    assert plan["carried"]
    assert all("b" not in (one["debtor"], one["creditor"]) for one in plan["carried"])
    assert sainte.get_one(Period, ("sainte", "2026-12")).totals["leaving"] == ["b"]


@pytest.mark.parametrize(
    ("kind", "wanted", "refusal"),
    [
        ("join", {"space": "b"}, ProposalPointless),
        ("join", {"space": "sainte", "name": "Sainté"}, SlugTaken),
        ("leave", {"space": "nowhere"}, SpaceUnknown),
        ("reinstate", {"space": "b"}, ProposalPointless),
        ("leave", {"space": "later"}, ProposalPointless),
        ("join", {"space": "fund", "name": "Caisse"}, DataInvalid),
        ("join", {"space": "x", "name": "X", "email": "a@[127.0.0.1]"}, DataInvalid),
        ("join", {"space": "pair", "name": "Paire"}, DataInvalid),
        ("suspend", {"space": "b", "effective_from": "2026-12-10"}, EffectTooEarly),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(sainte, propose, kind, wanted, refusal):
    a_space(sainte, "Later", joins_on=date(2027, 6, 1))
    with pytest.raises(refusal):
        propose(kind, wanted)


def test_the_clerk_counts_by_itself(app, sainte, propose, travel):
    proposal = propose()
    for space in ("comptoir", "b"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    sainte.commit()
    travel.move_to(AFTER_THE_VOTE)
    clerk = start_worker(app, CLERK._replace(seconds=0.01))
    for _ in range(500):
        sainte.refresh(proposal)
        state = proposal.state
        sainte.rollback()
        if state != "open":
            break
        time.sleep(0.02)
    clerk.stop()
    assert state == "passed"
