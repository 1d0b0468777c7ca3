"""Invoices over HTTP and from the command line."""

from __future__ import annotations

import json

import pytest
from facturx import get_facturx_xml_from_pdf

from cowopass.invoicing.cli import COMMANDS
from cowopass.settlement.lock import lock_period
from tests.cowopass.settlement.conftest import DECEMBER_2

MONTH = "/api/v1/periods/sainte/2026-11/invoices"


@pytest.fixture
def locked(november, legal, config, travel):
    """The worked example, locked; B gave no mandate, and C has no address."""
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    legal("b", self_billing_mandate_on=None)
    legal("c", town=None)
    return november


def test_the_treasurer_sees_what_there_is_to_do_then_does_it(client, locked, treasurer):  # noqa: ARG001
    before = client.get(MONTH, headers=treasurer).json
    assert (before["invoices"], before["waiting"]) == ([], 3)
    after = client.post(MONTH, headers=treasurer).json
    assert [one["number"] for one in after["invoices"]] == [
        "COMPTOIR-2026-000001",
        "CAISSE_SAINTE-2026-000001",
        "CAISSE_SAINTE-2026-000002",
    ]
    assert after["invoices"][0] == {
        "kind": "invoice",
        "issuer": "comptoir",
        "recipient": "b",
        "about": None,
        "regime": "standard",
        "first_on": "2026-11-12",
        "last_on": "2026-11-12",
        "net_cents": 3750,
        "vat_cents": 750,
        "rounding_cents": 0,
        "gross_cents": 4500,
        "number": "COMPTOIR-2026-000001",
        "period": "2026-11",
        "issued_on": "2026-12-02",
        "due_on": "2027-01-01",
    }
    assert [draft["recipient"] for draft in after["drafts"]] == ["comptoir"]
    assert after["missing"] == [{"who": "c", "what": "address"}]
    assert client.post(MONTH, headers=treasurer).json == after


def test_a_host_sees_its_own_and_issues_nothing(client, locked, treasurer, host_of):  # noqa: ARG001
    client.post(MONTH, headers=treasurer)
    seen = client.get(MONTH, headers=host_of("c")).json
    assert (seen["invoices"], seen["drafts"]) == ([], [])
    assert seen["missing"] == [{"who": "c", "what": "address"}]
    assert len(client.get(MONTH, headers=host_of("b")).json["invoices"]) == 2
    assert client.post(MONTH, headers=host_of("b")).status_code == 403
    assert client.get(MONTH).status_code == 401


def test_both_sides_download_an_invoice_and_nobody_else(client, locked, treasurer, host_of):  # noqa: ARG001
    client.post(MONTH, headers=treasurer)
    address = "/api/v1/invoices/COMPTOIR-2026-000001"
    for header in (treasurer, host_of("comptoir"), host_of("b")):
        answer = client.get(address, headers=header)
        assert answer.mimetype == "application/pdf"
        assert get_facturx_xml_from_pdf(answer.data)[0] == "factur-x.xml"
    assert client.get(address, headers=host_of("c")).status_code == 403
    assert client.get(f"{address}?format=xml", headers=treasurer).data.startswith(b"<?xml")
    unknown = client.get("/api/v1/invoices/NONE-2026-000001", headers=treasurer)
    assert (unknown.status_code, unknown.json["code"]) == (404, "invoice_unknown")


def test_a_draft_is_for_the_host_who_is_to_send_it(client, locked, treasurer, host_of):  # noqa: ARG001
    name = client.get(MONTH, headers=treasurer).json["drafts"][0]["name"]
    address = f"/api/v1/periods/sainte/2026-11/invoice-drafts/{name}"
    assert client.get(address, headers=host_of("b")).mimetype == "application/pdf"
    assert client.get(address, headers=host_of("comptoir")).status_code == 404


def test_before_the_lock_it_is_said_what_to_do(client, november, legal, treasurer):  # noqa: ARG001
    answer = client.get(MONTH, headers=treasurer)
    assert (answer.status_code, answer.json["code"]) == (409, "period_not_locked")


def test_the_commands_list_issue_and_write(app, locked, tmp_path):  # noqa: ARG001
    run = app.test_cli_runner().invoke
    listed = run(COMMANDS[0], ["list", "sainte", "2026-11"])
    assert "3 more to number: `cowopass invoice issue sainte 2026-11`." in listed.stdout
    issued = run(COMMANDS[0], ["issue", "sainte", "2026-11"])
    assert issued.exit_code == 0
    assert "COMPTOIR-2026-000001" in issued.stdout
    assert "c lacks an address with postcode, town and country." in issued.stderr
    assert (
        json.loads(run(COMMANDS[0], ["list", "sainte", "2026-11", "--json"]).stdout)["waiting"] == 0
    )
    for ending, start in (("pdf", b"%PDF"), ("xml", b"<?xml")):
        file = tmp_path / f"invoice.{ending}"
        assert (
            run(COMMANDS[0], ["write", "COMPTOIR-2026-000001", "--out", str(file)]).exit_code == 0
        )
        assert file.read_bytes().startswith(start)
    assert run(COMMANDS[0], ["write", "COMPTOIR-2026-000001", "--out", "x.doc"]).exit_code == 2
