"""Which transfers a bank entry may be of: decided from references, amounts, names and accounts.

Pure: it is told what is known and says what follows. A reference decides by itself; an amount and
a name only suggest, and a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from text_unidecode import unidecode

from cowopass.bank.parties import Party
from cowopass.settlement.transfers import Due, creditor_reference

_REFERENCE = re.compile(r"(?=(RF\d\d[A-Z0-9]{20}))")
_LEGAL = frozenset(
    "association asso sarl sas scop scic sasu eurl cooperative le la les l de du des d et".split()
)


class Movement(NamedTuple):
    """A bank entry as matching sees it; `owners` are the participants that have its account."""

    owners: Collection[str]
    amount_cents: int
    texts: Sequence[str]
    name: str
    iban: str
    is_return: bool


class Known(NamedTuple):
    """What entries can be matched to: parties, and transfers of every month, oldest first."""

    parties: Mapping[str, Party]
    dues: Mapping[str, Due]
    references: Mapping[str, str]

    @property
    def owners(self) -> dict[str, set[str]]:
        """The participants of each account."""
        found: dict[str, set[str]] = {}
        for party in self.parties.values():
            if party.iban:
                found.setdefault(party.iban, set()).add(party.slug)
        return found


class Finding(NamedTuple):
    """What an entry may be of: `transfers` in the order to pay them; certain, or to be confirmed.

    `is_bounce`: it takes back what was paid of them.
    """

    transfers: tuple[str, ...]
    is_certain: bool
    is_bounce: bool


def known(parties: Mapping[str, Party], dues: Mapping[str, Due]) -> Known:
    """Return what entries can be matched to, with the reference of each transfer."""
    return Known(parties, dues, {creditor_reference(transfer): transfer for transfer in dues})


def find_references(texts: Iterable[str], references: Mapping[str, str]) -> list[str]:
    """Return the transfers whose references stand in some texts, each once, in their order.

    Spaces are overlooked, for people and banks print references in groups of four; and where one
    text ends and the next begins, for banks cut texts at a width of their own.
    """
    said = re.sub(r"[\s.-]", "", "".join(texts)).upper()
    found = dict.fromkeys(_REFERENCE.findall(said))
    return list(
        dict.fromkeys(references[reference] for reference in found if reference in references)
    )


def examine(movement: Movement, world: Known) -> list[Finding]:
    """Return what an entry may be of, the likeliest first; none for what is nothing of ours."""
    named = find_references(movement.texts, world.references)
    pays, bounces = _directions(movement, world.dues.values())
    if named:
        return _by_reference(movement, named, pays, bounces, world.parties)
    others = others_of(movement, world.parties)
    cents = abs(movement.amount_cents)
    came_back = [
        Finding((due.id,), is_certain=False, is_bounce=True)
        for due in reversed(bounces)
        if due.paid_cents >= cents
        and (others & {due.debtor, due.creditor} or (movement.is_return and not others))
    ]
    if movement.is_return:
        # Banks also give back what strangers were paid, and it may be the same amount.
        is_certain = len(came_back) == 1 and bool(others)
        return [finding._replace(is_certain=is_certain) for finding in came_back]
    unpaid = [due for due in pays if due.left_cents]
    return _by_amount(cents, unpaid, others) or came_back


def others_of(movement: Movement, parties: Mapping[str, Party]) -> set[str]:
    """Return the participants that the other side of an entry can be, by account, else by name."""
    strangers = [party for party in parties.values() if party.slug not in movement.owners]
    by_account = {
        party.slug for party in strangers if movement.iban and party.iban == movement.iban
    }
    return by_account or {
        party.slug
        for party in strangers
        if any(_same_name(movement.name, name) for name in _names(party))
    }


def allocate(cents: int, dues: Sequence[Due]) -> tuple[list[tuple[str, int]], int]:
    """Share an amount out over what is left of some transfers, in order; return it and the rest.

    >>> allocate(1000, [Due("t1", "a", "b", 700, 0, 0, 0), Due("t2", "a", "b", 900, 0, 0, 0)])
    ([('t1', 700), ('t2', 300)], 0)
    """
    shares = []
    for due in dues:
        share = min(cents, due.left_cents)
        if share > 0:
            shares.append((due.id, share))
            cents -= share
    return shares, cents


def _directions(movement: Movement, dues: Iterable[Due]) -> tuple[list[Due], list[Due]]:
    """Return the transfers that an entry can pay, and those of which it can take back a payment."""
    ours = [due for due in dues if {due.debtor, due.creditor} & set(movement.owners)]
    received = movement.amount_cents > 0
    to_us = [due for due in ours if due.creditor in movement.owners]
    by_us = [due for due in ours if due.debtor in movement.owners]
    return (to_us, by_us) if received else (by_us, to_us)


def _by_reference(
    movement: Movement,
    named: Sequence[str],
    pays: Sequence[Due],
    bounces: Sequence[Due],
    parties: Mapping[str, Party],
) -> list[Finding]:
    paid = {due.id: due for due in pays}
    taken_back = {due.id for due in bounces}
    if not movement.is_return and all(transfer in paid for transfer in named):
        left_cents = sum(paid[transfer].left_cents for transfer in named)
        is_clear = len(named) == 1 or left_cents == abs(movement.amount_cents)
        is_certain = is_clear and not _strays(movement, [paid[name] for name in named], parties)
        return [Finding(tuple(named), is_certain=is_certain, is_bounce=False)]
    if all(transfer in taken_back for transfer in named):
        return [Finding(tuple(named), is_certain=True, is_bounce=True)]
    return []


def _strays(movement: Movement, dues: Sequence[Due], parties: Mapping[str, Party]) -> bool:
    """Say whether money left for an account that is none of the creditors', whatever it says."""
    theirs = {parties[due.creditor].iban for due in dues if due.creditor in parties} - {None}
    return movement.amount_cents < 0 < len(theirs) and movement.iban not in {"", *theirs}


def _by_amount(cents: int, unpaid: Sequence[Due], others: set[str]) -> list[Finding]:
    """Suggest by the other side and the amount: one rest, two, all; else whatever is left.

    Who the other side is may be unknown: then the very amount of one rest is a hint.
    """
    near = [due for due in unpaid if {due.debtor, due.creditor} & others]
    found: list[tuple[str, ...]]
    found = [(due.id,) for due in near or unpaid if due.left_cents == cents]
    for place, first in enumerate(near):
        for second in near[place + 1 :]:
            if first.left_cents + second.left_cents == cents and _same_pair(first, second):
                found.append((first.id, second.id))
    if near and not found:
        found = [(due.id,) for due in near if due.left_cents > cents]
        found = found or [tuple(due.id for due in near if _same_pair(due, near[0]))]
    return [Finding(transfers, is_certain=False, is_bounce=False) for transfers in found]


def _same_pair(first: Due, second: Due) -> bool:
    return (first.debtor, first.creditor) == (second.debtor, second.creditor)


def _names(party: Party) -> list[str]:
    return [party.name, *([party.legal.name] if party.legal else [])]


def _same_name(told: str, name: str) -> bool:
    """Say whether two names may be of one body: the words of one are all in the other.

    >>> _same_name("ASSOCIATION LA RUBANERIE ST ETIENNE", "La Rubanerie"), _same_name("", "B")
    (True, False)
    """
    one, other = _words(told), _words(name)
    return bool(one and other) and (one <= other or other <= one)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", unidecode(name).casefold())) - _LEGAL
