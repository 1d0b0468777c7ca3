"""The short code printed under a QR code: for a tired eye, a bad phone line, a keyboard.

Seven symbols and a check symbol, of an alphabet without look-alikes (0 O, 1 I L, 8 B, U V). It has
29 symbols: since 29 is a prime, the weighted sum of a code changes with any one symbol, and with
any two that change places.
"""

from __future__ import annotations

import re
from typing import Final

from wallet.errors import CodeInvalid

ALPHABET: Final = "23456789ACDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 8

CODES: Final = len(ALPHABET) ** (LENGTH - 1)
"""How many codes there are: 17 thousand million, too many to guess one in use."""

# What people and word processors put between symbols: white space, hyphens, dashes, a minus sign.
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")


def make_code(number: int) -> str:
    """Return the code of a number of `range(CODES)`; draw it at random, so that none is guessed.

    >>> make_code(4_498_398_015)
    '9KC5R2YV'
    """
    if number not in range(CODES):
        raise ValueError(f"a code's number is from 0 to {CODES - 1}")
    symbols = ""
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, len(ALPHABET))
        symbols = ALPHABET[digit] + symbols
    return symbols + _check_symbol(symbols)


def read_code(text: str) -> str:
    """Return the code that somebody typed, without regard to case, spaces and dashes.

    Raises CodeInvalid when a symbol is of no code, when some are missing or too many, or when the
    check symbol shows a slip.

    >>> read_code(" 9kc5 - r2yv ")
    '9KC5R2YV'
    """
    # Looked at before anything else is done with it: a body may be thousands of characters.
    symbols = _BETWEEN.sub("", text[: 8 * LENGTH])
    # Not every character that `upper` turns into a letter of ours is one: "ſ" becomes "S".
    code = symbols.upper() if symbols.isascii() else ""
    if len(code) != LENGTH or len(text) > 8 * LENGTH or not set(code) <= set(ALPHABET):
        raise CodeInvalid(f"is not {LENGTH} letters and figures such as 9KC5-R2YV")
    if code[-1] != _check_symbol(code[:-1]):
        raise CodeInvalid("has a slip in it: read it again")
    return code


def show_code(code: str) -> str:
    """Return a code as it is printed.

    >>> show_code("9KC5R2YV")
    '9KC5-R2YV'
    """
    return f"{code[:4]}-{code[4:]}"


def _check_symbol(symbols: str) -> str:
    """Return the sum of the symbols weighed 1 to 7 by their place, modulo 29, as a symbol."""
    weighed = (place * ALPHABET.index(symbol) for place, symbol in enumerate(symbols, start=1))
    return ALPHABET[sum(weighed) % len(ALPHABET)]
