"""The letters under which an accountant finds a transfer and the payments that settle it."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

from cowopass.settlement.transfers import Due


def letters_of(dues: Iterable[Due]) -> dict[str, str]:
    """Return a code for each transfer of a month that is fully paid: AA, AB, and so on.

    A code follows from the place of the transfer in the plan (`list_dues`), so that it stays the
    same whenever the others are paid. What was given up, even in part, is no match of payments.

    >>> letters_of([Due("t1", "a", "b", 9, 9, 0, 0), Due("t2", "a", "c", 5, 2, 0, 0)])
    {'t1': 'AA'}
    """
    return {
        due.id: letter_code(place)
        for place, due in enumerate(dues)
        if due.paid_cents == due.amount_cents
    }


def letter_code(place: int) -> str:
    """Return the code of a place counted from 0: AA to ZZ, then AAA.

    >>> letter_code(0), letter_code(27), letter_code(26 * 26)
    ('AA', 'BB', 'AAA')
    """
    length, first = 2, 0
    while place >= first + 26**length:
        first += 26**length
        length += 1
    digits, rest = [], place - first
    for _ in range(length):
        rest, digit = divmod(rest, 26)
        digits.append(ascii_uppercase[digit])
    return "".join(reversed(digits))
