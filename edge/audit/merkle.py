"""Merkle tree hashes, inclusion and consistency proofs, as RFC 9162 lays them down (section 2.1).

Law: SHA-256; a leaf is hashed with a leading 0x00 and a node with 0x01, so that neither can be taken for the
other. Sizes and indices are the RFC's own; `Frontier` gives the same roots while leaves are appended.
"""

import hashlib
from collections.abc import Sequence

Hash = bytes
"""32 bytes."""

Proof = tuple[Hash, ...]


def leaf_hash(data: bytes) -> Hash:
    """Hash of a leaf, section 2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash of an inner node, section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY = hashlib.sha256(b"").digest()
"""Root of the tree without leaves, section 2.1.1."""


class Frontier:
    """The roots of the perfect subtrees of a growing tree, largest first: all that appending needs."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[Hash] = []

    def append(self, leaf: Hash) -> None:
        """Add a leaf's hash."""
        merges, hashed = self.size, leaf
        while merges & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            merges >>= 1
        self._peaks.append(hashed)
        self.size += 1

    def root(self) -> Hash:
        """Root of the tree over all leaves so far."""
        if not self._peaks:
            return EMPTY
        hashed = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            hashed = node_hash(peak, hashed)
        return hashed


def root(leaves: Sequence[Hash]) -> Hash:
    """Root of the tree over these leaves' hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion(leaves: Sequence[Hash], index: int) -> Proof:
    """That leaf `index` is in the tree over `leaves`: PATH of section 2.1.3.1, nearest sibling first.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"an inclusion proof wants a leaf of 0..{len(leaves) - 1}, got {index}")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion(leaves[:split], index), root(leaves[split:]))
    return (*inclusion(leaves[split:], index - split), root(leaves[:split]))


def inclusions(leaves: Sequence[Hash]) -> tuple[Hash, list[Proof]]:
    """Root, and the proof of every leaf, as `root` and `inclusion` give them, hashing each node once."""
    if not leaves:
        return EMPTY, []
    proofs: list[list[Hash]] = [[] for _ in leaves]
    level, height = list(leaves), 0
    while len(level) > 1:
        for number, proof in enumerate(proofs):
            beside = (number >> height) ^ 1
            if beside < len(level):
                proof.append(level[beside])
        pairs = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level, height = pairs + level[len(level) & ~1 :], height + 1
    return level[0], [tuple(proof) for proof in proofs]


def included(leaf: Hash, index: int, size: int, proof: Proof, wanted: Hash) -> bool:
    """Whether the proof shows that `leaf` is number `index` under the root `wanted`, section 2.1.3.2."""
    return implied_root(leaf, index, size, proof) == wanted


def implied_root(leaf: Hash, index: int, size: int, proof: Proof) -> Hash | None:
    """The root to which a proof leads; None where it is no proof for that place, section 2.1.3.2."""
    if not 0 <= index < size:
        return None
    number, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            hashed = node_hash(sibling, hashed)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        number, last = number >> 1, last >> 1
    return hashed if last == 0 else None


def consistency(leaves: Sequence[Hash], before: int) -> Proof:
    """That the tree over `leaves` begins with the tree over the first `before`: section 2.1.4.1.

    Raises:
        ValueError: `before` is not 1..len(leaves).
    """
    if not 0 < before <= len(leaves):
        raise ValueError(f"a consistency proof wants a size of 1..{len(leaves)}, got {before}")
    return _subproof(leaves, before, known=True)


def consistent(before: int, first: Hash, after: int, second: Hash, proof: Proof) -> bool:
    """Whether the proof shows that a tree of size `after` only added to one of size `before`, 2.1.4.2."""
    if before == after:
        return not proof and first == second
    if not 0 < before < after:
        return False
    path = [first, *proof] if before & (before - 1) == 0 else list(proof)
    if not path:
        return False
    number, last = before - 1, after - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first and new == second


def _subproof(leaves: Sequence[Hash], before: int, known: bool) -> Proof:
    """SUBPROOF of section 2.1.4.1; `known` says that the verifier has this subtree's root already."""
    if before == len(leaves):
        return () if known else (root(leaves),)
    split = _split(len(leaves))
    if before <= split:
        return (*_subproof(leaves[:split], before, known), root(leaves[split:]))
    return (*_subproof(leaves[split:], before - split, known=False), root(leaves[:split]))


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
