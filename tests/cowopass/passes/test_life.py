"""The life of a pass: suspended, resumed, revoked, renewed."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from sqlalchemy import select, update

from cowopass.passes.models import Pass, PassEvent, Plan, Ticket
from cowopass.spaces.models import Space
from tests.factories import a_plan

ID = "0b1f4a7c-6d5e-4e0c-9d2a-5f2b8c1e3f0e"


def events_of(session, pass_id):
    session.rollback()
    query = select(PassEvent).where(PassEvent.pass_id == pass_id).order_by(PassEvent.id)
    return [(one.kind, one.amount_cents) for one in session.scalars(query)]


def put_on_sale(session, code, **over):
    """Put a next version of a plan on sale."""
    session.execute(update(Plan).where(Plan.code == code).values(is_offered=False))
    old = session.scalar(select(Plan).where(Plan.code == code).order_by(Plan.version.desc()))
    same = ("name", "kind", "unit", "units", "validity_months", "golden_tickets", "notional_units")
    fields = {name: getattr(old, name) for name in same}
    home = session.get_one(Space, old.home)
    plan = a_plan(session, home, code=code, version=old.version + 1, **{**fields, **over})
    session.commit()
    return plan


def test_a_suspended_pass_is_resumed(sell, post, session):
    sold = sell().json["id"]
    assert post(f"passes/{sold}/suspend", reason="not paid").json["state"] == "suspended"
    assert post(f"passes/{sold}/suspend", reason="again").json["state"] == "suspended"
    assert post(f"passes/{sold}/resume").json["state"] == "active"
    assert post(f"passes/{sold}/resume").json["state"] == "active"
    assert [kind for kind, _ in events_of(session, sold)] == ["sold", "suspended", "resumed"]


def test_a_revoked_pass_stays_revoked_and_its_tickets_count_no_more(sell, post, session):
    sold = sell().json
    path = f"passes/{sold['id']}"
    golden = post(f"{path}/golden-tickets").json["ticket"]["jti"]
    for _ in range(2):
        assert post(f"{path}/revoke", reason="fraud").json["state"] == "revoked"
    for action in ("resume", "suspend", "renew", "tickets", "golden-tickets"):
        answer = post(f"{path}/{action}")
        assert (answer.status_code, answer.json["code"]) == (409, "pass_ended"), action
    tickets = session.scalars(select(Ticket).where(Ticket.jti.in_([sold["ticket"]["jti"], golden])))
    assert all(ticket.revoked_at for ticket in tickets)


def test_the_reason_is_on_record(sell, post, session):
    sold = sell().json["id"]
    post(f"passes/{sold}/suspend", reason="Novembre n’est pas payé")
    reasons = session.scalars(select(PassEvent.reason).where(PassEvent.kind == "suspended"))
    assert list(reasons) == ["Novembre n’est pas payé"]


def test_a_renewed_pass_holds_for_as_many_months_more(sell, post, session):
    sold = sell(plan="nomade").json
    renewed = post(f"passes/{sold['id']}/renew")
    assert renewed.status_code == 201
    assert renewed.json["id"] == sold["id"]
    assert (sold["valid_until"], renewed.json["valid_until"]) == ("2027-01-31", "2027-04-30")
    assert renewed.json["ticket"]["expires_at"] == "2027-04-30T22:00:00Z"
    assert events_of(session, sold["id"]) == [("sold", 45_000), ("renewed", 45_000)]


def test_the_ticket_before_a_renewal_counts_until_its_own_end(sell, post, session):
    sold = sell(plan="resident").json
    post(f"passes/{sold['id']}/renew")
    assert session.get_one(Ticket, sold["ticket"]["jti"]).revoked_at is None


def test_a_renewal_sent_twice_is_one_renewal(sell, post):
    sold = sell(plan="resident").json["id"]
    first, second = (post(f"passes/{sold}/renew", id=ID) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert first.json["valid_until"] == "2026-12-31"


def test_one_id_is_one_request_whatever_it_asks(sell, post):
    sold = sell(plan="resident").json["id"]
    post(f"passes/{sold}/renew", id=ID)
    answer = post(f"passes/{sold}/tickets", id=ID)
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("plan", ["voyageur", "campeur"])
def test_a_book_or_single_is_sold_anew_not_renewed(sell, post, plan):
    answer = post(f"passes/{sell(plan=plan).json['id']}/renew")
    assert (answer.status_code, answer.json["code"]) == (409, "not_renewable")


def test_a_suspended_pass_is_resumed_before_it_is_renewed(sell, post):
    sold = sell(plan="nomade").json["id"]
    post(f"passes/{sold}/suspend")
    answer = post(f"passes/{sold}/renew")
    assert (answer.status_code, answer.json["code"]) == (409, "pass_suspended")


def test_a_renewal_after_a_price_change_is_a_pass_of_its_own(sell, post, show, session):
    """Else the units of the running month would change their value under the holder's feet."""
    sold = sell(plan="resident", volunteer=True).json
    put_on_sale(session, "resident", price_cents=30_000, volunteer_price_cents=20_000)
    renewed = post(f"passes/{sold['id']}/renew").json
    assert renewed["id"] != sold["id"]
    assert (renewed["starts_on"], renewed["valid_until"]) == ("2026-12-01", "2026-12-31")
    assert (renewed["price_paid_cents"], renewed["volunteer"]) == (20_000, True)
    before = show(sold["id"])
    assert (before["valid_until"], before["price_paid_cents"]) == ("2026-11-30", 19_000)
    assert events_of(session, renewed["id"]) == [("renewed", 20_000)]


