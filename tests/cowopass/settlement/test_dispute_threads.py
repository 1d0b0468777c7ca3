"""Disputes as conversations: who says what, how they end, and who is mailed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.desk.models import CheckIn
from cowopass.errors import DisputeDecided, RoleForbidden
from cowopass.mail.service import list_mails
from cowopass.passes.models import PassUsage
from cowopass.people.access import Grant
from cowopass.settlement.balances import check_balances
from cowopass.settlement.dispute_decisions import withdraw_as_holder
from cowopass.settlement.dispute_thread import read_thread, say_as_holder
from cowopass.settlement.disputes import contest_as_holder
from tests.factories import a_pass, a_person, a_plan

REASON = {"reason": "Nobody came that day"}
DECEMBER_1 = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def charged(visit):
    """A check-in of Comptoir's pass at B: 12.00, of which 0.60 of levy."""
    return visit("comptoir", "b", 1200)


@pytest.fixture
def call(client, host_of, treasurer):
    """Send something about disputes as the host of a space, or as the treasurer."""

    def post(who, path, **body):
        headers = treasurer if who == "treasurer" else host_of(who)
        return client.post(f"/api/v1/{path}", json=body, headers=headers)

    return post


@pytest.fixture
def dispute(call, charged):
    """The dispute that Comptoir opened."""
    return call("comptoir", f"check-ins/{charged}/dispute", **REASON).json["id"]


@pytest.fixture
def said(client, treasurer):
    def get(dispute):
        answer = client.get(f"/api/v1/disputes/{dispute}/messages", headers=treasurer)
        names = ("kind", "side", "space", "text")
        return [tuple(each[name] for name in names) for each in answer.json["said"]]

    return get


def test_both_sides_and_the_treasurer_talk_until_it_is_decided(call, dispute, said, travel):
    path = f"disputes/{dispute}/messages"
    assert call("b", path, text="She was here: see the log").status_code == 201
    travel.shift(60)
    call("treasurer", path, text="Show it, please")
    call("treasurer", f"disputes/{dispute}/refuse", reason="The log shows her")
    assert said(dispute) == [
        ("opened", "home", "comptoir", REASON["reason"]),
        ("message", "host", "b", "She was here: see the log"),
        ("message", "treasurer", None, "Show it, please"),
        ("refused", "treasurer", None, "The log shows her"),
    ]
    late = call("b", path, text="Too late")
    assert (late.status_code, late.json["code"]) == (409, "dispute_decided")


def test_a_space_that_is_no_party_neither_reads_nor_speaks(call, dispute, client, host_of):
    path = f"disputes/{dispute}/messages"
    assert call("c", path, text="What is it about?").status_code == 403
    assert client.get(f"/api/v1/{path}", headers=host_of("c")).status_code == 403


def test_the_same_message_sent_twice_is_said_once(call, dispute, said):
    path, message = f"disputes/{dispute}/messages", str(uuid4())
    first = call("b", path, id=message, text="Here")
    again = call("b", path, id=message, text="Here")
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert len(said(dispute)) == 2
    other = call("b", path, id=message, text="There")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")


def test_the_host_accepts_and_the_line_falls_without_a_treasurer(sainte, call, dispute, said):
    path = f"disputes/{dispute}/accept"
    assert call("comptoir", path, reason="Yes").status_code == 403
    accepted = call("b", path, reason="Our mistake")
    assert (accepted.json["state"], accepted.json["decided_by"]) == ("upheld", "accepted")
    assert call("b", path, reason="Again").json == accepted.json
    assert said(dispute)[-1] == ("accepted", "host", "b", "Our mistake")
    assert check_balances(sainte) == []
    acts = sainte.scalars(select(Act.act).where(Act.subject == dispute)).all()
    assert acts == ["dispute_opened", "dispute_accepted"]


def test_who_opened_it_withdraws_and_the_line_stands(sainte, call, dispute, said):
    path = f"disputes/{dispute}/withdraw"
    assert call("b", path, reason="No").status_code == 403
    withdrawn = call("comptoir", path, reason="We found her")
    assert (withdrawn.json["state"], withdrawn.json["decided_by"]) == ("refused", "withdrawn")
    assert call("comptoir", path, reason="Again").json == withdrawn.json
    assert said(dispute)[-1] == ("withdrawn", "home", "comptoir", "We found her")
    late = call("b", f"disputes/{dispute}/accept", reason="Fine")
    assert (late.status_code, late.json["code"]) == (409, "dispute_decided")
    assert check_balances(sainte) == []


def test_against_a_line_that_the_host_misses_stands_nobody_until_the_home_is_known(call):
    body = {"space": "b", "on": "2026-11-12", "unit": "day", **REASON}
    missing = call("b", "disputes", **body).json["id"]
    for space in ("b", "comptoir"):
        assert call(space, f"disputes/{missing}/accept", reason="Yes").status_code == 403


def test_answers_are_awaited_for_the_days_of_review(client, dispute, treasurer, travel):
    path = f"/api/v1/disputes/{dispute}/messages"
    shown = client.get(path, headers=treasurer).json
    assert (shown["answer_by"], shown["days_left"]) == ("2026-11-27", 7)
    travel.move_to(DECEMBER_1)
    assert client.get(path, headers=treasurer).json["days_left"] == 0


