"""Making the documents that were asked for: by a thread of each web process.

The thread only hands out the work and keeps what comes back: type is set in other processes.
"""

from __future__ import annotations

import structlog

from cowopass.chores import Chore
from cowopass.documents.edition import read_edition
from cowopass.documents.jobs import Key, begin, claim_due, finish, has_due, keep
from cowopass.documents.kinds import Bench, list_documents
from cowopass.documents.making import make_all
from cowopass.running import current_config
from cowopass.transaction import transaction

log = structlog.get_logger()


def make_due() -> int:
    """Make the documents of every month that was asked for; return of how many months."""
    months = 0
    while (key := _claim()) is not None:
        make_month(key)
        months += 1
    return months


def make_month(key: Key) -> None:
    """Make the documents of a month that is claimed; what is there already is not made again.

    No transaction is open while a document is made.
    """
    config = current_config()
    with transaction() as session:
        bench = Bench(session, config, *key)
        listing, edition = list_documents(bench), read_edition(bench)
        left = begin(session, key, listing, edition)
    log.info("documents begun", network=key.network, month=key.month, left=len(left))
    for wanted, made in make_all(config, *key, left):
        with transaction() as session:
            keep(session, key, wanted, edition, made)
    with transaction() as session:
        finish(session, key)
    log.info("documents finished", network=key.network, month=key.month)


def _claim() -> Key | None:
    with transaction() as session:
        return claim_due(session)


TYPESETTER = Chore("typesetter", seconds=1, is_due=has_due, do=make_due)
"""A month that fails is tried again when its lease is over, and given up after a few times."""
