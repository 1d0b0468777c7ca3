"""Passes by command: the same as over HTTP."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from cowopass.app import create_app
from cowopass.passes.models import Pass

ISSUE = ["pass", "issue", "--home", "comptoir", "--plan", "voyageur", "--holder", "Zoé Petit"]


@pytest.fixture
def run(app, host):  # noqa: ARG001 (its plans are what is sold)
    """Return a function that runs a command and returns its result."""
    return lambda *args: app.test_cli_runner().invoke(args=["cowopass", *map(str, args)])


@pytest.fixture
def issue(run):
    """Return a function that sells a pass and returns the answer."""

    def sell(*options):
        result = run(*ISSUE, "--json", *options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return sell


def test_a_pass_is_issued_as_over_http(issue, sell):
    by_command, by_http = issue("--email", "zoe@example.org"), sell().json
    assert by_command.keys() == by_http.keys()
    assert by_command["ticket"].keys() == by_http["ticket"].keys()
    assert by_command["holder"] == {"name": "Zoé Petit", "email": "zoe@example.org"}


def test_the_token_is_alone_on_the_last_line(run):
    result = run(*ISSUE)
    assert result.exit_code == 0
    token = result.stdout.splitlines()[-1]
    assert len(token.split(".")) == 3
    assert " " not in token


@pytest.mark.parametrize(
    ("form", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")]
)
def test_the_ticket_s_picture_is_written(run, tmp_path, form, begins):
    path = tmp_path / f"ticket.{form}"
    assert run(*ISSUE, "--qr", path).exit_code == 0
    assert path.read_bytes().startswith(begins)


def test_a_picture_that_can_not_be_written_sells_nothing(run, session, tmp_path):
    result = run(*ISSUE, "--qr", tmp_path / "none" / "ticket.png")
    assert result.exit_code == 1
    assert "ticket.png" in result.stderr
    assert session.scalar(select(func.count()).select_from(Pass)) == 0


def test_a_picture_of_another_form_is_a_usage_error(run, session, tmp_path):
    assert run(*ISSUE, "--qr", tmp_path / "ticket.gif").exit_code == 2
    assert session.scalar(select(func.count()).select_from(Pass)) == 0


@pytest.mark.parametrize(
    "options", [["--email", "none"], ["--starts-on", "tomorrow"], ["--reference", ""]]
)
def test_a_wrong_option_sells_nothing(run, session, options):
    assert run(*ISSUE, *options).exit_code != 0
    assert session.scalar(select(func.count()).select_from(Pass)) == 0


def test_a_volunteer_pays_her_price(run):
    options = ["--plan", "resident", "--volunteer", "--json"]
    assert json.loads(run(*ISSUE, *options).stdout)["price_paid_cents"] == 19_000


def test_the_life_of_a_pass_by_command(run, issue):
    sold = issue("--plan", "nomade")["id"]

    def state(*args):
        result = run("pass", *args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["state"]

    assert state("suspend", sold, "--reason", "not paid") == "suspended"
    assert state("resume", sold) == "active"
    assert state("ticket", sold) == "active"
    assert state("golden", sold, "--recipient", "ami@example.org") == "active"
    assert state("renew", sold) == "active"
    assert state("show", sold) == "active"
    assert state("refund", sold, "--paid-through", "2026-12") == "refunded"


def test_a_refund_says_what_the_holder_gets_back(run, issue):
    sold = issue()["id"]
    result = run("pass", "refund", sold)
    assert "refund.amount_cents 15000" in " ".join(result.stdout.split())


def test_passes_are_listed(run, issue):
    sold = issue("--reference", "C-1")["id"]
    issue()
    listed = json.loads(run("pass", "list", "--home", "comptoir", "--json").stdout)
    assert len(listed) == 2
    by_reference = run("pass", "list", "--home", "comptoir", "--reference", "C-1").stdout
    assert by_reference.startswith(f"{sold}  active  11 left  2027-11-23  voyageur  Zoé Petit")


def test_an_unknown_pass_fails(run):
    assert run("pass", "show", "pas_none").exit_code != 0
    assert run("pass", "revoke", "pas_none").exit_code != 0


@pytest.mark.parametrize("name", ["token", "url"])
def test_a_ticket_that_counts_is_shown(run, issue, name):
    sold = issue()
    result = run("ticket", "show", sold["ticket"][name])
    assert result.exit_code == 0, result.output
    for said in (sold["id"], sold["ticket"]["jti"], "sainte", "valid", "2027-11-23T23:00:00"):
        assert said in result.stdout


@pytest.mark.parametrize(
    ("options", "action", "code"),
    [
        ([], "revoke", "revoked"),
        ([], "ticket", "revoked"),
        ([], "refund", "revoked"),
        ([], "suspend", "suspended"),
        (["--starts-on", "2026-11-25"], None, "not_yet_valid"),
    ],
)
def test_a_ticket_that_does_not_count_is_shown_with_the_reason(run, issue, options, action, code):
    sold = issue(*options)
    if action:
        run("pass", action, sold["id"])
    result = run("ticket", "show", sold["ticket"]["token"], "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["code"] == code


def test_a_forged_ticket_is_shown_as_such(run, issue):
    head, claims, signature = issue()["ticket"]["token"].split(".")
    forged = ".".join((head, claims, signature[::-1].lstrip("gwQA")[:85].ljust(86, "A")))
    assert json.loads(run("ticket", "show", forged, "--json").stdout)["code"] == "bad_signature"


@pytest.mark.parametrize("text", ["nonsense", "eyJhbGci", "A" * 10_000_000])
def test_what_is_no_ticket_fails(run, text):
    assert run("ticket", "show", text).exit_code != 0


def test_a_ticket_is_read_where_there_is_no_database(issue, config, tmp_path):
    token = issue()["ticket"]["token"]
    elsewhere = create_app(
        type(config)(**{**vars(config), "database_url": f"sqlite:///{tmp_path / 'none.db'}"})
    )
    with elsewhere.app_context():
        result = elsewhere.test_cli_runner().invoke(args=["cowopass", "ticket", "show", token])
    elsewhere.extensions["cowopass.engine"].dispose()
    assert result.exit_code == 1
    assert "comptoir" in result.stdout
    assert "unchecked" in result.stdout
