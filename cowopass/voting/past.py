"""What a vote can no longer change: charged and locked months."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from cowopass.ledger import past
from cowopass.networks.agreements import Past, Version


def past_of(session: Session) -> Past:
    """Return what is charged and locked, as far as it is asked for."""

    def charged_months(version: Version) -> Collection[str]:
        return past.charged_months(session, version)

    return Past(past.locked_until(session), charged_months)
