"""A running instance for browsers: the real application behind a real server, on SQLite.

It keeps its port and its database when it stops and starts again, as a server does whose machine
was restarted.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from threading import Thread

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from cowopass.app import create_app
from cowopass.config import Config
from cowopass.passes.models import Pass, Plan
from cowopass.passes.wallet import wallet_link
from tests.factories import a_token, bearer
from tests.instances import SECRET


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def site_config(database_url: str, port: int) -> Config:
    """Return the settings of an instance that browsers of this machine reach."""
    return Config(
        environment="development",
        database_url=database_url,
        secret_key=SECRET,
        base_url=f"http://127.0.0.1:{port}",
        smtp_url=None,
        port=port,
    )


@dataclass
class Site:
    """An instance that can be stopped and started."""

    config: Config
    app: Flask = field(init=False)
    _server: BaseWSGIServer | None = None

    def __post_init__(self) -> None:
        self.app = create_app(self.config)

    @property
    def url(self) -> str:
        """Where it is reached, without a final slash."""
        return self.config.base_url

    def start(self) -> None:
        """Serve. Starting what runs changes nothing."""
        if self._server is None:
            self._server = make_server("127.0.0.1", self.config.port, self.app, threaded=True)
            Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}).start()

    def stop(self) -> None:
        """Refuse connections from now on; the database stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def close(self) -> None:
        """Stop, and let the database go."""
        self.stop()
        self.app.extensions["cowopass.engine"].dispose()

    def session(self) -> Session:
        """Return a session on the database, to look and to prepare; the caller commits."""
        return Session(self.app.extensions["cowopass.engine"], expire_on_commit=False)

    def headers(
        self, role: str, network: str | None = None, space: str | None = None
    ) -> dict[str, str]:
        """Return the header of a new API token, for pages that need a caller."""
        with self.session() as session:
            token = a_token(session, role, network, space)
            session.commit()
        return bearer(token)

    def wallet_link(self) -> str:
        """Return the link of a nomad of the demonstration who has a book with units left."""
        with self.session() as session:
            book = select(Pass).join(Plan).where(Plan.kind == "book", Pass.state == "active")
            sold = session.scalars(book.order_by(Pass.ends_on.desc(), Pass.reference)).first()
            if sold is None:
                raise LookupError("the demonstration has no book")
            return wallet_link(self.config, sold.holder)
