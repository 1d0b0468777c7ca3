"""How often somebody may try: counted in the database, so that all processes count together.

Each count is a transaction of its own, before the view's: a try that was refused counts too.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.running import current_engine
from cowopass.web.models import RateCount


class DatabaseStorage(Storage):
    """Keeps the counts of Flask-Limiter in the service's own database."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 (as limits has it)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong when the database is down."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more in a window of `expiry` seconds that begins with the first; return all."""
        now = clock.now()
        dialect = sqlite if current_engine().dialect.name == "sqlite" else postgresql
        begun = RateCount.expires_at <= now
        row = {"key": key, "hits": amount, "expires_at": now + timedelta(seconds=expiry)}
        statement = dialect.insert(RateCount).values(row)
        counted = statement.on_conflict_do_update(
            index_elements=[RateCount.key],
            set_={
                "hits": case((begun, amount), else_=RateCount.hits + amount),
                "expires_at": case(
                    (begun, statement.excluded.expires_at), else_=RateCount.expires_at
                ),
            },
        ).returning(RateCount.hits)
        with current_engine().begin() as connection:
            connection.execute(
                delete(RateCount).where(RateCount.expires_at <= now, RateCount.key != key)
            )
            hits: int = connection.execute(counted).scalar_one()
        return hits

    def get(self, key: str) -> int:
        """Return the count of a window that has not ended."""
        row = self._row(key)
        return row.hits if row is not None else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        row = self._row(key)
        return (row.expires_at if row is not None else clock.now()).timestamp()

    def check(self) -> bool:
        """Return whether counting works; when it does not, the views do not either."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with current_engine().begin() as connection:
            return connection.execute(delete(RateCount)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with current_engine().begin() as connection:
            connection.execute(delete(RateCount).where(RateCount.key == key))

    def _row(self, key: str) -> Any:  # noqa: ANN401 (a row of the table)
        engine = current_engine().execution_options(sqlite_begin="BEGIN")
        with engine.begin() as connection:
            return connection.execute(
                select(RateCount.hits, RateCount.expires_at).where(
                    RateCount.key == key, RateCount.expires_at > clock.now()
                )
            ).first()


def forget_old_counts(session: Session) -> int:
    """Remove the counts whose window has ended; return how many."""
    old = RateCount.expires_at <= clock.now()
    return len(session.scalars(delete(RateCount).where(old).returning(RateCount.key)).all())


def who_by_address() -> str:
    """Return a key for the address that a request comes from, which does not tell it."""
    return _blind(request.remote_addr or "")


def who_by_form(field: str) -> Callable[[], str]:
    """Return a function that keys a request by what stands in a field of its form."""
    return lambda: _blind(request.form.get(field, "").strip().lower())


limiter = Limiter(
    who_by_address, storage_uri="database://", headers_enabled=True, key_prefix="rate"
)


def register(app: Flask) -> None:
    """Let views of an application limit how often they are tried."""
    limiter.init_app(app)


def _blind(text: str) -> str:
    """Return a pseudonym: counts are kept for an hour, addresses and e-mails not at all."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]
