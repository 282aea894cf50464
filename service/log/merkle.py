"""The Merkle tree of RFC 9162: leaves, roots, proofs, and their verification.

A `frontier` is the right edge of a tree: the roots of its perfect subtrees, largest first, one for each
bit of its size. It is all that is needed to append, and it gives the root. (Elsewhere: a compact range.)
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()
Range = tuple[int, int]
"""Leaves from the first number up to, and without, the second."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the entry (RFC 9162 § 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children: SHA-256 of 0x01 and both."""
    return sha256(b"\x01" + left + right).digest()


def append(size: int, frontier: Sequence[bytes], leaf: bytes) -> list[bytes]:
    """The frontier of a tree with one more leaf."""
    if len(frontier) != size.bit_count():
        raise ValueError(f"a frontier of a tree of {size} has {size.bit_count()} hashes")
    grown = [*frontier, leaf]
    while size & 1:
        right, left = grown.pop(), grown.pop()
        grown.append(node_hash(left, right))
        size >>= 1
    return grown


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree that has this frontier."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, by the recursive definition (RFC 9162 § 2.1.1)."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path that proves leaf `index` (RFC 9162 § 2.1.3.1)."""
    return [root(leaves[start:stop]) for start, stop in inclusion_ranges(len(leaves), index)]


def inclusion_ranges(size: int, index: int) -> list[Range]:
    """Which leaves each hash of the path of leaf `index` stands for, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    ranges, start, stop = [], 0, size
    while stop - start > 1:
        k = start + _split(stop - start)
        start, stop, sibling = (start, k, (k, stop)) if index < k else (k, stop, (start, k))
        ranges.append(sibling)
    return ranges[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether the proof shows that `leaf` is number `index` of the tree (RFC 9162 § 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0 or len(p) != HASH:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == tree_root


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The path that proves that the first leaves are an earlier state of the tree (RFC 9162 § 2.1.4.1)."""
    return [root(leaves[start:stop]) for start, stop in consistency_ranges(len(leaves), first)]


def consistency_ranges(size: int, first: int) -> list[Range]:
    """Which leaves each hash of that path stands for."""
    if not 0 < first <= size:
        raise ValueError(f"a tree of {size} has no earlier state of {first}")
    ranges, start, stop = [], 0, size
    while first != stop:
        k = start + _split(stop - start)
        start, stop, sibling = (start, k, (k, stop)) if first <= k else (k, stop, (start, k))
        ranges.append(sibling)
    return [*([(start, stop)] if start else []), *ranges[::-1]]


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether the proof shows that the tree of `first` leaves is the beginning of the other (§ 2.1.4.2)."""
    if not 0 < first <= second or any(len(p) != HASH for p in proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


def perfect_parts(start: int, stop: int) -> list[tuple[int, int]]:
    """The perfect subtrees (level, number of its kind) that a range of leaves falls into, left to right.

    `start` must be where a subtree as large as the largest of them can begin, as it is in every proof.
    """
    parts = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def hashes_of(ranges: Sequence[Range], node: Callable[[int, int], bytes]) -> list[bytes]:
    """The hash of each range, from stored roots of perfect subtrees: `node(level, number)`."""
    return [root_of([node(*part) for part in perfect_parts(start, stop)]) for start, stop in ranges]


def _split(n: int) -> int:
    """The largest power of two below n."""
    return 1 << ((n - 1).bit_length() - 1)
