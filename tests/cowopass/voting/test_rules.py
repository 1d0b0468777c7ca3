"""The pure rules: quorum, majority, ties, and when a decision may take effect."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.period import first_day
from cowopass.voting.rules import (
    CharterTerms,
    Tally,
    closing_at,
    earliest_day,
    earliest_month,
    effective_day,
    failing,
    tally,
)

COUNTS = st.integers(0, 60)
SHARES = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("counted", "charter", "why"),
    [
        (Tally(4, 2, 0, 0), CharterTerms(), None),
        (Tally(5, 2, 0, 0), CharterTerms(), "quorum"),
        (Tally(5, 2, 0, 1), CharterTerms(), None),
        (Tally(4, 1, 1, 2), CharterTerms(), "majority"),
        (Tally(3, 2, 1, 0), CharterTerms(majority_bps=6_666), None),
        (Tally(3, 2, 1, 0), CharterTerms(majority_bps=6_667), None),
        (Tally(3, 2, 1, 0), CharterTerms(majority_bps=6_668), "majority"),
        (Tally(3, 2, 0, 0), CharterTerms(quorum_bps=6_667), None),
        (Tally(3, 2, 0, 0), CharterTerms(quorum_bps=6_668), "quorum"),
        (Tally(3, 3, 0, 0), CharterTerms(majority_bps=10_000), None),
        (Tally(3, 1, 2, 0), CharterTerms(majority_bps=3_000), "majority"),
        (Tally(3, 0, 0, 3), CharterTerms(), "majority"),
        (Tally(3, 0, 0, 0), CharterTerms(quorum_bps=0), "quorum"),
        (Tally(0, 0, 0, 0), CharterTerms(), "quorum"),
        (Tally(3, 2, 0, 0), CharterTerms(quorum_bps=10_000), "quorum"),
    ],
)
def test_a_vote_passes_by_quorum_and_majority(counted, charter, why):
    assert failing(counted, charter) == why


@given(COUNTS, COUNTS, COUNTS, SHARES, SHARES)
def test_a_tie_never_passes_and_more_votes_for_never_harm(for_, against, abstain, quorum, majority):
    charter = CharterTerms(quorum, majority)
    spaces = for_ + against + abstain + 1
    tie = Tally(spaces + for_, for_, for_, abstain)
    assert failing(tie, charter) is not None
    if failing(Tally(spaces, for_, against, abstain), charter) is None:
        assert failing(Tally(spaces, for_ + 1, against, abstain), charter) is None


@given(COUNTS, COUNTS, COUNTS)
def test_an_abstention_helps_the_quorum_alone(for_, against, abstain):
    spaces = for_ + against + abstain + 1
    before = failing(Tally(spaces, for_, against, abstain), CharterTerms(quorum_bps=0))
    after = failing(Tally(spaces, for_, against, abstain + 1), CharterTerms(quorum_bps=0))
    assert after == (before if for_ + against + abstain else "majority")


def test_a_vote_of_who_may_not_is_not_counted():
    assert tally(["a"], {"a": "for", "b": "for"}) == Tally(1, 1, 0, 0)


def test_a_vote_closes_at_the_end_of_a_local_day_also_when_clocks_change():
    opened_at = datetime(2026, 10, 20, 10, tzinfo=UTC)
    closes_at = closing_at(opened_at, 7, "Europe/Paris")
    assert closes_at == datetime(2026, 10, 27, 23, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 90))
def test_nothing_takes_effect_before_the_vote_and_its_notice_are_over(last_day, notice_days):
    day = earliest_day(last_day, notice_days)
    first = first_day(earliest_month(last_day, notice_days))
    assert last_day < day <= first
    counted_on = last_day + timedelta(days=1)
    assert effective_day("suspend", day, counted_on) == day
    assert effective_day("rule", first, counted_on) == first
    assert (day - last_day).days >= notice_days
    assert (first - day).days < 31


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_late_count_never_takes_effect_back(planned_on, counted_on):
    assert effective_day("leave", planned_on, counted_on) > counted_on
    rule_on = effective_day("rule", planned_on.replace(day=1), counted_on)
    assert rule_on > counted_on
    assert rule_on.day == 1
