"""Writing the legal side of a space or of a fund, wherever it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.legal.accounts import note_change, scope_of
from cowopass.networks.legal import save_legal, save_vat_regime
from cowopass.networks.models import Network
from cowopass.spaces.models import Space
from cowopass.spaces.service import hold_space


def hold_side(session: Session, slug: str) -> Space:
    """Return a space whose legal side is to be changed, held until then. Raises SpaceUnknown."""
    space = hold_space(session, slug)
    if space.legal is not None:
        session.refresh(space.legal)
    return space


def save_side(
    session: Session, config: Config, owner: Space | Network, values: Mapping[str, Any] | None
) -> bool:
    """Write the legal side of a space, or of a network's fund; return whether anything changed.

    `values` are as the schemas load them, None where there is none; VAT regimes are added to those
    that are known. A change is noted in the log. When the IBAN of a side that is known changes, the
    hosts and the treasurers are told. Raises LegalKept when there is one and no values any more.
    """
    side = owner.legal if isinstance(owner, Space) else owner.fund
    before = side.iban if side else None
    is_known = side is not None
    columns = None if values is None else {k: v for k, v in values.items() if k != "vat"}
    side, is_changed = save_legal(session, side, columns)
    if side is None or values is None:
        return False
    for version in values["vat"]:
        is_changed |= save_vat_regime(side, **version)
    if isinstance(owner, Space):
        owner.legal = side
    else:
        owner.fund = side
    if is_changed:
        record_act(session, "legal_saved", **scope_of(owner), subject=owner.slug)
    if is_known and side.iban != before:
        note_change(session, config, owner, before, side.iban)
    return is_changed
