"""A vote from its opening to what it changes."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import jwt
import pytest
from flask_babel import force_locale
from sqlalchemy import select, text

from clearing.audit import audit_month
from cowopass import clock
from cowopass.acts.models import Act
from cowopass.audit.service import audit_records
from cowopass.audit.verifying import read_jwks, verify_document
from cowopass.documents.month import describe_month
from cowopass.errors import (
    AgreementInChargedMonth,
    DataInvalid,
    EffectTooEarly,
    IdempotencyConflict,
    LaterVersionVoted,
    LevyWithoutFund,
    NotAVoter,
    PeriodLocked,
    ProposalPending,
    ProposalPointless,
    RoleForbidden,
    VoteClosed,
    VotesMissing,
)
from cowopass.ledger.models import Period
from cowopass.ledger.periods import ensure_period
from cowopass.mail.models import Mail
from cowopass.networks.keys import published_keys
from cowopass.networks.models import Agreement, Network
from cowopass.people.access import caller_with
from cowopass.settlement import lock
from cowopass.settlement.lock import lock_period
from cowopass.spaces.models import Space
from cowopass.voting import closing
from cowopass.voting.charters import charter_on
from cowopass.voting.closing import close_due, close_early, remind_due
from cowopass.voting.models import Charter, Vote
from cowopass.voting.record import VOTE_TYP
from cowopass.voting.rules import CharterTerms
from cowopass.voting.service import Draft, cast_vote, open_proposal, votes_of, withdraw
from cowopass.voting.showing import proposal_document, shown_votes
from cowopass.voting.viewing import view_proposal
from tests.architecture.sources import ROOT
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, HALF, TREASURER, host
from tests.factories import a_network, a_space, an_agreement


def vote(session, proposal, **choices):
    for space, choice in choices.items():
        cast_vote(session, host(space), proposal.id, space, choice)
    session.commit()


def count(session, config, travel, at=AFTER_THE_VOTE):
    travel.move_to(at)
    counted = close_due(session, config)
    session.commit()
    return counted


def test_a_passed_rule_is_a_new_version_with_its_vote(sainte, config, travel, propose):
    proposal = propose()
    assert (proposal.effective_on, proposal.state) == (date(2027, 1, 1), "open")
    vote(sainte, proposal, comptoir="for", b="for", c="against")
    assert count(sainte, config, travel) == [proposal]
    made = sainte.get_one(Agreement, "sainte>sainte@2027-01")
    assert made.rule["share_bps"] == 5_000
    assert (made.levy_bps, made.proposal, proposal.state) == (500, proposal.id, "passed")
    assert count(sainte, config, travel) == []


def test_the_record_of_a_vote_is_verified_with_the_networks_keys_alone(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for", c="against")
    count(sainte, config, travel)
    record = sainte.get_one(Agreement, "sainte>sainte@2027-01").vote
    header = jwt.get_unverified_header(record)
    keys = published_keys(sainte, config)["keys"]
    key = next(jwt.PyJWK(key) for key in keys if key["kid"] == header["kid"])
    said = jwt.decode(record, key, algorithms=["ES256"], options={"verify_iat": False})
    assert (header["typ"], said["net"], said["proposal"]) == (VOTE_TYP, "sainte", proposal.id)
    assert said["votes"] == {"comptoir": "for", "b": "for", "c": "against"}
    assert said["text_sha256"] == sha256(b"Partageons.").hexdigest()
    assert said["agreement"]["id"] == "sainte>sainte@2027-01"
    assert said["result"]["networks"]["sainte"]["for"] == 2


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"comptoir": "for"}, "quorum"),
        ({"comptoir": "for", "b": "against"}, "majority"),
        ({}, "quorum"),
    ],
)
def test_a_failed_vote_says_by_what_and_changes_nothing(
    sainte, config, travel, propose, choices, why
):
    proposal = propose()
    vote(sainte, proposal, **choices)
    count(sainte, config, travel)
    assert (proposal.state, proposal.result["failed_by"]) == ("failed", why)
    assert proposal.records["sainte"]
    assert sainte.get(Agreement, "sainte>sainte@2027-01") is None


def test_the_last_vote_of_a_space_counts_and_the_others_are_kept(sainte, propose):
    proposal = propose()
    vote(sainte, proposal, b="for")
    vote(sainte, proposal, b="for")
    vote(sainte, proposal, b="against")
    assert votes_of(proposal) == {"b": "against"}
    kept = sainte.scalars(select(Vote).order_by(Vote.number)).all()
    assert [(one.choice, one.actor_id) for one in kept] == [("for", "tok_b"), ("against", "tok_b")]


def test_a_vote_after_the_closing_is_refused_counted_or_not(sainte, config, travel, propose):
    proposal = propose()
    travel.move_to(proposal.closes_at)
    with pytest.raises(VoteClosed):
        vote(sainte, proposal, b="for")
    count(sainte, config, travel)
    with pytest.raises(VoteClosed):
        vote(sainte, proposal, b="for")


def test_until_the_count_a_space_sees_its_own_vote_alone(sainte, config, travel, propose):
    proposal = propose()
    vote(sainte, proposal, b="for", c="against")
    assert shown_votes(proposal, {"b"}) == {"b": "for", "c": None}
    count(sainte, config, travel)
    assert shown_votes(proposal, ()) == {"b": "for", "c": "against"}


def test_only_members_of_the_opening_vote(sainte, propose):
    a_space(sainte, "Ancien", leaves_on=date(2026, 11, 1))
    a_space(sainte, "Mauvais payeur", slug="payeur", suspended_on=date(2026, 11, 1))
    proposal = propose()
    a_space(sainte, "Nouveau")
    assert proposal.electorate == {"sainte": ["b", "c", "comptoir"]}
    for space in ("ancien", "payeur", "nouveau"):
        with pytest.raises(NotAVoter):
            vote(sainte, proposal, **{space: "for"})


def test_who_left_since_the_opening_counts_neither_in_votes_nor_quorum(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, b="against", c="for")
    sainte.get_one(Space, "b").leaves_on = date(2026, 11, 30)
    count(sainte, config, travel)
    assert proposal.result["networks"]["sainte"]["spaces"] == 2
    assert proposal.state == "passed"


def test_who_was_there_to_the_end_has_voted_however_late_it_is_counted(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, b="against", c="for", comptoir="for")
    sainte.get_one(Space, "b").leaves_on = date(2026, 12, 4)
    sainte.get_one(Space, "c").suspended_on = date(2026, 12, 5)
    count(sainte, config, travel, datetime(2026, 12, 9, tzinfo=UTC))
    assert proposal.closes_at.date() == date(2026, 12, 4)
    counted = proposal.result["networks"]["sainte"]
    assert (counted["spaces"], counted["for"], counted["against"]) == (3, 2, 1)


def test_a_rule_that_a_later_one_would_undo_is_refused(sainte, propose):
    an_agreement(sainte, effective_from=date(2027, 3, 1), levy_bps=300)
    with pytest.raises(LaterVersionVoted) as refused:
        propose()
    assert refused.value.month == "2027-03"
    assert propose(wanted={**HALF, "effective_from": "2027-03"}).effective_on == date(2027, 3, 1)


def test_a_rule_that_a_later_one_would_undo_when_it_is_counted_fails(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    an_agreement(sainte, effective_from=date(2027, 3, 1), levy_bps=300)
    count(sainte, config, travel)
    assert (proposal.state, proposal.result["failed_by"]) == ("failed", "obstacle")
    assert sainte.get(Agreement, "sainte>sainte@2027-01") is None


def test_a_network_votes_on_no_rule_of_another_alone(sainte, propose):
    a_network(sainte, "lyon", name="Lyon")
    with pytest.raises(DataInvalid):
        propose(wanted={"home": "lyon", "host": "lyon", **HALF})


def test_who_votes_with_another_network_sees_no_positions_of_its_spaces(sainte, propose):
    a_network(sainte, "lyon", name="Lyon")
    proposal = propose(wanted={"home": "lyon", "host": "sainte", **HALF})
    rows = [{"participant": "canut", "now_cents": 1, "then_cents": 2, "sentences": {"fr": "…"}}]
    proposal.what_if = [
        {"network": network, "period": "2026-10", "positions": rows}
        for network in ("lyon", "sainte")
    ]
    sainte.commit()
    shown = proposal_document(proposal, host("b"))["what_if"]
    assert [month["network"] for month in shown] == ["sainte"]
    with force_locale("fr"):
        for reader, months in (("sainte", ["Coworking Sainté"]), ("lyon", ["Lyon"]), (None, [])):
            view = view_proposal(sainte, proposal, reader, ())
            assert [month.network for month in view.months] == months


def test_a_host_votes_for_its_space_alone(sainte, propose):
    proposal = propose()
    with pytest.raises(RoleForbidden):
        cast_vote(sainte, host("b"), proposal.id, "c", "for")
    with pytest.raises(RoleForbidden):
        cast_vote(sainte, TREASURER, proposal.id, "c", "for")


def test_any_space_proposes_and_another_networks_does_not(sainte, config, propose):
    assert propose(caller=host("b"), author_space="b").author_space == "b"
    stranger = caller_with("tok_x", "host", "lyon", "x")
    with pytest.raises(RoleForbidden):
        open_proposal(sainte, config, stranger, Draft("rule", "sainte", "Non.", HALF, "b"))
    a_space(sainte, "Ancien", leaves_on=date(2026, 11, 1))
    with pytest.raises(NotAVoter):
        open_proposal(sainte, config, host("ancien"), Draft("rule", "sainte", ".", HALF, "ancien"))


def test_the_same_id_opens_one_vote_and_another_text_is_refused(sainte, config, propose):
    mine = "6f1e2f66-5d29-4c6e-9a57-1f7a54f6a001"
    proposal = propose(id=mine)
    draft = Draft("rule", "sainte", "Partageons.", HALF, None, mine)
    assert open_proposal(sainte, config, TREASURER, draft) == (proposal, False)
    with pytest.raises(IdempotencyConflict):
        open_proposal(sainte, config, TREASURER, draft._replace(text="Autre."))


def test_two_proposals_on_one_thing_are_not_open_at_once(propose):
    propose()
    with pytest.raises(ProposalPending):
        propose(wanted={"levy_bps": 100})


def test_the_months_that_were_have_their_figures_in_the_proposal(propose):
    months = propose().what_if
    assert [month["period"] for month in months] == ["2026-10"]
    comptoir = next(row for row in months[0]["positions"] if row["participant"] == "comptoir")
    assert (comptoir["now_cents"], comptoir["then_cents"]) == (-2000, -1682)
    assert comptoir["sentences"]["en"] == (
        "With the midpoint rule, Comptoir would have paid €3.18 less in October 2026."
    )


def test_a_month_with_charges_or_locked_or_too_near_is_refused(sainte, propose):
    with pytest.raises(AgreementInChargedMonth):
        propose(wanted={**HALF, "effective_from": "2026-10"})
    with pytest.raises(EffectTooEarly) as refused:
        propose(wanted={**HALF, "effective_from": "2026-12"})
    assert refused.value.earliest == "2027-01"
    ensure_period(sainte, "sainte", "2026-11")
    sainte.get_one(Period, ("sainte", "2026-11")).locked_at = datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(PeriodLocked):
        propose(wanted={**HALF, "effective_from": "2026-11"})


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"levy_bps": 500}, ProposalPointless),
        ({}, ProposalPointless),
        ({"levy_bps": "5"}, DataInvalid),
        ({"levies": 5}, DataInvalid),
        ({"effective_from": "2027-01-01", "levy_bps": 1}, DataInvalid),
    ],
)
def test_what_can_not_be_voted_is_refused_at_once(propose, wanted, refusal):
    with pytest.raises(refusal):
        propose(wanted=wanted)


def test_a_levy_without_a_fund_is_refused_and_fails_where_the_fund_went(
    sainte, config, travel, propose
):
    proposal = propose(wanted={"levy_bps": 700})
    vote(sainte, proposal, comptoir="for", b="for")
    sainte.get_one(Network, "sainte").fund = None
    count(sainte, config, travel)
    assert (proposal.state, proposal.result["failed_by"]) == ("failed", "obstacle")
    assert sainte.get(Agreement, "sainte>sainte@2027-01") is None
    with pytest.raises(LevyWithoutFund):
        propose(wanted={"levy_bps": 700})


def test_a_count_that_comes_late_takes_effect_in_the_next_month(sainte, config, travel, propose):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    count(sainte, config, travel, datetime(2027, 1, 9, tzinfo=UTC))
    assert proposal.effective_on == date(2027, 2, 1)
    assert sainte.get(Agreement, "sainte>sainte@2027-02")


def test_networks_are_held_in_one_order_whichever_vote_ends_first(
    sainte, config, travel, propose, monkeypatch
):
    a_network(sainte, "lyon", name="Lyon")
    propose()
    travel.shift(timedelta(days=1))
    lyon = caller_with("tok_l", "treasurer", "lyon")
    open_proposal(sainte, config, lyon, Draft("charter", "lyon", "Moins.", {"notice_days": 3}))
    sainte.commit()
    held = []

    def hold_network(session, slug):
        held.append(slug)
        return lock.hold_network(session, slug)

    monkeypatch.setattr(closing, "hold_network", hold_network)
    assert len(count(sainte, config, travel, datetime(2026, 12, 9, tzinfo=UTC))) == 2
    assert held[:2] == ["lyon", "sainte"]


def test_it_is_counted_early_once_all_have_voted_and_the_treasurer_says_so(sainte, config, propose):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    with pytest.raises(VotesMissing) as refused:
        close_early(sainte, config, TREASURER, proposal.id)
    assert refused.value.spaces == ["c"]
    vote(sainte, proposal, c="abstain")
    with pytest.raises(RoleForbidden):
        close_early(sainte, config, host("c"), proposal.id)
    assert close_early(sainte, config, TREASURER, proposal.id).state == "passed"
    assert close_early(sainte, config, TREASURER, proposal.id).effective_on == date(2027, 1, 1)


def test_a_proposal_is_withdrawn_by_who_made_it(sainte, config, travel, propose):
    proposal = propose(caller=host("b"), author_space="b")
    with pytest.raises(RoleForbidden):
        withdraw(sainte, host("c"), proposal.id)
    assert withdraw(sainte, host("b"), proposal.id).state == "withdrawn"
    assert withdraw(sainte, TREASURER, proposal.id).state == "withdrawn"
    with pytest.raises(VoteClosed):
        vote(sainte, proposal, c="for")
    assert count(sainte, config, travel) == []


def test_a_charter_is_changed_by_the_charter_there_is(sainte, config, travel, propose):
    proposal = propose("charter", {"quorum_bps": 6_000, "majority_bps": 6_666})
    vote(sainte, proposal, comptoir="for", b="for")
    count(sainte, config, travel)
    before = charter_on(sainte, "sainte", proposal.effective_on - timedelta(days=1))
    after = charter_on(sainte, "sainte", proposal.effective_on)
    assert (before, after) == (CharterTerms(), CharterTerms(6_000, 6_666, 14, 7))


def test_two_networks_both_vote_on_a_rule_between_them(sainte, config, travel, propose):
    a_network(sainte, "lyon", name="Lyon")
    a_space(sainte, "Canut", network="lyon")
    an_agreement(sainte, "sainte", "lyon")
    wanted = {"home": "sainte", "host": "lyon", "levy_bps": 100}
    proposal = propose(wanted=wanted)
    assert proposal.electorate == {"sainte": ["b", "c", "comptoir"], "lyon": ["canut"]}
    vote(sainte, proposal, comptoir="for", b="for")
    cast_vote(sainte, caller_with("t", "host", "lyon", "canut"), proposal.id, "canut", "against")
    count(sainte, config, travel)
    assert (proposal.state, proposal.result["failed_by"]) == ("failed", "majority")
    assert set(proposal.records) == {"sainte", "lyon"}


def test_two_networks_that_agree_make_a_first_rule_between_them(sainte, config, travel, propose):
    a_network(sainte, "lyon", name="Lyon")
    a_space(sainte, "Canut", network="lyon")
    wanted = {"home": "lyon", "host": "sainte", **HALF}
    proposal = propose(wanted=wanted)
    vote(sainte, proposal, comptoir="for", b="for")
    cast_vote(sainte, caller_with("t", "host", "lyon", "canut"), proposal.id, "canut", "for")
    count(sainte, config, travel)
    made = sainte.get_one(Agreement, "lyon>sainte@2027-01")
    assert (made.netting, made.offline_paper_per_day) == ("bilateral", 10)
    assert made.vote == proposal.records["sainte"]


def test_every_space_is_mailed_at_the_opening_reminded_once_and_told_the_result(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    travel.move_to(proposal.closes_at - timedelta(hours=40))
    assert remind_due(sainte, config) == 1
    assert remind_due(sainte, config) == 0
    count(sainte, config, travel)
    mails = sainte.scalars(select(Mail)).all()
    told = sorted(str(mail.dedupe_key).split("/")[2:4] for mail in mails)
    assert told == [
        *(["counted", space] for space in ("b", "c", "comptoir")),
        *(["opened", space] for space in ("b", "c", "comptoir")),
        ["reminded", "c"],
    ]
    assert all(proposal.id in mail.text for mail in mails)


def test_a_short_vote_reminds_nobody_at_once(sainte, config, travel, propose):
    sainte.add(
        Charter(
            network="sainte",
            effective_from=date(2026, 1, 1),
            quorum_bps=5_000,
            majority_bps=5_000,
            voting_days=1,
            notice_days=7,
            created_at=clock.now(),
        )
    )
    proposal = propose()
    assert proposal.closes_at - clock.now() < timedelta(days=2)
    assert remind_due(sainte, config) == 0
    travel.shift(timedelta(days=1))
    assert remind_due(sainte, config) == 1


def test_the_log_says_who_did_what(sainte, config, travel, propose):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    count(sainte, config, travel)
    acts = sainte.scalars(select(Act.act).order_by(Act.number)).all()
    assert acts == [
        "proposal_opened",
        "vote_cast",
        "vote_cast",
        "agreement_voted",
        "proposal_passed",
    ]


def test_the_head_of_a_month_cites_the_vote_and_the_page_shows_how_to_check_it(
    sainte, config, travel, propose, tmp_path, monkeypatch, capsys
):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for", c="against")
    count(sainte, config, travel)
    for month in ("2026-10", "2027-01"):
        travel.move_to(datetime(2027, 2, 3, tzinfo=UTC))
        lock_period(sainte, config, "sainte", month)
    exported = tmp_path / "month.json"
    document = describe_month(sainte, config, "sainte", "2027-01")
    exported.write_text(json.dumps(document), encoding="utf-8")
    guide = (ROOT / "docs/how-to/vote-a-rule.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    monkeypatch.setattr("sys.argv", ["check.py", str(exported)])
    exec(compile(snippet, "vote-a-rule.md", "exec"), {})  # noqa: S102 (our own page)
    said = capsys.readouterr().out
    assert said.startswith("sainte>sainte@2027-01")
    assert said.endswith("cited by the head\n")
    assert audit_month(document) == []
    for vote_shown in ("e30.e30.e30", None):
        (other,) = document["agreements"]
        shown = {**document, "agreements": [{**other, "vote": vote_shown}]}
        assert [one.where for one in audit_month(shown)] == ["head.votes"]
        sainte.get_one(Agreement, "sainte>sainte@2027-01").vote = vote_shown
        sainte.flush()
        audited = audit_records(sainte, config, "sainte", lambda _: None)
        assert "sainte 2027-01 head votes" in [one.where for one in audited]


def test_verifying_a_month_finds_a_version_that_is_not_what_was_voted(
    sainte, config, travel, propose
):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for", c="against")
    count(sainte, config, travel)
    travel.move_to(datetime(2027, 2, 3, tzinfo=UTC))
    for month in ("2026-10", "2027-01"):
        lock_period(sainte, config, "sainte", month)
    document = json.loads(json.dumps(describe_month(sainte, config, "sainte", "2027-01")))
    keys = read_jwks(document["jwks"])
    assert verify_document(document, keys).findings == []
    document["agreements"][0]["roaming_days_per_month"] = 1
    assert [one.code for one in verify_document(document, keys).findings] == ["vote_differs"]


def test_the_audit_finds_a_version_that_is_not_what_was_voted(sainte, config, travel, propose):
    proposal = propose()
    vote(sainte, proposal, comptoir="for", b="for")
    count(sainte, config, travel)
    made = sainte.get_one(Agreement, "sainte>sainte@2027-01")

    def found():
        sainte.flush()
        audited = audit_records(sainte, config, None, lambda _: None)
        return [one.where for one in audited if one.code == "vote_differs"]

    assert found() == []
    made.levy_bps = 900
    assert found() == [made.id]
    made.levy_bps, made.vote = 500, "e30.e30.e30"
    assert found() == [made.id]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE votes SET choice = 'for' WHERE space = 'c'",
        "DELETE FROM votes WHERE space = 'b'",
        "UPDATE proposals SET text = 'Rien.'",
        "UPDATE proposals SET state = 'failed'",
        "UPDATE proposals SET effective_on = '2027-02-01'",
        """UPDATE proposals SET records = '{"sainte": "e30.e30.e30"}'""",
        "UPDATE charters SET majority_bps = 1",
    ],
)
def test_the_audit_finds_votes_that_are_not_what_was_signed(
    sainte, config, travel, propose, change
):
    proposal = propose("charter", {"quorum_bps": 6_000})
    vote(sainte, proposal, comptoir="for", b="for", c="against")
    count(sainte, config, travel)

    def found():
        sainte.expire_all()
        audited = audit_records(sainte, config, None, lambda _: None)
        return {one.where for one in audited if one.code == "vote_differs"}

    assert found() == set()
    sainte.execute(text(change))
    where = f"sainte charter {proposal.effective_on}" if "charters" in change else proposal.id
    assert where in found()
