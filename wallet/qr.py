"""QR codes of tickets: as dense as needed, as plain as possible.

Above version 17 on paper (level M, which forgives dirt) and 19 on screens (level L, whose modules
are larger) phones fail to read a code 200 to 250 pixels wide.
"""

from __future__ import annotations

import io
import json
import re
from itertools import groupby
from typing import Final, Literal, cast

from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode
from qrcode.util import QRData

from wallet.errors import BaseUrlTooLong, TokenTooLarge
from wallet.text import TEXT_LIMIT, token_from_text, token_to_text, url_of

__all__ = [
    "check_base_url",
    "qr_matrix",
    "qr_png",
    "qr_svg",
    "qr_version",
    "token_from_text",
    "token_to_text",
]

Level = Literal["L", "M"]

PAPER_LEVEL: Final[Level] = "M"
PAPER_VERSION: Final = 17
LIVE_LEVEL: Final[Level] = "L"
LIVE_VERSION: Final = 19

QUIET_ZONE = 4
"""Modules of white around a code, without which a scanner does not find it."""

BYTES_LIMIT = 2_331
"""How many characters of any kind the largest QR code holds at level M."""

_LEVELS: Final[dict[Level, int]] = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M}


def qr_version(text: str, level: Level = PAPER_LEVEL) -> int:
    """Return the version (1 to 40) of the smallest QR code that holds a text.

    A version has 17 + 4 * version modules a side. Raises TokenTooLarge when none holds it.

    >>> qr_version("HTTPS://PASS.EXAMPLE/T#MFXHSPY", "L")
    2
    """
    return cast(int, _code(text, level).version)


def qr_matrix(text: str, level: Level = PAPER_LEVEL) -> list[list[bool]]:
    """Return the modules of a text's QR code, row by row, True for black, without quiet zone.

    Raises TokenTooLarge when no QR code holds it.
    """
    code = _code(text, level)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def qr_svg(text: str, level: Level = PAPER_LEVEL) -> str:
    """Return a text's QR code as an SVG of one unit a module, black on white, of no fixed size.

    All black is one path of horizontal strokes, a stroke for each run of modules: a hundredth of
    the elements, and a quarter of the bytes, of one rectangle a module. Raises TokenTooLarge.
    """
    matrix = qr_matrix(text, level)
    side = len(matrix) + 2 * QUIET_ZONE
    strokes = "".join(_row_strokes(row, QUIET_ZONE + number) for number, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path stroke="#000" d="{strokes}"/></svg>'
    )


def qr_png(text: str, level: Level = PAPER_LEVEL, scale: int = 8) -> bytes:
    """Return a text's QR code as a black and white PNG, `scale` pixels a module.

    Raises TokenTooLarge when no QR code holds it.
    """
    image = _code(text, level, scale).make_image(image_factory=PilImage)
    png = io.BytesIO()
    image.save(png, format="PNG")
    return png.getvalue()


def check_base_url(base_url: str) -> None:
    """Check that tickets of this base URL can be scanned: on paper up to v17-M, live up to v19-L.

    The host counts twice, in the QR text and in the claims; one of 37 characters, port included,
    fits. Raises BaseUrlInvalid, or BaseUrlTooLong.
    """
    issuer = base_url.removesuffix("/")
    layouts: tuple[tuple[str, list[bytes], Level, int], ...] = (
        ("paper", _paper_segments(issuer), PAPER_LEVEL, PAPER_VERSION),
        ("live", _live_segments(issuer), LIVE_LEVEL, LIVE_VERSION),
    )
    for presentation, segments, level, limit in layouts:
        version = qr_version(url_of(segments, base_url), level)
        if version > limit:
            raise BaseUrlTooLong(base_url, presentation, version, limit)


def _code(text: str, level: Level, scale: int = 1) -> QRCode[PilImage]:
    """Return the smallest code for a text, not drawn yet.

    Each part around a `#`, the only character of ours that is in no dense mode, gets its own
    mode: guessing from the whole text, one `#` would put all of it in bytes.
    """
    if len(text) > TEXT_LIMIT:
        raise TokenTooLarge(len(text), TEXT_LIMIT)
    code = QRCode(error_correction=_LEVELS[level], box_size=scale, border=QUIET_ZONE)
    for part in re.split("(#)", text):
        if part:
            code.add_data(QRData(part))
    try:
        code.best_fit()
    except ValueError as error:
        raise TokenTooLarge(len(text), BYTES_LIMIT) from error
    return code


def _row_strokes(row: list[bool], y: int) -> str:
    """Return path commands that paint the black runs of a row, along the middle of its modules."""
    strokes, x, pen = [], QUIET_ZONE, None
    for black, run in groupby(row):
        width = len(list(run))
        if black:
            strokes.append(f"M{x} {y}.5h{width}" if pen is None else f"m{x - pen} 0h{width}")
            pen = x + width
        x += width
    return "".join(strokes)


# What tickets look like at their longest: ids of 24 characters, and names as long as these.
_ID = "i" * 24
_NETWORK = "n" * 12
_SPACE = "s" * 20
_PLAN = "p" * 32
_INSTANT = 2_000_000_000
_SIGNATURE = bytes(64)


def _paper_segments(issuer: str) -> list[bytes]:
    claims = {"iss": issuer, "sub": _ID, "jti": _ID, "iat": _INSTANT, "nbf": _INSTANT}
    claims |= {"exp": _INSTANT, "aud": "cowopass", "net": _NETWORK, "home": _SPACE, "plan": _PLAN}
    return _signed("cowopass+jwt", claims, kid="k" * 10)


def _live_segments(issuer: str) -> list[bytes]:
    jwk = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}
    claims = {"iss": issuer, "sub": _ID, "jti": _ID, "iat": _INSTANT, "exp": _INSTANT}
    claims |= {"aud": "cowopass", "net": _NETWORK, "cnf": {"jwk": jwk}}
    proof = {"iat": _INSTANT, "aud": _SPACE, "nonce": "n" * 11, "sd_hash": "h" * 43}
    return [*_signed("cowopass+jwt", claims, kid="k" * 10), *_signed("kb+jwt", proof)]


def _signed(typ: str, claims: dict[str, object], **header: str) -> list[bytes]:
    parts = ({"typ": typ, "alg": "ES256", **header}, claims)
    return [*(json.dumps(part, separators=(",", ":")).encode() for part in parts), _SIGNATURE]
