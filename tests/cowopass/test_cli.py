from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cowopass import migration
from cowopass.cli import root
from tests.factories import a_network, a_space, bearer


@pytest.fixture
def run(app):
    def invoke(*arguments):
        with app.app_context():
            return CliRunner().invoke(root, list(arguments))

    return invoke


def test_init_brings_a_database_to_this_version_and_may_be_repeated(run, engine):
    migration.downgrade(engine)
    for _ in range(2):
        done = run("init")
        assert done.exit_code == 0
        assert f"revision {migration.head()}" in done.stdout
        assert migration.is_current(engine)


def test_a_command_on_a_database_without_tables_says_to_run_init(run, engine):
    migration.downgrade(engine)
    failed = run("token", "list")
    assert failed.exit_code == 1
    assert "run `cowopass init`" in failed.stderr


def test_a_token_is_printed_once_alone_on_the_last_line(run, session, client):
    a_network(session)
    a_space(session, "Comptoir")
    session.commit()
    made = run("token", "create", "--role", "host", "--space", "comptoir", "--label", "desk")
    assert made.exit_code == 0
    token = made.stdout.splitlines()[-1]
    assert made.stdout == f"{token}\n"
    listed = run("token", "list", "--json")
    (record,) = json.loads(listed.stdout)
    assert token not in listed.stdout
    assert (record["role"], record["space"], record["network"]) == ("host", "comptoir", "sainte")
    answer = client.get("/api/v1/passes?home=comptoir", headers=bearer(token))
    assert answer.status_code == 200


def test_a_token_that_is_cut_off_opens_nothing(run, client):
    token = run("token", "create", "--role", "operator").stdout.strip()
    (record,) = json.loads(run("token", "list", "--json").stdout)
    for _ in range(2):
        assert run("token", "revoke", record["id"]).exit_code == 0
    answer = client.get("/api/v1/passes?home=comptoir", headers=bearer(token))
    assert answer.status_code == 401
    assert record["id"] in run("token", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "host"], "needs --space"),
        (["--role", "treasurer"], "needs --network"),
        (["--role", "host", "--space", "nowhere"], "There is no space `nowhere`."),
        (["--role", "treasurer", "--network", "nowhere"], "There is no network `nowhere`."),
    ],
)
def test_a_token_for_no_place_is_refused_in_a_sentence(run, arguments, said):
    failed = run("token", "create", *arguments)
    assert failed.exit_code == 1
    assert said in failed.stderr
    assert failed.stdout == ""


def test_revoking_an_unknown_token_says_so(run):
    failed = run("token", "revoke", "tok_none")
    assert failed.exit_code == 1
    assert "tok_none" in failed.stderr


def test_a_wrong_option_exits_with_2(run):
    assert run("token", "create", "--role", "king").exit_code == 2


def test_the_same_commands_run_under_flask(app):
    done = app.test_cli_runner().invoke(args=["cowopass", "token", "list", "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


@pytest.mark.slow
def test_the_console_script_takes_its_database_from_the_environment(database_url, tmp_path):
    environment = {**os.environ, "DATABASE_URL": database_url, "COWOPASS_SECRET_KEY": "x" * 40}
    done = _cowopass(environment, tmp_path, "init")
    assert done.returncode == 0
    assert "is ready" in done.stdout


@pytest.mark.slow
def test_a_wrong_environment_is_a_sentence_and_not_a_traceback(tmp_path):
    done = _cowopass({**os.environ, "COWOPASS_ENV": "moon"}, tmp_path, "token", "list")
    assert done.returncode == 1
    assert "COWOPASS_ENV must be" in done.stderr
    assert "Traceback" not in done.stderr


def _cowopass(environment, folder, *arguments):
    command = [sys.executable, "-m", "cowopass", *arguments]
    return subprocess.run(  # noqa: S603 (our own command)
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
