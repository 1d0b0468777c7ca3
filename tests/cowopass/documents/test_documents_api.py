from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from clearing.audit import audit_month
from clearing.statement import verify_statement
from tests.factories import a_network, a_token, bearer

MONTH = "/api/v1/periods/sainte/2026-11"


@pytest.fixture
def treasurer(paid: Session) -> dict[str, str]:
    return header(paid, "treasurer", network="sainte")


def header(session: Session, role: str, **scope: str) -> dict[str, str]:
    found = bearer(a_token(session, role, **scope))
    session.commit()
    return found


def test_the_treasurer_gets_the_whole_month(client: FlaskClient, treasurer: dict[str, str]):
    answer = client.get(f"{MONTH}/export", headers=treasurer)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert audit_month(json.loads(answer.data)) == []
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sainte-2026-11.json" in answer.headers["Content-Disposition"]


def test_the_tables_come_as_an_archive(client: FlaskClient, treasurer: dict[str, str]):
    answer = client.get(f"{MONTH}/export?format=csv", headers=treasurer)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with ZipFile(BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == {
            "month.csv",
            "agreements.csv",
            "lines.csv",
            "positions.csv",
            "transfers.csv",
        }
        rows = list(csv.DictReader(StringIO(archive.read("positions.csv").decode())))
    assert sum(int(row["amount_cents"]) for row in rows) == 0


@pytest.mark.parametrize(("form", "first"), [("beancount", b"option"), ("hledger", b"; Cow")])
def test_journals_come_as_text(
    client: FlaskClient, treasurer: dict[str, str], form: str, first: bytes
):
    answer = client.get(f"{MONTH}/export?format={form}", headers=treasurer)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.data.startswith(first)
    assert answer.data.decode().count("payment") == 2


def test_a_statement_is_for_its_space_and_for_the_treasurer(
    client: FlaskClient, paid: Session, treasurer: dict[str, str]
):
    for caller in (treasurer, header(paid, "host", space="b"), header(paid, "operator")):
        answer = client.get(f"{MONTH}/statements/b", headers=caller)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert verify_statement(json.loads(answer.data)) == []


def test_a_statement_comes_as_pdf_in_the_language_asked_for(
    client: FlaskClient, treasurer: dict[str, str]
):
    english = {**treasurer, "Accept-Language": "en"}
    answer = client.get(f"{MONTH}/statements/b?format=pdf", headers=english)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "sainte-2026-11-b.pdf" in answer.headers["Content-Disposition"]
    assert PdfReader(BytesIO(answer.data)).trailer["/Root"]["/Lang"] == "en"


def test_a_statement_comes_as_csv(client: FlaskClient, treasurer: dict[str, str]):
    answer = client.get(f"{MONTH}/statements/b?format=csv", headers=treasurer)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = list(csv.DictReader(StringIO(answer.data.decode())))
    assert sum(int(row["effect_cents"]) for row in rows) == 910


def test_others_get_nothing(client: FlaskClient, paid: Session):
    a_network(paid, "lyon")
    others: list[tuple[dict[str, Any], int]] = [
        ({}, 401),
        (header(paid, "host", space="c"), 403),
        (header(paid, "device", space="b"), 403),
        (header(paid, "treasurer", network="lyon"), 403),
    ]
    for headers, status in others:
        assert client.get(f"{MONTH}/statements/b", headers=headers).status_code == status
        assert client.get(f"{MONTH}/export", headers=headers).status_code == status
    host = header(paid, "host", space="b")
    assert client.get(f"{MONTH}/export", headers=host).status_code == 403


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("2026-11/export?format=xls", 422, None),
        ("2026-11/export?form=json", 422, None),
        ("2026-11/statements/b?format=docx", 422, None),
        ("2026-11/statements/nowhere", 404, "space_unknown"),
        ("2026-13/export", 422, "month_invalid"),
        ("2026-13/statements/b", 422, "month_invalid"),
    ],
)
def test_what_is_not_there_is_a_problem(
    client: FlaskClient, treasurer: dict[str, str], path: str, status: int, code: str | None
):
    answer = client.get(f"/api/v1/periods/sainte/{path}", headers=treasurer)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    if code is not None:
        assert answer.json is not None
        assert answer.json["code"] == code
