from __future__ import annotations

import json
from uuid import uuid4

import pytest

from cowopass.desk.models import CheckIn
from wallet.code import show_code
from wallet.qr import token_to_text


@pytest.fixture
def run(app):
    """Return a function that runs a command of the service."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["cowopass", *words])


def test_a_ticket_is_redeemed_by_command(sell, run):
    _, ticket = sell()
    done = run("check-in", "--space", "rubanerie", ticket.token)
    assert done.exit_code == 0
    assert done.stdout.endswith("accepted  Hello Camille. 10 days left.\n")


def test_json_is_what_the_api_answers(sell, run):
    _, ticket = sell()
    key = str(uuid4())
    done = run("check-in", "--space", "rubanerie", ticket.token, "--id", key, "--json")
    told = json.loads(done.stdout)
    assert (told["id"], told["state"], told["units_left"]) == (key, "accepted", 10)
    assert told["message"] == "Bonjour Camille. Il reste 10 journées."
    again = run("check-in", "--space", "rubanerie", ticket.token, "--id", key, "--json")
    assert json.loads(again.stdout) == told


@pytest.mark.parametrize("form", ["code", "url"])
def test_a_short_code_or_an_address_does_as_well(sell, run, config, form):
    _, ticket = sell()
    shown = {
        "code": show_code(ticket.code),
        "url": token_to_text(ticket.token, config.base_url),
    }[form]
    assert run("check-in", "--space", "rubanerie", shown).exit_code == 0


def test_a_refusal_says_why_and_what_to_do_and_fails(sell, run):
    _, ticket = sell(state="suspended")
    done = run("check-in", "--space", "rubanerie", ticket.token, "--json")
    assert done.exit_code == 1
    assert done.stderr.startswith("suspended: This pass is suspended.")
    assert json.loads(done.stdout)["code"] == "suspended"
    plain = run("check-in", "--space", "rubanerie", ticket.token)
    assert (plain.exit_code, plain.stdout) == (1, "")


def test_a_visit_reported_afterwards_is_refused_by_the_pass_alone(sell, run, rows):
    _, ticket = sell(units=1)
    at = "2026-11-20T09:00:00+01:00"
    assert run("check-in", "--space", "rubanerie", ticket.token, "--at", at).exit_code == 0
    later = "2026-11-21T09:00:00+01:00"
    done = run("check-in", "--space", "rubanerie", ticket.token, "--at", later)
    assert (done.exit_code, done.stderr.split(":")[0]) == (1, "no_units_left")
    assert sorted(rows(CheckIn.source, CheckIn.state)) == [
        ("import", "accepted"),
        ("import", "refused"),
    ]


@pytest.mark.parametrize("at", ["2026-11-25T12:00:00+01:00", "2023-01-01T12:00:00+01:00"])
def test_a_visit_of_tomorrow_or_of_years_ago_fails(sell, run, at):
    _, ticket = sell()
    done = run("check-in", "--space", "rubanerie", ticket.token, "--at", at)
    assert done.exit_code == 1
    assert done.stderr.split(":")[0] in {"in_future", "too_old"}


@pytest.mark.parametrize(
    "words",
    [["--at", "2026-11-24T09:00:00"], ["--at", "yesterday"], ["--id", "7"], ["--override", ""]],
)
def test_options_are_checked_like_a_body(sell, run, count, words):
    _, ticket = sell()
    done = run("check-in", "--space", "rubanerie", ticket.token, *words)
    assert done.exit_code == 1
    assert count(CheckIn) == 0


def test_a_check_in_is_voided_and_extended_by_command(sell, run, scan):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day").json["id"]
    extended = run("extend", visit, "--json")
    assert json.loads(extended.stdout)["unit"] == "day"
    voided = run("void", visit, "--reason", "Erreur")
    assert voided.stdout == f"{visit}  voided  This check-in is voided.\n"
    assert run("void", str(uuid4()), "--reason", "Erreur").exit_code == 1


def test_an_extension_without_units_fails_and_says_why(sell, run, scan):
    _, ticket = sell(unit="half_day", units=1, price_cents=900)
    visit = scan(ticket).json["id"]
    done = run("extend", visit)
    assert (done.exit_code, done.stderr.split(":")[0]) == (1, "no_units_left")
