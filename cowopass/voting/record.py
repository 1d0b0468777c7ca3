"""The record of a vote: what was proposed, who voted what, and the result, signed by a network.

A compact JWS as the head of a month is: whoever has the network's public keys verifies it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import jwt
from jwt.types import Options

from cowopass.voting.models import Proposal
from cowopass.voting.rules import Choice
from wallet.keys import SigningKey, TrustedKey

VOTE_TYP = "cowopass-vote+jwt"
"""The `typ` of a record: a ticket or a month's head can never pass for one."""


def sign_record(
    key: SigningKey,
    proposal: Proposal,
    votes: Mapping[str, Choice],
    decided: Mapping[str, Any] | None,
) -> str:
    """Return the signed record of a counted proposal.

    `decided` is the version of an agreement that it makes, None for other kinds and where it
    failed. The text is there by its SHA-256: the open record has the words.
    """
    if proposal.closed_at is None or proposal.result is None:
        raise RuntimeError(f"{proposal.id} is signed before it was counted")
    payload = {
        "iss": key.issuer,
        "net": key.network,
        "proposal": proposal.id,
        "kind": proposal.kind,
        "space": proposal.space,
        "details": proposal.details,
        "agreement": decided,
        "text_sha256": sha256(proposal.text.encode()).hexdigest(),
        "opened_at": proposal.opened_at.isoformat(),
        "closed_at": proposal.closed_at.isoformat(),
        "effective_on": proposal.effective_on.isoformat(),
        "state": proposal.state,
        "result": proposal.result,
        "votes": dict(sorted(votes.items())),
        "iat": int(proposal.closed_at.timestamp()),
    }
    headers = {"kid": key.kid, "typ": VOTE_TYP}
    return jwt.encode(payload, key.private_key, algorithm="ES256", headers=headers)


def verify_record(token: str, keys: Iterable[TrustedKey]) -> dict[str, Any] | None:
    """Return what a signed record says, None when none of the keys signed it as a record."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        return None
    for key in keys:
        if header.get("typ") != VOTE_TYP or header.get("kid") != key.kid:
            continue
        try:
            said = jwt.decode(token, key.public_key, algorithms=["ES256"], options=_ANY_TIME)
        except jwt.InvalidTokenError:
            continue
        if said.get("net") == key.network:
            return said
    return None


_ANY_TIME: Options = {"verify_iat": False}
"""A record has no end: it is good as long as the key is known."""
