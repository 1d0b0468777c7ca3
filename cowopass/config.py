"""What the service takes from its environment. With nothing set, development works."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from environs import Env, EnvError

from cowopass.errors import ConfigurationInvalid
from wallet.qr import check_base_url

Environment = Literal["development", "production"]

SMTP_SCHEMES = ("smtp", "starttls", "smtps")
"""Mails go in the clear (to a server on this machine), or encrypted in one of two ways."""

INSTANCE = "instance"
"""The folder of the embedded database and of the generated secret, below the working folder."""


@dataclass(frozen=True)
class Config:
    """Settings of one instance. `base_url` is where the outside reaches it, without a final slash.

    `secret_key` seals private keys and signs links; it must outlive the database's backups.
    `proxies` is how many servers of ours stand in front, each telling who called it.
    """

    environment: Environment
    database_url: str
    secret_key: str
    base_url: str
    smtp_url: str | None
    port: int
    mail_from: str | None = None
    proxies: int = 0

    @property
    def sender(self) -> str:
        """Whose mails they are: the address set, or `cowopass` at the instance's own host."""
        return self.mail_from or f"cowopass@{urlsplit(self.base_url).hostname}"

    @property
    def is_production(self) -> bool:
        """Whether real money hangs on this instance: no default secret, no demo."""
        return self.environment == "production"

    @property
    def are_mails_shown(self) -> bool:
        """Whether mails land on a page, as no server sends them and nothing here is real."""
        return self.smtp_url is None and not self.is_production


def read_config(instance: Path | None = None) -> Config:
    """Read the settings from the environment.

    Raises ConfigurationInvalid, with what to do, and BaseUrlTooLong when a ticket's QR code made
    with this base URL would be too dense to scan.
    """
    env = Env()
    folder = instance or Path.cwd() / INSTANCE
    environment = _environment(env.str("COWOPASS_ENV", "development"))
    port = _number(env, "PORT", 8000)
    config = Config(
        environment=environment,
        database_url=env.str("DATABASE_URL", "") or f"sqlite:///{folder / 'cowopass.db'}",
        secret_key=env.str("COWOPASS_SECRET_KEY", "") or _kept_secret(folder, environment),
        base_url=env.str("COWOPASS_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        smtp_url=env.str("COWOPASS_SMTP_URL", "") or None,
        port=port,
        mail_from=env.str("COWOPASS_MAIL_FROM", "") or None,
        proxies=_number(env, "COWOPASS_PROXIES", 0),
    )
    _check(config)
    return config


def _number(env: Env, variable: str, default: int) -> int:
    try:
        return env.int(variable, default)
    except EnvError as error:
        raise ConfigurationInvalid(variable, "must be a number") from error


def _environment(name: str) -> Environment:
    if name not in get_args(Environment):
        raise ConfigurationInvalid("COWOPASS_ENV", "must be `development` or `production`")
    return cast(Environment, name)


def _check(config: Config) -> None:
    if config.is_production and not config.base_url.startswith("https://"):
        raise ConfigurationInvalid("COWOPASS_BASE_URL", "must begin with https:// in production")
    if len(config.secret_key) < 32:
        raise ConfigurationInvalid("COWOPASS_SECRET_KEY", "must have at least 32 characters")
    if config.smtp_url is not None:
        _check_smtp_url(config.smtp_url)
    check_base_url(config.base_url)


def _check_smtp_url(url: str) -> None:
    """Refuse now what would keep every mail from being sent later; the port may be left out."""
    try:
        server = urlsplit(url)
        is_whole = server.scheme in SMTP_SCHEMES and server.hostname and server.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ConfigurationInvalid(
            "COWOPASS_SMTP_URL", "must look like starttls://user:password@mail.example.org:587"
        )


def _kept_secret(folder: Path, environment: Environment) -> str:
    """Return the generated secret of a development instance, made on first use."""
    if environment == "production":
        raise ConfigurationInvalid("COWOPASS_SECRET_KEY", "must be set in production")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
