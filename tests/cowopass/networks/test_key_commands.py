"""Keys by command."""

from __future__ import annotations

import json

import pytest

from cowopass.networks.keys import make_key
from tests.factories import a_network


@pytest.fixture
def run(app, session, config):
    """Return a function that runs a `key` command on an instance with one network."""
    a_network(session)
    make_key(session, config, "sainte")
    session.commit()
    return lambda *args: app.test_cli_runner().invoke(args=["cowopass", "key", *args])


@pytest.fixture
def listed(run):
    """Return a function that lists the keys."""
    return lambda: json.loads(run("list", "--json").stdout)


def test_keys_are_listed_without_their_private_halves(run, listed):
    (key,) = listed()
    assert (key["network"], key["state"]) == ("sainte", "signing")
    assert key["kid"] in run("list", "--network", "sainte").stdout
    assert run("list", "--network", "lyon").stdout == ""
    assert "PRIVATE" not in json.dumps(key)


def test_a_key_is_rotated(run, listed):
    result = run("rotate", "--network", "sainte")
    assert result.exit_code == 0
    assert [key["state"] for key in listed()] == ["signing", "next"]
    assert listed()[1]["kid"] in result.stdout


def test_a_key_is_rotated_at_once(run, listed):
    assert run("rotate", "--network", "sainte", "--now").exit_code == 0
    assert sorted(key["state"] for key in listed()) == ["retired", "signing"]


def test_a_stolen_key_is_replaced(run, listed):
    stolen = listed()[0]["kid"]
    result = run("compromise", stolen, "--network", "sainte")
    assert result.exit_code == 0
    states = {key["kid"]: key["state"] for key in listed()}
    assert states.pop(stolen) == "compromised"
    (successor,) = states
    assert states[successor] == "signing"
    assert successor in result.stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("rotate", "--network", "lyon"), "There is no network `lyon`."),
        (("compromise", "none", "--network", "sainte"), "There is no signing key `none`."),
        (("compromise", "-none", "--network", "sainte"), "There is no signing key `-none`."),
        (("compromise", "--network", "sainte", "--none"), "There is no signing key `--none`."),
    ],
)
def test_a_key_or_network_that_is_not_there_is_told(run, args, says):
    result = run(*args)
    assert result.exit_code == 1
    assert says in result.stderr
