"""The documents of a month, made in the background and downloaded from the treasurer's page."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cowopass.chores import start_worker
from cowopass.config import Config
from cowopass.documents.background import TYPESETTER, make_due
from cowopass.documents.jobs import (
    LEASE,
    MOST_TRIES,
    Key,
    ask_documents,
    claim_due,
    find_job,
    finish,
    is_running,
    list_documents_of,
)
from cowopass.documents.models import Document
from cowopass.networks.models import Network
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment
from cowopass.settlement.transfers import list_dues
from cowopass.spaces.models import Space
from tests.cowopass.bank.conftest import entity
from tests.cowopass.settlement.conftest import DECEMBER_2

PAGE = "/treasury/sainte/2026-11/documents"
OF_SPACES = ["b", "c", "comptoir", "fund"]
PATHS = [
    *(f"fec/{space}.txt" for space in OF_SPACES),
    "month.pdf",
    *(f"statements/{space}.pdf" for space in OF_SPACES),
]


@pytest.fixture
def locked(november: Session, config: Config, travel) -> Session:
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    return november


def ask(session: Session) -> None:
    ask_documents(session, "sainte", "2026-11")
    session.commit()


def paths(session: Session) -> list[str]:
    found = [document.path for document in list_documents_of(session, "sainte", "2026-11")]
    session.rollback()
    return found


def claim(session: Session) -> Key | None:
    key = claim_due(session)
    session.commit()
    return key


def test_a_treasurer_prepares_and_downloads_the_documents(
    locked: Session, app: Flask, client: FlaskClient, treasurer: dict[str, str]
):
    assert "Préparer les documents" in client.get(PAGE, headers=treasurer).text
    asked = client.post(PAGE, headers=treasurer)
    assert (asked.status_code, asked.headers["Location"]) == (303, PAGE)
    assert "Le travail commence" in client.get(PAGE, headers=treasurer).text
    with app.app_context():
        assert make_due() == 1
    page = client.get(PAGE, headers=treasurer).text
    assert "Terminé le" in page
    assert "Il manque" in page
    assert paths(locked) == PATHS
    for path in PATHS:
        assert f'href="{PAGE}/{path}"' in page
    statement = client.get(f"{PAGE}/statements/b.pdf", headers=treasurer)
    assert statement.mimetype == "application/pdf"
    assert statement.data.startswith(b"%PDF-")
    assert "sainte-2026-11-statements-b.pdf" in statement.headers["Content-Disposition"]
    assert statement.headers["Cache-Control"] == "private, no-store"
    with client.get(f"{PAGE}/all.zip", headers=treasurer) as archive:
        content = archive.data
    with ZipFile(BytesIO(content)) as packed:
        assert packed.namelist() == PATHS
        assert packed.read("statements/b.pdf") == statement.data


def test_the_page_says_that_payments_were_noted_since(
    locked: Session, app: Flask, client: FlaskClient, treasurer: dict[str, str], travel
):
    says = "Des virements ont été notés depuis"
    ask(locked)
    with app.app_context():
        make_due()
    assert says not in client.get(PAGE, headers=treasurer).text
    travel.shift(60)
    due = list_dues(locked, "sainte", "2026-11")[0]
    record_payment(locked, Bill("sainte", "2026-11", due.id), 100, DECEMBER_2.date())
    locked.commit()
    assert says in client.get(PAGE, headers=treasurer).text
    client.post(PAGE, headers=treasurer)
    with app.app_context():
        make_due()
    assert says not in client.get(PAGE, headers=treasurer).text


def test_a_host_downloads_her_own_statement_and_nothing_else(
    locked: Session, app: Flask, client: FlaskClient, host_of
):
    ask(locked)
    with app.app_context():
        make_due()
    host = host_of("b")
    assert client.get(f"{PAGE}/statements/b.pdf", headers=host).status_code == 200
    for path in ("/statements/c.pdf", "/month.pdf", "/all.zip", ""):
        assert client.get(f"{PAGE}{path}", headers=host).status_code == 403
    assert client.get(f"{PAGE}/statements/none.pdf", headers=host).status_code == 404


def test_only_what_changed_is_made_again(locked: Session, app: Flask):
    ask(locked)
    with app.app_context():
        make_due()
        made = {row.path: row.content for row in list_documents_of(locked, "sainte", "2026-11")}
        row = locked.get_one(Document, ("sainte", "2026-11", "month.pdf"))
        row.edition, row.content = "an older one", b""
        kept = locked.get_one(Document, ("sainte", "2026-11", "statements/b.pdf"))
        kept.content = b"kept as it is"
        locked.commit()
        ask(locked)
        make_due()
    locked.expire_all()
    again = {row.path: row.content for row in list_documents_of(locked, "sainte", "2026-11")}
    assert again == {**made, "statements/b.pdf": b"kept as it is"}


def test_drafts_are_made_anew_when_a_space_changes_its_name(november: Session, app: Flask):
    ask(november)
    with app.app_context():
        make_due()
        before = november.get_one(Document, ("sainte", "2026-11", "month.pdf")).content
        november.get_one(Space, "b").name = "Une autre enseigne"
        november.commit()
        ask(november)
        make_due()
    november.expire_all()
    assert november.get_one(Document, ("sainte", "2026-11", "month.pdf")).content != before


def test_a_job_of_a_process_that_died_is_taken_up_again(locked: Session, app: Flask, travel):
    ask(locked)
    assert claim(locked) == Key("sainte", "2026-11")
    assert claim(locked) is None
    ask(locked)
    assert claim(locked) is None
    travel.shift(LEASE + timedelta(seconds=1))
    with app.app_context():
        assert make_due() == 1
    assert paths(locked) == PATHS


def test_a_job_that_never_ends_is_given_up_until_it_is_asked_for_again(
    locked: Session, client: FlaskClient, treasurer: dict[str, str], travel
):
    ask(locked)
    for _ in range(MOST_TRIES):
        assert claim(locked) is not None
        travel.shift(LEASE + timedelta(seconds=1))
    assert claim(locked) is None
    assert "Le travail s’est arrêté" in client.get(PAGE, headers=treasurer).text
    client.post(PAGE, headers=treasurer)
    locked.expire_all()
    assert claim(locked) is not None


@pytest.mark.slow
def test_a_thread_of_the_web_server_makes_them(locked: Session, app: Flask):
    ask(locked)
    typesetter = start_worker(app, TYPESETTER)
    try:
        for _ in range(120):
            if paths(locked) == PATHS:
                break
            typesetter.join(0.5)
    finally:
        typesetter.stop()
    job = find_job(locked, "sainte", "2026-11")
    assert job is not None
    assert not is_running(job)


def test_a_month_that_does_not_exist_has_no_documents(
    client: FlaskClient, treasurer: dict[str, str]
):
    assert client.get("/treasury/sainte/2026-13/documents", headers=treasurer).status_code == 422
    assert client.post("/treasury/sainte/2026-13/documents", headers=treasurer).status_code == 422


def test_who_asks_while_the_work_goes_on_has_it_looked_over_again(locked: Session):
    ask(locked)
    key = claim(locked)
    assert key is not None
    ask(locked)
    finish(locked, key)
    locked.commit()
    assert claim(locked) == key
    finish(locked, key)
    locked.commit()
    assert claim(locked) is None


def test_a_payment_that_was_seen_since_is_not_handed_out_to_be_paid_again(
    locked: Session, app: Flask, client: FlaskClient, treasurer: dict[str, str]
):
    for slug, name in (("comptoir", "Openscop"), ("b", "L’Œuvre B"), ("c", "Collectif C")):
        locked.get_one(Space, slug).legal = entity(slug, name)
    locked.get_one(Network, "sainte").fund = entity("fund", "Association")
    ask(locked)
    with app.app_context():
        make_due()
    path = f"{PAGE}/payments/c.xml"
    assert b">9.00<" in client.get(path, headers=treasurer).data
    due = next(due for due in list_dues(locked, "sainte", "2026-11") if due.debtor == "c")
    bill = Bill("sainte", "2026-11", due.id)
    record_payment(locked, bill, 400, DECEMBER_2.date())
    locked.commit()
    assert b">5.00<" in client.get(path, headers=treasurer).data
    record_payment(locked, bill, 500, DECEMBER_2.date())
    locked.commit()
    assert client.get(path, headers=treasurer).status_code == 404
    assert "payments/c.xml" not in client.get(PAGE, headers=treasurer).text
    with client.get(f"{PAGE}/all.zip", headers=treasurer) as archive:
        names = ZipFile(BytesIO(archive.data)).namelist()
    assert "payments/comptoir.xml" in names
    assert "payments/c.xml" not in names
