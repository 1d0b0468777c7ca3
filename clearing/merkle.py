"""The Merkle tree of RFC 9162 (section 2.1): one hash that stands for all lines of a month.

A leaf hash is made when a line is written (`clearing.line.leaf_hash`); this module only combines
hashes. Leaves and nodes have different prefixes, so that no node can pass for a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a month without lines."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two hashes of 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows by one leaf at a time and keeps O(log n) hashes.

    >>> tree = Tree()
    >>> tree.add(sha256(b"").digest())
    >>> tree.count, tree.root() == EMPTY_ROOT
    (1, True)
    """

    __slots__ = ("_peaks", "count")

    def __init__(self) -> None:
        self.count = 0
        # The roots of the perfect trees that the leaves so far fall into, largest first: one for
        # each 1 in the binary form of `count`.
        self._peaks: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Append a leaf, by its hash of 32 bytes."""
        peaks = self._peaks
        bits = self.count
        while bits & 1:
            leaf_hash = sha256(b"\x01" + peaks.pop() + leaf_hash).digest()
            bits >>= 1
        peaks.append(leaf_hash)
        self.count += 1

    def root(self) -> bytes:
        """Return the root over the leaves so far; more may be added afterwards."""
        if not self._peaks:
            return EMPTY_ROOT
        *peaks, root = self._peaks
        for peak in reversed(peaks):
            root = node_hash(peak, root)
        return root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from the leaf at `index` (from 0) to the root, lowest first.

    Raises IndexError when there is no such leaf.
    """
    return inclusion_proofs(leaf_hashes, [index])[0]


def inclusion_proofs(leaf_hashes: Sequence[bytes], indexes: Iterable[int]) -> list[list[bytes]]:
    """Return the inclusion proofs of several leaves, in the order asked for.

    Raises IndexError when an index is not from 0 to the number of leaves less one.
    """
    return proofs_in(tree_levels(leaf_hashes), indexes)


def tree_levels(leaf_hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Return a whole tree, level by level from its leaves to its root; empty without leaves.

    Whoever needs the proofs of many leaves, bit by bit, builds it once.
    """
    levels = [leaf_hashes] if leaf_hashes else []
    while levels and len(levels[-1]) > 1:
        levels.append(_next_level(levels[-1]))
    return levels


def proofs_in(levels: Sequence[Sequence[bytes]], indexes: Iterable[int]) -> list[list[bytes]]:
    """Return the inclusion proofs of several leaves of a tree (`tree_levels`), as asked for.

    Raises IndexError when an index is not from 0 to the number of leaves less one.
    """
    count = len(levels[0]) if levels else 0
    return [_proof_in(levels, place, count) for place in indexes]


def verify_inclusion(
    leaf_hash: bytes, index: int, count: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the proof shows the leaf at `index` of the tree of `count` leaves (2.1.3.2)."""
    if not 0 <= index < count:
        return False
    place, last, node = index, count - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _proof_in(levels: Sequence[Sequence[bytes]], place: int, count: int) -> list[bytes]:
    if not 0 <= place < count:
        raise IndexError(f"leaf {place} of a tree of {count}")
    proof = []
    for level in levels[:-1]:
        # The last node of an odd level has no sibling: it moves up as it is.
        if place ^ 1 < len(level):
            proof.append(level[place ^ 1])
        place >>= 1
    return proof


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = list(pairwise(level))[::2]
    parents = [node_hash(left, right) for left, right in pairs]
    return [*parents, level[-1]] if len(level) % 2 else parents