def test_a_consent_is_in_the_log(sainte, call, dispute):
    call("b", f"disputes/{dispute}/consent")
    call("b", f"disputes/{dispute}/consent")
    acts = sainte.scalars(select(Act.act).where(Act.subject == dispute)).all()
    assert acts == ["dispute_opened", "dispute_consented"]


@pytest.fixture
def hers(sainte, charged):
    """The visit, as one made with a book of Comptoir's that lost a unit by it."""
    sold = a_pass(sainte, a_plan(sainte, "comptoir"))
    sold.holder.email = "lea@example.org"
    row = sainte.get_one(CheckIn, charged)
    row.pass_id, row.bucket, row.unit = sold.id, "life", "day"
    row.units, row.pass_value_cents = 1, 1364
    sainte.add(PassUsage(pass_id=sold.id, bucket="life", units_used=1, value_given_cents=1364))
    sainte.commit()
    return sold


def test_this_was_not_me_upheld_gives_the_unit_back(sainte, hers, charged, call):
    opened, _ = contest_as_holder(sainte, hers.holder_id, charged, "It was not me")
    say_as_holder(sainte, opened.id, "I was in Lyon")
    sainte.commit()
    call("b", f"disputes/{opened.id}/accept", reason="A slip of ours")
    sainte.expire_all()
    usage = sainte.get_one(PassUsage, (hers.id, "life"))
    assert (usage.units_used, usage.value_given_cents) == (0, 0)
    assert sainte.get_one(CheckIn, charged).state == "voided"
    sides = [each.author.side for each in read_thread(sainte, opened).said]
    assert sides == ["holder", "holder", "host"]
    assert (opened.state, opened.decision) == ("upheld", "A slip of ours")
    assert check_balances(sainte) == []


def test_a_holder_withdraws_her_own_dispute_alone(sainte, hers, charged, visit):
    opened, _ = contest_as_holder(sainte, hers.holder_id, charged, "It was not me")
    with pytest.raises(RoleForbidden):
        withdraw_as_holder(sainte, visit("c", "b", 600), opened, "It was")
    withdraw_as_holder(sainte, charged, opened, "It was")
    with pytest.raises(DisputeDecided):
        say_as_holder(sainte, opened.id, "Or not")
    assert sainte.get_one(PassUsage, (hers.id, "life")).units_used == 1


@pytest.fixture
def people(sainte):
    """A host of each space, of whom B's also hosts C, and a treasurer."""
    a_person(sainte, "comptoir@example.org", Grant("host", "sainte", "comptoir"))
    a_person(sainte, "b@example.org", Grant("host", "sainte", "b"), Grant("host", "sainte", "c"))
    a_person(sainte, "anne@example.org", Grant("treasurer", "sainte"))
    sainte.commit()


def mails_to(session, recipient):
    session.expire_all()
    return [mail for mail in list_mails(session)[::-1] if mail.recipient == recipient]


@pytest.mark.usefixtures("people")
def test_ten_messages_in_a_row_make_one_mail(sainte, call, dispute):
    for number in range(10):
        call("comptoir", f"disputes/{dispute}/messages", text=f"Message {number}")
    for recipient in ("comptoir@example.org", "b@example.org", "anne@example.org"):
        [mail] = mails_to(sainte, recipient)
        assert mail.text.count(f"/disputes/{dispute}") == 1
        assert mail.next_try_at > mail.queued_at


@pytest.mark.usefixtures("people")
def test_two_disputes_are_told_in_one_mail(sainte, call, dispute, visit):
    other = call("c", f"check-ins/{visit('c', 'b', 600)}/dispute", **REASON).json["id"]
    [mail] = mails_to(sainte, "b@example.org")
    assert f"/desk/b/disputes/{dispute}" in mail.text
    assert other in mail.text
    [mail] = mails_to(sainte, "anne@example.org")
    assert f"/treasury/sainte/disputes/{other}" in mail.text


@pytest.mark.usefixtures("people")
def test_news_after_a_mail_went_out_waits_an_hour_for_the_next(sainte, call, dispute):
    for mail in list_mails(sainte):
        mail.tries, mail.sent_at, mail.next_try_at, mail.text = 1, mail.queued_at, None, ""
    sainte.commit()
    call("comptoir", f"disputes/{dispute}/messages", text="One more thing")
    call("comptoir", f"disputes/{dispute}/messages", text="And another")
    waiting, sent = sorted(mails_to(sainte, "b@example.org"), key=lambda mail: mail.tries)
    assert waiting.next_try_at == sent.queued_at + timedelta(hours=1)


def test_a_holder_is_mailed_where_her_visit_is(sainte, hers, charged, call):
    opened, _ = contest_as_holder(sainte, hers.holder_id, charged, "It was not me")
    sainte.commit()
    assert mails_to(sainte, "lea@example.org") == []
    call("b", f"disputes/{opened.id}/messages", text="Are you sure?")
    [mail] = mails_to(sainte, "lea@example.org")
    assert f"/wallet/visits/{charged}" in mail.text
