"""The tree is that of RFC 9162: known vectors, a naive reference, and proofs that cannot be bent."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.audit import merkle
from edge.audit.merkle import EMPTY, Frontier, leaf_hash, node_hash

DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""Leaves and roots of the test vectors that Certificate Transparency implementations share."""

ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_hash(data) for data in DATA]
SIZES = st.integers(1, 70)


def naive(leaves: list[bytes]) -> bytes:
    """MTH, as the RFC defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive(leaves[:split]), naive(leaves[split:]))


def many(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_shared_vectors(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]
    assert (merkle.root([]) == EMPTY) is True


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, ()),
        (0, 8, ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
        (5, 8, ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
        (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    ],
)  # fmt: skip
def test_inclusion_proofs_are_those_of_the_shared_vectors(
    index: int, size: int, proof: tuple[str, ...]
) -> None:
    assert tuple(each.hex() for each in merkle.inclusion(LEAVES[:size], index)) == proof


def test_a_consistency_proof_is_that_of_the_shared_vectors() -> None:
    proof = merkle.consistency(LEAVES, 6)
    assert [each.hex() for each in proof] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(SIZES)
def test_a_growing_tree_has_the_roots_of_the_definition(size: int) -> None:
    frontier, leaves = Frontier(), many(size)
    for number, leaf in enumerate(leaves):
        frontier.append(leaf)
        assert frontier.root() == naive(leaves[: number + 1])


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_every_leaf_can_be_shown_and_no_other_in_its_place(place: tuple[int, int]) -> None:
    index, size = place
    leaves = many(size)
    root, proof = naive(leaves), merkle.inclusion(leaves, index)
    assert merkle.included(leaves[index], index, size, proof, root)
    assert not merkle.included(leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.included(leaves[index], index, size, proof, leaf_hash(b"other"))
    assert not merkle.included(leaves[index], index, size, (*proof, root), root)
    for other in range(size):
        assert merkle.included(leaves[index], other, size, proof, root) is (other == index)


@given(SIZES.flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_growth_can_be_shown_and_change_cannot(sizes: tuple[int, int]) -> None:
    before, after = sizes
    leaves = many(after)
    first, second, proof = naive(leaves[:before]), naive(leaves), merkle.consistency(leaves, before)
    assert merkle.consistent(before, first, after, second, proof)
    assert not merkle.consistent(before, leaf_hash(b"x"), after, second, proof)
    assert not merkle.consistent(before, first, after, leaf_hash(b"x"), proof)
    if before < after:
        forked = naive([*leaves[: before - 1], leaf_hash(b"other"), *leaves[before:]])
        assert not merkle.consistent(before, first, after, forked, proof)
        assert not merkle.consistent(before, first, after, second, proof[:-1])
        assert not merkle.consistent(before, first, after, second, (*proof, first))


def test_what_is_no_place_is_an_error_or_no_proof() -> None:
    for index in (-1, 8):
        with pytest.raises(ValueError, match=r"0\.\.7"):
            merkle.inclusion(LEAVES, index)
        assert not merkle.included(LEAVES[0], index, 8, (), LEAVES[0])
    for before in (0, 9):
        with pytest.raises(ValueError, match=r"1\.\.8"):
            merkle.consistency(LEAVES, before)
        assert not merkle.consistent(before, LEAVES[0], 8, LEAVES[0], ())
    assert not merkle.consistent(3, LEAVES[0], 8, LEAVES[0], ())


def test_a_leaf_cannot_be_taken_for_a_node() -> None:
    """The mutant: without the leading byte, a two-leaf tree and one crafted leaf have one root."""
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
