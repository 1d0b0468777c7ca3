"""What the environment may say, and how the service refuses to start with anything else."""

from __future__ import annotations

import pytest

from cowopass.config import read_config
from cowopass.errors import ConfigurationInvalid
from wallet.errors import BaseUrlTooLong

SECRET = "a secret of more than thirty-two characters"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("ENV", "SECRET_KEY", "BASE_URL", "SMTP_URL"):
        monkeypatch.delenv(f"COWOPASS_{name}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PORT", raising=False)


def test_with_nothing_set_development_works_and_keeps_its_secret(tmp_path):
    first, second = read_config(tmp_path), read_config(tmp_path)
    assert first.database_url == f"sqlite:///{tmp_path / 'cowopass.db'}"
    assert first.base_url == "http://127.0.0.1:8000"
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "abc"),
        ("COWOPASS_ENV", "staging"),
        ("COWOPASS_SECRET_KEY", "short"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_do(monkeypatch, tmp_path, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationInvalid, match=variable):
        read_config(tmp_path)


def test_a_base_url_too_long_for_a_readable_qr_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("COWOPASS_BASE_URL", f"https://{'a' * 60}.example")
    with pytest.raises(BaseUrlTooLong):
        read_config(tmp_path)


def test_production_takes_no_default_secret_and_no_plain_http(monkeypatch, tmp_path):
    monkeypatch.setenv("COWOPASS_ENV", "production")
    with pytest.raises(ConfigurationInvalid, match="COWOPASS_SECRET_KEY"):
        read_config(tmp_path)
    monkeypatch.setenv("COWOPASS_SECRET_KEY", SECRET)
    with pytest.raises(ConfigurationInvalid, match="COWOPASS_BASE_URL"):
        read_config(tmp_path)
    monkeypatch.setenv("COWOPASS_BASE_URL", "https://pass.example/")
    assert read_config(tmp_path).base_url == "https://pass.example"
