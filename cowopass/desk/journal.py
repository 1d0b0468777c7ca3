"""Entries of a desk's journal: what it was shown without network, numbered and signed by it.

The format is docs/reference/offline.md. The signature is by a key that never leaves the desk's
browser: an entry was not changed since, and a number that is missing or doubled shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cowopass.desk.remedies import REMEDIES
from cowopass.errors import JournalInvalid
from wallet.errors import KeyUnreadable, WalletError
from wallet.jws import is_signed_by, read_parts
from wallet.keys import public_key_from_jwk, thumbprint

TYP: Final = "cowopass-journal+jwt"

_HEADER: Final = frozenset({"alg", "typ", "jwk"})
_CLAIMS: Final = frozenset({"number", "bundle", "refused", "check_in"})

_LONGEST: Final = 16_384
"""Characters: several times those of the largest ticket with its proof."""

_LARGEST: Final = 2**31 - 1
"""The largest number that a column holds."""


class Entry(NamedTuple):
    """An entry of a journal; `journal` is the thumbprint of the key that signed it.

    `bundle` is the number of the bundle by which the desk decided, `refused` the code by which it
    refused, None when it let in. `check_in` is the body of a check-in, not looked at yet.
    """

    journal: str
    number: int
    bundle: int | None
    refused: str | None
    check_in: Mapping[str, Any]


def read_entry(text: str) -> Entry:
    """Return an entry, verified by the key that it names. Raises JournalInvalid."""
    if len(text) > _LONGEST or text.count(".") != 2:
        raise JournalInvalid("it is no compact JWS of three parts")
    try:
        header, claims = read_parts(text, TYP, _HEADER)
        jwk = header.get("jwk")
        public_key = public_key_from_jwk(jwk if isinstance(jwk, dict) else {})
    except KeyUnreadable as error:
        raise JournalInvalid("its key is no public key of the curve P-256") from error
    except WalletError as error:
        raise JournalInvalid("it was cut or altered, or is of another type") from error
    if not isinstance(jwk, dict) or not is_signed_by(public_key, text):
        raise JournalInvalid("its signature is not by the key that it names")
    return _entry(thumbprint(jwk), claims)


def _entry(journal: str, claims: Mapping[str, object]) -> Entry:
    refused, check_in = claims.get("refused"), claims.get("check_in")
    if claims.keys() != _CLAIMS or not isinstance(check_in, dict):
        raise JournalInvalid("it has not exactly number, bundle, refused and check_in")
    if refused is not None and (not isinstance(refused, str) or refused not in REMEDIES):
        raise JournalInvalid("its refused is neither a code of a refusal nor null")
    bundle = claims["bundle"]
    return Entry(
        journal=journal,
        number=_number("number", claims["number"]),
        bundle=None if bundle is None else _number("bundle", bundle),
        refused=refused,
        check_in=check_in,
    )


def _number(claim: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST:
        raise JournalInvalid(f"its {claim} is not a whole number from 1")
    return value
