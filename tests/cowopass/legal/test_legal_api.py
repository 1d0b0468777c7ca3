"""Who stands behind a space, over HTTP and by command; what a late regime and a new IBAN do."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.legal.accounts import changes_since
from cowopass.legal.cli import COMMANDS
from cowopass.legal.lacks import gaps_of
from cowopass.mail.models import Mail
from cowopass.networks.models import LegalEntity, VatRegime
from cowopass.people.access import Grant
from cowopass.spaces.models import Space
from tests.cowopass.invoicing.conftest import a_legal_side
from tests.factories import a_person, a_token, bearer

TODAY = date(2026, 11, 20)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATH = "/api/v1/spaces/b/legal"
OLD, NEW = "FR7630004000010000000000136", "FR7630004000010000000000039"


@pytest.fixture
def write(client, legal, host_of):  # noqa: ARG001 (everybody has a legal side)
    """Return a function that sends the legal side of B back with changes, as its host."""
    headers = host_of("b")

    def send(**over):
        body = {**client.get(PATH, headers=headers).json["legal"], **over}
        return client.put(PATH, json=body, headers=headers)

    return send


def test_what_is_read_can_be_sent_back_and_changes_nothing(write, session):
    answer = write()
    assert answer.status_code == 200, answer.text
    assert answer.json["lacks"] == ["iban"]
    assert answer.json["touched"] == []
    assert "legal_saved" not in set(session.scalars(select(Act.act)))


def test_only_its_own_host_writes_it(client, sainte, legal, host_of, treasurer):  # noqa: ARG001
    body = client.get(PATH, headers=treasurer).json["legal"]
    device = bearer(a_token(sainte, "device", space="b"))
    sainte.commit()
    assert client.put(PATH, json=body, headers=treasurer).status_code == 403
    for headers in (device, host_of("c")):
        assert client.get(PATH, headers=headers).status_code == 403
        assert client.put(PATH, json=body, headers=headers).status_code == 403
    assert client.get(PATH).status_code == 401
    assert client.get(PATH.replace("/b/", "/nowhere/"), headers=treasurer).status_code == 404


def test_a_wrong_number_is_said_by_its_path_and_nothing_is_written(write, client, host_of):
    answer = write(iban="FR7630004000010000000000137", siret="99900002900011", town="Lyon")
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json["errors"]} >= {"iban", "siret"}
    assert client.get(PATH, headers=host_of("b")).json["legal"]["iban"] is None


def test_an_iban_that_changes_is_an_act_and_mailed_to_hosts_and_treasurers(write, sainte):
    for email, grant in (
        ("anne@b.example", Grant("host", "sainte", "b")),
        ("carl@c.example", Grant("host", "sainte", "c")),
        ("tess@sainte.example", Grant("treasurer", "sainte")),
    ):
        a_person(sainte, email, grant)
    sainte.commit()
    assert write(iban=OLD).status_code == 200
    assert changes_since(sainte, "sainte", LONG_AGO) == {}
    sainte.commit()
    assert write(iban=NEW, bic=None).status_code == 200
    assert write(iban=NEW).status_code == 200
    acts = sainte.scalars(select(Act).where(Act.act == "iban_changed").order_by(Act.number)).all()
    assert [(act.space, act.subject, act.details) for act in acts] == [
        ("b", "b", {"before": None, "now": "FR76 … 0136"}),
        ("b", "b", {"before": "FR76 … 0136", "now": "FR76 … 0039"}),
    ]
    mails = sainte.scalars(select(Mail).order_by(Mail.queued_at, Mail.recipient)).all()
    assert sorted(mail.recipient for mail in mails) == 2 * ["anne@b.example"] + 2 * [
        "tess@sainte.example"
    ]
    assert not any(NEW in mail.text or OLD in mail.text for mail in mails)
    to_host, to_treasurer = (
        next(mail.text for mail in mails if mail.recipient == who and "0039" in mail.text)
        for who in ("anne@b.example", "tess@sainte.example")
    )
    assert "/desk/b/legal" in to_host
    assert "/treasury/sainte/log" in to_treasurer
    changed = changes_since(sainte, "sainte", LONG_AGO)["b"]
    assert changed.now == "FR76 … 0039"
    assert changes_since(sainte, "sainte", changed.at.replace(year=2027)) == {}


def test_a_regime_told_late_says_which_invoices_are_made_out_anew(november, write, issue):  # noqa: ARG001
    issued = issue()
    ours = [one.number for one in issued.invoices if one.issuer == "b"]
    late = {"regime": "standard", "effective_from": "2026-11-01"}
    answer = write(vat=[late], vat_number="FR23999000029")
    assert answer.json["touched"] == [
        {"month": "2026-11", "invoices": ours},
        {"month": "2026-12", "invoices": []},
    ]
    again = issue("2026-11")
    assert {one.about for one in again.invoices if one.kind == "credit_note"} == set(ours)


@pytest.mark.parametrize(
    ("version", "touched"),
    [
        (("standard", "2027-01-01"), []),
        (("franchise", "2026-11-05"), []),
        (("standard", "2026-11-05"), [{"month": "2026-11", "invoices": []}]),
    ],
)
def test_what_is_to_come_or_known_touches_no_month(november, write, version, touched):  # noqa: ARG001
    regime, since = version
    answer = write(vat=[{"regime": regime, "effective_from": since}])
    assert answer.json["touched"] == touched


@pytest.mark.parametrize(
    ("over", "gaps"),
    [
        ({}, ["iban"]),
        ({"iban": OLD}, []),
        ({"iban": OLD, "siret": None, "town": None}, ["siret", "address"]),
        ({"iban": OLD, "vat": []}, ["vat_regime"]),
        (
            {"iban": OLD, "vat": [VatRegime(regime="standard", effective_from=TODAY)]},
            ["vat_number"],
        ),
        (
            {"iban": OLD, "vat": [VatRegime(regime="standard", effective_from=date(2027, 1, 1))]},
            ["vat_regime"],
        ),
    ],
)
def test_what_a_side_lacks(over, gaps):
    assert gaps_of(a_legal_side("b", **over), TODAY) == gaps


def test_without_a_legal_side_all_of_it_lacks_and_the_first_one_is_written(
    client, sainte, host_of, app
):
    headers = host_of("b")
    assert client.get(PATH, headers=headers).json == {
        "space": "b",
        "legal": None,
        "lacks": ["legal"],
    }
    assert client.put(PATH, json={"name": "B", "iban": OLD}, headers=headers).status_code == 200
    sainte.expire_all()
    side = sainte.get_one(Space, "b").legal
    assert isinstance(side, LegalEntity)
    assert side.iban == OLD
    sainte.commit()
    run = app.test_cli_runner().invoke
    shown = run(COMMANDS[0], ["b"])
    assert f"iban: {OLD}" in shown.output
    assert "b lacks vat_regime, siret, address." in shown.output
    as_json = run(COMMANDS[0], ["b", "--json"])
    assert json.loads(as_json.stdout)["legal"]["name"] == "B"
