"""The two encodings of a ticket, strict: one text stands for given bytes, and no other does.

Python's own decoders skip foreign characters and ignore stray bits, so that many texts would
decode to one ticket; a browser's differ again. Here whatever would not come back as the same
text is refused.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from itertools import pairwise

LENGTH_BYTES = 2
"""How many bytes, big-endian, tell the length of a packed segment."""


def base64url_encode(data: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515, section 2).

    >>> base64url_encode(b"any?")
    'YW55Pw'
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_decode(text: str) -> bytes:
    """Return the bytes of an unpadded base64url text; raises ValueError for any other text.

    >>> base64url_decode("YW55Pw")
    b'any?'
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise ValueError("not base64url") from error
    if base64url_encode(data) != text:
        raise ValueError("not base64url")
    return data


def base32_encode(data: bytes) -> str:
    """Return bytes in upper-case base32 without padding (RFC 4648, section 6).

    >>> base32_encode(b"any?")
    'MFXHSPY'
    """
    return base64.b32encode(data).rstrip(b"=").decode()


def base32_decode(text: str) -> bytes:
    """Return the bytes of an unpadded base32 text in either case; raises ValueError for others.

    >>> base32_decode("mfxhspy")
    b'any?'
    """
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)
    except ValueError as error:
        raise ValueError("not base32") from error
    if base32_encode(data) != text.upper():
        raise ValueError("not base32")
    return data


def pack(segments: Iterable[bytes]) -> bytes:
    """Return segments of up to 65,535 bytes as one, each after its two-byte length.

    >>> pack([b"ab", b"", b"c"]).hex()
    '000261620000000163'
    """
    return b"".join(len(one).to_bytes(LENGTH_BYTES, "big") + one for one in segments)


def unpack(data: bytes) -> list[bytes]:
    """Return the segments that `pack` joined; raises ValueError when they don't end with the data.

    >>> unpack(bytes.fromhex("000261620000000163"))
    [b'ab', b'', b'c']
    """
    bounds = [0, *_segment_ends(data)]
    if bounds[-1] != len(data):
        raise ValueError("a segment is cut")
    return [data[start + LENGTH_BYTES : end] for start, end in pairwise(bounds)]


def _segment_ends(data: bytes) -> Iterator[int]:
    end = 0
    while end < len(data):
        end += LENGTH_BYTES + int.from_bytes(data[end : end + LENGTH_BYTES], "big")
        yield end
