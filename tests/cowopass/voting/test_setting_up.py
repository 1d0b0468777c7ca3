"""What an operator writes from a file is without a vote, and is told so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.errors import DataInvalid
from cowopass.network_file.loading import load_document
from cowopass.networks.models import Agreement
from cowopass.voting.charters import DEFAULT, charter_on
from cowopass.voting.closing import close_due
from cowopass.voting.models import Charter
from cowopass.voting.rules import CharterTerms
from cowopass.voting.service import cast_vote
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, HALF, host

TODAY = date(2026, 11, 20)


def test_a_file_says_how_a_network_votes_from_today_on(sainte, config):
    document = {"network": {"slug": "sainte", "charter": {"quorum_bps": 6_000, "notice_days": 0}}}
    assert charter_on(sainte, "sainte", TODAY) == DEFAULT
    assert load_document(sainte, config, document).has_changed
    assert not load_document(sainte, config, document).has_changed
    assert charter_on(sainte, "sainte", TODAY) == CharterTerms(6_000, 5_000, 14, 0)
    assert charter_on(sainte, "sainte", TODAY - timedelta(days=1)) == DEFAULT
    assert sainte.scalars(select(Charter.proposal)).all() == [None]
    assert sainte.scalars(select(Act.act)).all() == ["charter_saved"]


@pytest.mark.parametrize(
    "charter", [{"quorum_bps": 10_001}, {"voting_days": 0}, {"notice_days": -1}, {"quorum": 1}]
)
def test_a_charter_that_can_not_be_is_refused_with_its_path(sainte, config, charter):
    document = {"network": {"slug": "sainte", "charter": charter}}
    with pytest.raises(DataInvalid) as refused:
        load_document(sainte, config, document)
    assert refused.value.errors[0]["path"].startswith("network.charter.")


def test_a_voted_version_that_a_file_changes_is_one_without_a_vote(sainte, config, travel, propose):
    proposal = propose()
    for space in ("comptoir", "b"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    travel.move_to(AFTER_THE_VOTE)
    close_due(sainte, config)
    sides = {"home": "sainte", "host": "sainte", "effective_from": "2027-01"}
    load_document(sainte, config, {"agreements": [{**sides, **HALF}]})
    made = sainte.get_one(Agreement, "sainte>sainte@2027-01")
    assert (made.levy_bps, made.proposal, made.vote) == (0, None, None)


def test_a_vote_that_is_open_goes_on_by_the_charter_it_was_opened_under(
    sainte, config, travel, propose
):
    proposal = propose()
    load_document(
        sainte, config, {"network": {"slug": "sainte", "charter": {"quorum_bps": 10_000}}}
    )
    for space in ("comptoir", "b"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    travel.move_to(AFTER_THE_VOTE)
    close_due(sainte, config)
    assert proposal.state == "passed"
