"""What a QR code says: a URL that any phone opens, with the ticket packed in its fragment.

`HTTPS://HOST/T#` + base32 of the token's three segments as raw bytes, of six where a proof follows.
Capitals, because QR codes have a mode for capitals, digits and `:/.-` that takes 5.5 bits a
character; the fragment, because it never reaches a server's log.
"""

from __future__ import annotations

import re

from wallet.encoding import (
    base32_decode,
    base32_encode,
    base64url_decode,
    base64url_encode,
    pack,
    unpack,
)
from wallet.errors import BaseUrlInvalid, NotATicket, TicketMalformed, TokenTooLarge

TOKEN_LIMIT = 2_048
"""The most characters of a compact JWS, with its proof, looked at before any parsing.

A paper ticket has about 600, a live one with its proof about 1,100.
"""

TEXT_LIMIT = 2_800
"""The most characters of a text: the largest token in base32 (2,474), its URL, and white space."""

BASE_URL = re.compile(r"https?://[a-z0-9.-]{1,255}(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)

# Every ticket has more than 100 characters of base32: its signature alone has 103.
_PACKED = re.compile(r"(?:https?://[^\s/?#]{1,261}/t#)?([a-z2-7]{100,})", re.IGNORECASE | re.ASCII)
_JWS = r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
_TOKEN = re.compile(rf"{_JWS}(?:~{_JWS})?")
# Every JWS starts so, since its header starts with `{"`.
_PART_OF_TOKEN = re.compile(r"eyJ[A-Za-z0-9_.~-]*")


def token_to_text(token: str, base_url: str) -> str:
    """Return what the QR code of a compact JWS says, or of a `ticket~proof`.

    `base_url` is `https://host` or `http://host:port`, in any case, with or without a final slash.
    Raises BaseUrlInvalid for another one: a path would not survive the capitals.

    >>> token_to_text("e30.e30.AQ", "https://pass.example")
    'HTTPS://PASS.EXAMPLE/T#AABHW7IAAJ5X2AABAE'
    """
    return url_of([base64url_decode(segment) for segment in re.split("[.~]", token)], base_url)


def url_of(segments: list[bytes], base_url: str) -> str:
    """Return the URL that carries these raw segments; raises BaseUrlInvalid as token_to_text."""
    origin = base_url.removesuffix("/")
    if not BASE_URL.fullmatch(origin):
        raise BaseUrlInvalid(base_url)
    return f"{origin.upper()}/T#{base32_encode(pack(segments))}"


def token_from_text(text: str) -> str:
    """Return the compact JWS of what was scanned, pasted or typed; with a proof, `ticket~proof`.

    Takes the URL in any case and of any host (it is the signature that counts), its base32 part
    alone, or the token itself, with white space around. Of the form, only what the way in needs is
    checked. Raises TokenTooLarge, NotATicket or TicketMalformed, in this order.

    >>> token_from_text(" eyJhIjoxfQ.e30.AQ ")
    'eyJhIjoxfQ.e30.AQ'
    """
    if len(text) > TEXT_LIMIT:
        raise TokenTooLarge(len(text), TEXT_LIMIT)
    bare = text.strip()
    packed = _PACKED.fullmatch(bare)
    token = _token_of_packed(packed[1]) if packed else _token_of_bare(bare)
    if len(token) > TOKEN_LIMIT:
        raise TokenTooLarge(len(token), TOKEN_LIMIT)
    return token


def _token_of_packed(text: str) -> str:
    try:
        segments = unpack(base32_decode(text))
    except ValueError as error:
        raise TicketMalformed("its QR code was cut or altered") from error
    if len(segments) not in {3, 6}:
        raise TicketMalformed(f"it has {len(segments)} parts, not 3, nor 6 with a proof")
    encoded = [base64url_encode(segment) for segment in segments]
    return "~".join(".".join(encoded[at : at + 3]) for at in range(0, len(encoded), 3))


def _token_of_bare(text: str) -> str:
    if _TOKEN.fullmatch(text):
        return text
    if _PART_OF_TOKEN.fullmatch(text):
        raise TicketMalformed("it was cut: it has not 3 parts, nor 6 with a proof")
    raise NotATicket
