"""Reading the log of acts: a treasurer her network's, a host her space's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.acts.models import Act
from cowopass.errors import DataInvalid
from cowopass.fields import LARGEST_INTEGER
from cowopass.people.access import Caller
from cowopass.people.models import ApiToken, Person


def list_acts(
    session: Session,
    caller: Caller,
    *,
    network: str | None = None,
    space: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[list[dict[str, Any]], int | None]:
    """Return acts of a network or of a space, the latest first, and where to go on.

    Each says who did it, by name where she is still known. Raises RoleForbidden, and DataInvalid
    when neither or both are named.
    """
    if (network is None) == (space is None):
        raise DataInvalid([{"path": "network", "message": "name a network, or a space"}])
    statement = select(Act)
    if network is not None:
        caller.must_keep(network)
        statement = statement.where(Act.network == network)
    if space is not None:
        caller.must_serve(space, "host")
        statement = statement.where(Act.space == space)
    if before is not None:
        statement = statement.where(Act.number < min(before, LARGEST_INTEGER))
    found = session.scalars(statement.order_by(Act.number.desc()).limit(limit + 1)).all()
    names = _names(session, found[:limit])
    documents = [_document(act, names) for act in found[:limit]]
    return documents, found[limit - 1].number if len(found) > limit else None


def _names(session: Session, acts: Iterable[Act]) -> dict[str, str]:
    ids = {act.actor_id for act in acts if act.actor_id}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    tokens = session.execute(select(ApiToken.id, ApiToken.label).where(ApiToken.id.in_(ids)))
    return {row[0]: row[1] for row in (*people, *tokens)}


def _document(act: Act, names: dict[str, str]) -> dict[str, Any]:
    columns = "number at act network space subject details"
    return {
        **{name: getattr(act, name) for name in columns.split()},
        "actor": {
            "kind": act.actor_kind,
            "id": act.actor_id or None,
            "name": names.get(act.actor_id) or None,
        },
    }
