"""A phone that trusts the authority reaches the instance over HTTPS, and no other address."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from threading import Thread
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from cryptography import x509
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from cowopass import clock
from cowopass.lan import cli
from cowopass.lan.cli import lan


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(lan, list(arguments))


@pytest.fixture
def folder(run, tmp_path):
    done = run("--address", "127.0.0.1", "--port", "8443")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "instance" / "lan" / "127.0.0.1"
    assert done.stdout.splitlines() == [str(folder)]
    return folder


@pytest.fixture
def served(folder):
    pair = (str(folder / "server.crt"), str(folder / "server.key"))
    server = make_server("127.0.0.1", 0, Response("hello"), ssl_context=pair)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.port
    server.shutdown()
    server.server_close()
    thread.join()


def test_who_trusts_the_authority_is_served(folder, served):
    trust = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    with urlopen(f"https://127.0.0.1:{served}/", context=trust) as answer:
        assert answer.read() == b"hello"


def test_the_certificate_is_for_this_address_alone(folder, served):
    trust = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"https://localhost:{served}/", context=trust)


def test_the_address_is_kept_for_the_server_and_shown_to_people(run, folder):
    assert (folder / "base-url").read_text() == "https://127.0.0.1:8443\n"
    shown = run("--address", "127.0.0.1", "--port", "8443").stderr
    assert "https://127.0.0.1:8443" in shown
    assert "█" in shown


def test_a_certificate_is_kept_until_it_is_about_to_end(run, folder):
    first = (folder / "server.crt").read_bytes()
    run("--address", "127.0.0.1")
    assert (folder / "server.crt").read_bytes() == first
    with clock.pretend(datetime.now(UTC) + timedelta(days=360)):
        run("--address", "127.0.0.1")
    assert (folder / "server.crt").read_bytes() != first


def test_the_key_is_its_owners_alone(folder):
    assert (folder / "server.key").stat().st_mode & 0o077 == 0
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_an_address_with_a_slip_in_it_is_told(run):
    refused = run("--address", "192.168.1")
    assert refused.exit_code == 2
    assert "192.168.1.20" in refused.output


def test_without_an_address_the_one_that_leads_outside_is_taken(run, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "ELSEWHERE", ("127.0.0.1", 9))
    assert run().exit_code == 0
    assert (tmp_path / "instance" / "lan" / "127.0.0.1" / "server.crt").exists()
