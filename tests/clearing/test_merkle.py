from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.line import Line, canonical, leaf_hash
from clearing.merkle import (
    EMPTY_ROOT,
    Tree,
    inclusion_proof,
    inclusion_proofs,
    node_hash,
    verify_inclusion,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "charges.json").read_text(encoding="utf-8")
)

counts = st.integers(min_value=1, max_value=70)


def some_leaves(count: int) -> list[bytes]:
    return [sha256(f"leaf {number}".encode()).digest() for number in range(count)]


def split_of_rfc(count: int) -> int:
    largest = 1
    while 2 * largest < count:
        largest *= 2
    return largest


def root_of_rfc(leaves: list[bytes]) -> bytes:
    """The Merkle Tree Hash as RFC 9162, 2.1.1 defines it, from leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split_of_rfc(len(leaves))
    left, right = root_of_rfc(leaves[:middle]), root_of_rfc(leaves[middle:])
    return sha256(b"\x01" + left + right).digest()


def path_of_rfc(index: int, leaves: list[bytes]) -> list[bytes]:
    """The inclusion proof as RFC 9162, 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    middle = split_of_rfc(len(leaves))
    if index < middle:
        return [*path_of_rfc(index, leaves[:middle]), root_of_rfc(leaves[middle:])]
    return [*path_of_rfc(index - middle, leaves[middle:]), root_of_rfc(leaves[:middle])]


def streamed_root(leaves: list[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert Tree().root() == EMPTY_ROOT == sha256(b"").digest()


def test_a_node_cannot_pass_for_a_leaf() -> None:
    left, right = some_leaves(2)
    assert node_hash(left, right) != sha256(b"\x00" + left + right).digest()


@pytest.mark.parametrize("count", range(40))
def test_a_streamed_root_is_the_root_of_the_rfc(count: int) -> None:
    leaves = some_leaves(count)
    assert streamed_root(leaves) == root_of_rfc(leaves)


def test_a_root_may_be_asked_for_while_the_tree_still_grows() -> None:
    leaves = some_leaves(11)
    tree = Tree()
    for count, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert (tree.count, tree.root()) == (count, root_of_rfc(leaves[:count]))


def test_a_tree_of_many_leaves_keeps_few_hashes() -> None:
    tree = Tree()
    for leaf in some_leaves(1023):
        tree.add(leaf)
    assert len(tree._peaks) == 10


@pytest.mark.parametrize("count", range(1, 20))
def test_proofs_are_those_of_the_rfc(count: int) -> None:
    leaves = some_leaves(count)
    expected = [path_of_rfc(index, leaves) for index in range(count)]
    assert inclusion_proofs(leaves, range(count)) == expected
    assert [inclusion_proof(leaves, index) for index in range(count)] == expected


@given(counts, st.data())
def test_every_leaf_is_proven_by_its_own_proof_alone(count: int, data: st.DataObject) -> None:
    leaves = some_leaves(count)
    root = streamed_root(leaves)
    index = data.draw(st.integers(0, count - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, count, proof, root)
    other = data.draw(
        st.integers(0, count - 1).filter(lambda number: number != index or count == 1)
    )
    if other != index:
        assert not verify_inclusion(leaves[other], index, count, proof, root)
        assert not verify_inclusion(leaves[index], other, count, proof, root)


@given(counts, st.data())
def test_a_changed_proof_proves_nothing(count: int, data: st.DataObject) -> None:
    leaves = some_leaves(count)
    root = streamed_root(leaves)
    index = data.draw(st.integers(0, count - 1))
    proof = inclusion_proof(leaves, index)
    assert not verify_inclusion(leaves[index], index, count, [*proof, root], root)
    if proof:
        assert not verify_inclusion(leaves[index], index, count, proof[:-1], root)
        assert not verify_inclusion(leaves[index], index, count, [*proof[:-1], root], root)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_place_outside_the_tree_has_no_proof(index: int) -> None:
    leaves = some_leaves(3)
    assert not verify_inclusion(
        leaves[0], index, 3, inclusion_proof(leaves, 0), root_of_rfc(leaves)
    )
    with pytest.raises(IndexError, match="of a tree of 3"):
        inclusion_proof(leaves, index)


@pytest.mark.parametrize("vector", VECTORS["lines"], ids=lambda vector: vector["line"]["id"])
def test_lines_of_the_vectors_have_their_canonical_form_and_hash(vector: dict[str, Any]) -> None:
    line = Line(**{**vector["line"], "notes": tuple(vector["line"]["notes"])})
    assert canonical(line).decode() == vector["canonical"]
    assert leaf_hash(line).hex() == vector["leaf_hash"]


@pytest.mark.parametrize("vector", VECTORS["merkle"], ids=lambda vector: len(vector["leaves"]))
def test_trees_of_the_vectors_have_their_root_and_proofs(vector: dict[str, Any]) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in vector["leaves"]]
    proofs = inclusion_proofs(leaves, range(len(leaves)))
    assert streamed_root(leaves).hex() == vector["root"]
    assert [[sibling.hex() for sibling in proof] for proof in proofs] == vector["proofs"]
    for index, leaf in enumerate(leaves):
        root = bytes.fromhex(vector["root"])
        assert verify_inclusion(leaf, index, len(leaves), proofs[index], root)
