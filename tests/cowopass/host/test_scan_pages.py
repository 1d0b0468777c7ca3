from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cowopass.desk.remedies import REMEDIES
from cowopass.host.refusal_words import REFUSALS
from tests.factories import a_network, a_plan, a_space, a_token, bearer

STATIC = Path(__file__).parents[3] / "cowopass" / "static"


@pytest.fixture
def device(session: Session) -> dict[str, str]:
    """Return the header of a device of the space `b`."""
    a_network(session)
    a_space(session, "b").name = "Le Métier d’à côté"
    header = bearer(a_token(session, "device", "sainte", "b"))
    session.commit()
    return header


def told(page: str) -> dict[str, object]:
    """Return what the page tells its scripts."""
    found = re.search(r'id="told">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, object] = json.loads(found[1])
    return read


def test_a_device_of_the_space_sees_the_scanner(
    client: FlaskClient, device: dict[str, str]
) -> None:
    page = client.get("/desk/b", headers=device)
    assert page.status_code == 200
    assert "wasm-unsafe-eval" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    space = {"space": "b", "timezone": "Europe/Paris", "currency": "EUR", "language": "fr"}
    assert told(page.text).items() >= space.items()
    assert told(page.text)["spaces"] == {"b": "Le Métier d’à côté"}


def test_nobody_scans_for_another_space(
    client: FlaskClient, session: Session, device: dict[str, str]
) -> None:
    a_space(session, "c")
    session.commit()
    assert client.get("/desk/c", headers=device).status_code == 403
    assert client.get("/desk/nowhere", headers=device).status_code == 404


def test_every_refusal_is_told_without_its_code(
    client: FlaskClient, device: dict[str, str]
) -> None:
    assert set(REMEDIES) <= set(REFUSALS)
    for language in ("fr", "en"):
        words = told(client.get(f"/desk/b?lang={language}", headers=device).text)["words"]
        assert isinstance(words, dict)
        for code, refusal in words["refusals"].items():
            assert refusal["title"], code
            assert "_" not in str(refusal), code
            decided_by_host = code in {"space_closed", "space_full", "visitors_full"}
            assert refusal["steps"] or refusal["leads"] or decided_by_host, code


def test_a_refusal_leads_to_sales_for_hosts_and_not_on_a_device(
    client: FlaskClient, session: Session, device: dict[str, str]
) -> None:
    for code, kind, cents in (("fil", "single", 1_200), ("bobine", "book", 12_000)):
        a_plan(session, "b", kind, code=code, name=code.title(), unit="day", price_cents=cents)
    host = bearer(a_token(session, "host", "sainte", "b"))
    session.commit()
    assert told(client.get("/desk/b", headers=device).text)["sales"] == []
    day, book = told(client.get("/desk/b", headers=host).text)["sales"]
    assert day == {
        "plan": "fil",
        "label": "Vendre une journée ici",
        "price": "12\N{NO-BREAK SPACE}€",
    }
    assert (book["plan"], book["label"]) == ("bobine", "Vendre un carnet « Bobine »")
    form = client.get("/desk/b/passes/sell?plan=bobine", headers=host).text
    assert re.search(r'value="bobine" required checked', form)


def test_the_worker_keeps_files_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/desk/worker.js")
    assert answer.mimetype == "text/javascript"
    kept = json.loads(answer.text.partition("\n")[0].removeprefix("const KEPT = ").rstrip(";"))
    assert "/static/host/scan.js" in kept["files"]
    assert all((STATIC.parent / path.lstrip("/")).is_file() for path in kept["files"])


def test_a_worker_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/desk/worker.js").headers["ETag"]
    again = client.get("/desk/worker.js", headers={"If-None-Match": etag})
    assert again.status_code == 304