def test_a_plan_no_longer_on_sale_is_not_renewed(sell, post, session):
    sold = sell(plan="resident").json["id"]
    session.execute(update(Plan).where(Plan.code == "resident").values(is_offered=False))
    session.commit()
    assert post(f"passes/{sold}/renew").json["code"] == "not_renewable"


@pytest.mark.parametrize(
    ("now", "is_same", "starts_on", "ends_on"),
    [
        ("2026-12-05", True, "2026-11-24", "2026-12-31"),
        ("2027-01-05", False, "2027-01-05", "2027-01-31"),
    ],
)
def test_a_lapsed_pass_runs_on_unless_a_whole_month_was_missed(
    sell, post, now, is_same, starts_on, ends_on
):
    sold = sell(plan="resident").json["id"]
    with time_machine.travel(f"{now}T11:00:00+00:00", tick=False):
        renewed = post(f"passes/{sold}/renew").json
    assert (renewed["id"] == sold) is is_same
    assert (renewed["starts_on"], renewed["valid_until"]) == (starts_on, ends_on)


def test_renewals_end_a_year_ahead(sell, post):
    sold = sell(plan="resident").json["id"]
    answers = [post(f"passes/{sold}/renew").status_code for _ in range(14)]
    assert answers == [201] * 12 + [422] * 2


def test_only_the_host_of_the_home_acts_on_a_pass(sell, post, session):
    from tests.factories import a_space, a_token, bearer

    other = a_space(session, "Ailleurs")
    stranger = bearer(a_token(session, "host", space=other.slug))
    session.commit()
    sold = sell().json
    paths = [
        f"passes/{sold['id']}/{action}"
        for action in (
            "suspend",
            "resume",
            "revoke",
            "renew",
            "refund",
            "tickets",
            "golden-tickets",
        )
    ]
    for path in [*paths, f"tickets/{sold['ticket']['jti']}/revoke"]:
        assert post(path, headers=stranger).status_code == 403, path
        assert post(path, headers={}).status_code == 401, path
    assert session.get_one(Pass, sold["id"]).state == "active"


def test_a_pass_has_the_dates_it_was_sold_with(sell, session):
    sold = session.get_one(Pass, sell(starts_on="2026-12-01").json["id"])
    assert (sold.starts_on, sold.ends_on) == (date(2026, 12, 1), date(2027, 11, 30))
