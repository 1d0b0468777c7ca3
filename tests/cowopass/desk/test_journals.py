"""What a desk did without network: signed entries, and who bears the mistakes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cowopass.audit.service import audit_records
from cowopass.desk.bundle import issue_bundle
from cowopass.desk.models import CheckIn, JournalEntry
from cowopass.desk.remedies import REMEDIES
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.service import ensure_period
from cowopass.passes.golden import hand_over
from cowopass.passes.life import resume, revoke, suspend
from cowopass.passes.tickets import issue_live_ticket, reissue_ticket
from tests.journals import AJournal
from tests.phones import APhone

LATER = "2026-11-24T11:20:00Z"
"""Twenty minutes after noon in Saint-Étienne."""


@pytest.fixture
def journal():
    return AJournal()


@pytest.fixture
def bundle(session, config, agreement):  # noqa: ARG001 (of a network with an agreement)
    """Return a function that makes a bundle of the Rubanerie and returns its number."""

    def make(space="rubanerie"):
        number = issue_bundle(session, config, space).number
        session.commit()
        return number

    return make


@pytest.fixture
def send(client, desk):
    """Return a function that sends items in a batch and returns their results."""

    def post(*items, space="rubanerie"):
        headers = desk(space, "device")
        answer = client.post(
            "/api/v1/check-ins/batch", json={"check_ins": list(items)}, headers=headers
        )
        assert answer.status_code == 200, answer.json
        return answer.json["results"]

    return post


@pytest.fixture
def half_past(noon):
    """Return the clock, half an hour after noon: what was shown at LATER has happened."""

    def move(minutes=30, **more):
        noon.shift(timedelta(minutes=minutes, **more))

    return move


def told(result):
    """Return what tells how a result came out."""
    charge = result["charge"] or {}
    notes = [note for note in result["notes"] if note.startswith("offline_")]
    return result["status"], charge.get("charge_cents"), notes


def test_a_visit_under_a_fresh_bundle_is_paid(sell, bundle, journal, send, half_past, rows):
    _, ticket = sell()
    number = bundle()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, number))
    assert told(result) == (201, 1200, [])
    assert (result["source"], result["at"]) == ("offline", LATER)
    assert rows(JournalEntry.journal, JournalEntry.number, JournalEntry.bundle) == [
        (journal.name, 1, number)
    ]


def test_entries_and_plain_bodies_stand_together(sell, bundle, journal, send, half_past):
    (_, one), (_, two) = sell(), sell()
    number = bundle()
    half_past()
    plain = {"id": str(uuid4()), "token": two.token, "space": "rubanerie"}
    results = send(journal.entry(one.token, LATER, number), plain)
    assert [result["status"] for result in results] == [201, 201]


def test_an_entry_sent_again_is_answered_again(
    sell, bundle, journal, send, half_past, count, client, desk
):
    _, ticket = sell()
    number = bundle()
    half_past()
    entry = journal.entry(ticket.token, LATER, number)
    first, again = send(entry, entry)
    assert (first["status"], again["status"], first["id"]) == (201, 200, again["id"])
    assert (count(CheckIn), count(JournalEntry)) == (1, 1)
    headers = desk("rubanerie")
    (state,) = client.get("/api/v1/journals?space=rubanerie", headers=headers).json["journals"]
    assert (state["missing"], state["doubled"]) == ([], [])


def test_what_was_recorded_before_the_network_was_lost_stands(
    sell, bundle, journal, send, scan, half_past
):
    _, ticket = sell()
    number, key = bundle(), str(uuid4())
    assert scan(ticket, id=key).status_code == 201
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, number, id=key))
    assert (result["status"], result["code"]) == (409, "idempotency_conflict")


# who bears a mistake


@pytest.mark.parametrize("named", ["none", "unknown", "another space's", "later", "expired"])
def test_without_a_bundle_that_held_a_visit_is_recorded_at_zero(
    sell, bundle, journal, send, half_past, noon, named
):
    _, ticket = sell()
    numbers = {"none": None, "unknown": 7, "expired": bundle()}
    numbers["another space's"] = bundle("cret") and bundle("cret")
    at = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
    half_past()
    numbers["later"] = bundle()
    if named == "expired":
        at += timedelta(days=7)
        noon.shift(timedelta(days=7))
    (result,) = send(journal.entry(ticket.token, at.isoformat(), numbers[named]))
    assert told(result) == (201, 0, ["offline_bundle_stale"])
    assert "Vos données avaient expiré : ce passage est noté, mais pas payé." in result["message"]


def test_a_visit_of_a_locked_month_is_told_as_late_at_once_and_again(
    sell, bundle, journal, send, noon, session
):
    _, ticket = sell()
    noon.move_to("2026-11-30T11:00:00+00:00")
    number = bundle()
    noon.move_to("2026-12-02T11:00:00+00:00")
    ensure_period(session, "sainte", "2026-11").locked_at = datetime(2026, 12, 2, tzinfo=UTC)
    session.commit()
    entry = journal.entry(ticket.token, "2026-11-30T11:20:00Z", number)
    (first,), (again,) = send(entry), send(entry)
    assert (first["status"], first["notes"]) == (201, ["offline", "late"])
    assert (again["status"], again["notes"]) == (200, ["offline", "late"])


def test_a_visit_that_comes_after_a_week_is_recorded_at_zero(
    sell, bundle, journal, send, half_past, rows
):
    (_, one), (_, two) = sell(), sell()
    number = bundle()
    half_past(20, days=7)
    assert told(send(journal.entry(one.token, LATER, number))[0]) == (201, 1200, [])
    half_past(1)
    assert told(send(journal.entry(two.token, LATER, number))[0]) == (201, 0, ["offline_late"])
    assert ("offline offline_late", 0, 0) in rows(
        SettlementLine.notes, SettlementLine.amount_cents, SettlementLine.levy_cents
    )


def test_a_plain_body_is_measured_by_no_bundle(sell, scan, half_past):
    (_, one), (_, two) = sell(), sell()
    half_past()
    assert scan(one, offline=True, at=LATER).json["charge"]["charge_cents"] == 1200
    half_past(0, days=8)
    late = scan(two, offline=True, at=LATER).json
    assert (late["charge"]["charge_cents"], late["notes"]) == (0, ["offline", "offline_late"])


def test_beyond_the_days_paper_tickets_a_visit_is_recorded_at_zero(
    session, agreement, sell, bundle, journal, send, half_past
):
    agreement.offline_paper_per_day = 2
    session.commit()
    tickets = [sell()[1] for _ in range(4)]
    number = bundle()
    half_past(days=1)
    day_after = "2026-11-25T11:20:00Z"
    shown = [journal.entry(ticket.token, LATER, number) for ticket in tickets[:3]]
    shown.append(journal.entry(tickets[3].token, day_after, number))
    results = send(*shown)
    assert [told(result)[1:] for result in results] == [
        (1200, []),
        (1200, []),
        (0, ["offline_limit"]),
        (1200, []),
    ]


def test_phones_and_reentries_take_no_place_of_a_paper_ticket(
    session, config, agreement, sell, bundle, journal, send, half_past
):
    agreement.offline_paper_per_day = 1
    phone, (sold, _), (_, paper) = APhone(), sell(), sell()
    live = issue_live_ticket(session, config, sold, phone.jwk)
    session.commit()
    number = bundle()
    half_past(20)
    shown = phone.show(live.token)
    half_past(10)
    entries = [journal.entry(token, LATER, number) for token in (shown, paper.token, paper.token)]
    results = send(*entries)
    assert [told(result)[1:] for result in results] == [(1200, []), (1200, []), (None, [])]
    assert results[2]["reentry"]


def test_visits_at_home_are_not_counted(session, agreement, sell, bundle, journal, send, half_past):
    agreement.offline_paper_per_day = 0
    session.commit()
    _, ticket = sell()
    number = bundle("comptoir")
    half_past()
    entry = journal.entry(ticket.token, LATER, number, space="comptoir")
    assert told(send(entry, space="comptoir")[0]) == (201, None, [])


def test_two_spaces_that_take_the_last_unit_are_both_paid(sell, bundle, send, half_past):
    _, ticket = sell(units=1)
    numbers = bundle(), bundle("cret")
    half_past()
    (here,) = send(AJournal().entry(ticket.token, LATER, numbers[0]))
    entry = AJournal().entry(ticket.token, LATER, numbers[1], space="cret")
    (there,) = send(entry, space="cret")
    assert (told(here), told(there)) == ((201, 1200, []), (201, 2000, []))
    assert (here["overused"], there["overused"]) == (False, True)


def test_a_golden_ticket_is_good_once_offline_too(session, config, sell, bundle, send, half_past):
    sold, _ = sell()
    _, golden = hand_over(session, config, sold.id)
    session.commit()
    numbers = bundle(), bundle("cret")
    half_past()
    send(AJournal().entry(golden.token, LATER, numbers[0]))
    entry = AJournal().entry(golden.token, LATER, numbers[1], space="cret")
    (again,) = send(entry, space="cret")
    assert (again["status"], again["code"]) == (422, "no_units_left")


def test_a_visit_at_zero_takes_its_unit_and_leaves_the_books_right(
    sell, bundle, journal, send, half_past, session, config
):
    _, ticket = sell()
    bundle()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER))
    assert (result["units"], result["units_left"]) == (1, 10)
    assert result["charge"]["levy_cents"] == result["charge"]["top_up_cents"] == 0
    assert not list(audit_records(session, config, None, lambda *_: None))


def test_a_visit_at_zero_made_a_day_is_one_at_zero(sell, bundle, journal, send, act, half_past):
    _, ticket = sell("quota", unit="half_day", units=9, validity_months=1)
    bundle()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER))
    day = act(result["id"], "extend").json
    assert (day["unit"], day["charge"]["charge_cents"]) == ("day", 0)
    assert "offline_bundle_stale" in day["notes"]


# as a fresh bundle knew


def test_a_ticket_replaced_since_the_bundle_still_counted(
    session, config, sell, bundle, journal, send, noon, half_past
):
    sold, ticket = sell()
    number = bundle()
    noon.shift(timedelta(minutes=5))
    reissue_ticket(session, config, sold.id)
    session.commit()
    half_past()
    assert told(send(journal.entry(ticket.token, LATER, number))[0]) == (201, 1200, [])


def test_a_ticket_that_the_bundle_knew_was_revoked_is_refused(
    session, config, sell, bundle, journal, send, noon, half_past
):
    sold, ticket = sell()
    reissue_ticket(session, config, sold.id)
    session.commit()
    noon.shift(timedelta(minutes=5))
    number = bundle()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, number))
    assert (result["status"], result["code"]) == (422, "revoked")


@pytest.mark.parametrize(("act", "code"), [(revoke, "revoked"), (suspend, "suspended")])
@pytest.mark.parametrize("is_known", [True, False])
def test_what_became_of_a_pass_counts_if_the_bundle_knew(
    session, sell, bundle, journal, send, noon, half_past, act, code, is_known
):
    sold, ticket = sell()
    numbers = [bundle()]
    noon.shift(timedelta(minutes=5))
    act(session, sold.id, "why")
    session.commit()
    noon.shift(timedelta(minutes=5))
    numbers.append(bundle())
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, numbers[is_known]))
    assert result["code"] == (code if is_known else None)


def test_a_pass_that_was_suspended_when_it_was_shown_stays_so(
    session, sell, bundle, journal, send, noon, half_past
):
    sold, ticket = sell()
    suspend(session, sold.id, "not paid")
    session.commit()
    noon.shift(timedelta(minutes=5))
    number = bundle()
    half_past()
    resume(session, sold.id, "paid")
    session.commit()
    (result,) = send(journal.entry(ticket.token, LATER, number))
    assert result["code"] == "suspended"


def test_without_a_fresh_bundle_a_pass_is_judged_as_of_the_visit(
    session, sell, bundle, journal, send, scan, noon, half_past
):
    (sold, ticket), (other, second) = sell(), sell()
    stale = bundle() + 1
    noon.shift(timedelta(minutes=5))
    revoke(session, sold.id, "stolen")
    session.commit()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, stale))
    assert result["code"] == "revoked"
    revoke(session, other.id, "stolen")
    session.commit()
    assert scan(second, offline=True, at=LATER).status_code == 201


# what the desk itself refused


@pytest.mark.parametrize("code", ["offline_limit", "clock_rewound", "online_required", "revoked"])
def test_what_the_desk_refused_is_recorded_as_its_refusal(
    sell, bundle, journal, send, half_past, rows, code
):
    _, ticket = sell()
    number = bundle()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, number, refused=code))
    assert (result["status"], result["state"], result["code"]) == (422, "refused", code)
    assert rows(CheckIn.units, CheckIn.line_id) == [(0, None)]


def test_a_refusal_of_what_is_no_ticket_is_recorded_too(bundle, journal, send, half_past):
    bundle()
    half_past()
    (result,) = send(journal.entry("a menu", LATER, refused="not_a_ticket"))
    assert (result["status"], result["code"]) == (422, "not_a_ticket")


# what is no entry


def spoiled(journal, **over):
    claims = {"number": 1, "bundle": None, "refused": None, "check_in": {"offline": True}}
    return {"journal": journal.sign({**claims, **over})}


@pytest.mark.parametrize(
    "over",
    [
        {"number": 0},
        {"number": True},
        {"number": "1"},
        {"number": 2**31},
        {"bundle": -1},
        {"bundle": "7"},
        {"refused": 7},
        {"refused": "idempotency_conflict"},
        {"check_in": []},
        {"check_in": {"offline": False}},
        {"check_in": {}},
        {"later": 1},
    ],
)
@pytest.mark.usefixtures("agreement")
def test_claims_that_are_no_entry_are_not_recorded(journal, send, count, over):
    (result,) = send(spoiled(journal, **over))
    assert (result["status"], result["code"]) == (422, "journal_invalid")
    assert count(CheckIn) == count(JournalEntry) == 0


@pytest.mark.usefixtures("agreement")
def test_an_entry_of_a_body_that_is_none_says_where(journal, send):
    (result,) = send(journal.entry("x", "yesterday"))
    assert (result["status"], result["code"]) == (422, "data_invalid")
    assert [error["path"] for error in result["errors"]] == ["at"]


def test_an_altered_entry_is_not_recorded(sell, journal, send, half_past, count):
    _, ticket = sell()
    half_past()
    mine = journal.entry(ticket.token, LATER)["journal"].split(".")
    other = AJournal().entry(ticket.token, LATER)["journal"].split(".")
    for text in (
        ".".join([mine[0], other[1], mine[2]]),
        ".".join([other[0], mine[1], mine[2]]),
        ".".join(mine[:2]),
        ".".join([*mine[:2], ""]),
        "x" * 20_000,
        "",
        ticket.token,
        journal.sign({}, typ="JWT"),
        journal.sign({}, jwk={}),
        journal.sign({}, jwk=None),
        journal.sign({}, crit=["exp"]),
    ):
        assert send({"journal": text})[0]["code"] == "journal_invalid"
    assert send({"journal": None})[0]["code"] == "journal_invalid"
    assert count(CheckIn) == 0


def test_a_device_sends_only_what_its_own_space_saw(sell, journal, send, half_past):
    _, ticket = sell()
    half_past()
    (result,) = send(journal.entry(ticket.token, LATER, space="cret"))
    assert (result["status"], result["code"]) == (403, "role_forbidden")


# gaps


def test_missing_and_doubled_numbers_show(sell, journal, send, half_past, client, desk):
    tickets = [sell()[1] for _ in range(4)]
    half_past()
    for ticket, number in zip(tickets, (2, 5, 5, 7), strict=True):
        send(journal.entry(ticket.token, LATER, number=number))
    headers = desk("rubanerie")
    (state,) = client.get("/api/v1/journals?space=rubanerie", headers=headers).json["journals"]
    assert state == {
        "name": journal.name,
        "entries": 3,
        "last_number": 7,
        "missing": [1, 3, 4, 6],
        "doubled": [5],
        "received_at": "2026-11-24T11:30:00Z",
    }


def test_a_number_out_of_the_blue_does_not_fill_the_page(
    sell, journal, send, half_past, client, desk
):
    _, ticket = sell()
    half_past()
    send(journal.entry(ticket.token, LATER, number=2**31 - 1))
    headers = desk("rubanerie")
    (state,) = client.get("/api/v1/journals?space=rubanerie", headers=headers).json["journals"]
    assert state["missing"] == list(range(1, 101))


@pytest.mark.parametrize(
    ("space", "role", "status"), [("cret", "host", 403), ("rubanerie", "device", 403)]
)
@pytest.mark.usefixtures("agreement")
def test_journals_are_for_the_host(client, desk, space, role, status):
    answer = client.get("/api/v1/journals?space=rubanerie", headers=desk(space, role))
    assert answer.status_code == status


@pytest.mark.usefixtures("agreement")
def test_a_space_that_was_never_offline_has_no_journal(client, desk):
    answer = client.get("/api/v1/journals?space=rubanerie", headers=desk("rubanerie"))
    assert answer.json == {"journals": []}


def test_every_code_that_a_desk_may_refuse_by_has_a_remedy():
    assert {"clock_rewound", "bundle_stale", "online_required", "offline_limit"} <= set(REMEDIES)
