"""What a bank tells of one movement on an account, whatever the file it came in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from cowopass.errors import BankAmountUnreadable, BankDayUnreadable

LARGEST_CENTS = 2**31 - 1

_AMOUNT = re.compile(
    r"(?P<sign>[+\-−]?)(?:"
    r"(?P<a>\d+|\d{1,3}(?:\.\d{3})+),(?P<b>\d{1,2})|"
    r"(?P<c>\d+|\d{1,3}(?:,\d{3})+)\.(?P<d>\d{1,2})|"
    r"(?P<e>\d+))"
)
_SPACES = re.compile(r"[\s\u00a0\u202f€]")
_FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


class BankLine(NamedTuple):
    """A movement on an account: above zero came in, below zero went out, in cents.

    `bank_reference` is the bank's own. `texts` are the end-to-end id, the structured references
    and the free text. `name` and `iban` are of the other side. `is_return` says that the bank gave
    something back, for `reason`.
    """

    account: str
    booked_on: date
    amount_cents: int
    bank_reference: str
    texts: tuple[str, ...]
    name: str
    iban: str
    is_return: bool = False
    reason: str = ""


class BankAccount(NamedTuple):
    """The movements that a file has of one account."""

    iban: str
    currencies: frozenset[str]
    lines: list[BankLine]


def read_cents(text: str, place: str) -> int:
    """Return an amount in cents, with a comma or a point. Raises BankAmountUnreadable.

    >>> read_cents("-1 234,5", "2"), read_cents("1,234.50", "3"), read_cents("7", "4")
    (-123450, 123450, 700)
    """
    found = _AMOUNT.fullmatch(_SPACES.sub("", text))
    if found is None:
        raise BankAmountUnreadable(place, text)
    units = re.sub(r"\D", "", found["a"] or found["c"] or found["e"])
    decimals = found["b"] or found["d"] or ""
    cents = int(units) * 100 + int(decimals.ljust(2, "0"))
    if cents > LARGEST_CENTS:
        raise BankAmountUnreadable(place, text)
    return cents if found["sign"] in {"", "+"} else -cents


def read_day(text: str, place: str) -> date:
    """Return a day, written 2026-12-05 or 05/12/2026. Raises BankDayUnreadable."""
    french = _FRENCH_DAY.fullmatch(text.strip())
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise BankDayUnreadable(place, text) from None


def compact_iban(text: str) -> str:
    """Return an IBAN without spaces, in capitals."""
    return re.sub(r"\s", "", text).upper()


def fingerprints(lines: Iterable[BankLine]) -> list[str]:
    """Return a name for each line by which it is known again in another file of the account.

    Lines that say exactly the same are numbered: two equal payments of one day are two.
    """
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        said = "\x1f".join(
            (
                line.account,
                line.booked_on.isoformat(),
                str(line.amount_cents),
                line.bank_reference,
                *line.texts,
                line.iban,
            )
        )
        seen[said] += 1
        found.append(sha256(f"{said}\x1f{seen[said]}".encode()).hexdigest())
    return found
