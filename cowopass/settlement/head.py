"""The head of a locked month: what the network signs, and what every statement is checked by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from clearing.document import signed_plan
from cowopass import clock
from cowopass.settlement.months import Close
from wallet.keys import SigningKey

HEAD_TYP = "cowopass-head+jwt"
"""The `typ` of a head: a ticket can never pass for one, nor one for a ticket."""


def make_head(
    key: SigningKey,
    network: str,
    month: str,
    close: Close,
    previous_root: str | None,
    votes: Mapping[str, str],
) -> str:
    """Return the signed head of a month, a compact JWS by the network's key (ES256).

    `votes` has the hash of the signed vote of each agreement that was voted.
    """
    totals = close.totals
    payload: dict[str, Any] = {
        "iss": key.issuer,
        "net": network,
        "period": month,
        "count": totals.count,
        "root": totals.root.hex(),
        "gross_cents": totals.gross_cents,
        "fund_cents": totals.fund_cents,
        "charges": totals.charges,
        "positions": dict(sorted(totals.positions.items())),
        "carried_in": dict(sorted(totals.carried_in_cents.items())),
        "agreements": close.agreements,
        **({"votes": dict(votes)} if votes else {}),
        **signed_plan(close.plan),
        "previous_root": previous_root,
        "iat": int(clock.now().timestamp()),
    }
    headers = {"kid": key.kid, "typ": HEAD_TYP}
    return jwt.encode(payload, key.private_key, algorithm="ES256", headers=headers)
