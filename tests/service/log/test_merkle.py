"""The Merkle tree of RFC 9162, with the published vectors of Certificate Transparency and its laws."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.log import merkle

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(entry) for entry in INPUTS]
sizes = st.integers(1, 80)


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def grown(leaves: list[bytes]) -> list[bytes]:
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = merkle.append(size, frontier, leaf)
    return frontier


def test_the_published_roots_come_out() -> None:
    for size, expected in enumerate(ROOTS, start=1):
        assert merkle.root(LEAVES[:size]).hex() == expected
        assert merkle.root_of(grown(LEAVES[:size])).hex() == expected
    assert merkle.root([]) == merkle.root_of([]) == sha256(b"").digest()


def test_the_published_inclusion_proofs_come_out() -> None:
    assert merkle.inclusion_proof(LEAVES[:1], 0) == []
    assert [node.hex() for node in merkle.inclusion_proof(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [node.hex() for node in merkle.inclusion_proof(LEAVES[:3], 2)] == [ROOTS[1]]
    assert [node.hex() for node in merkle.inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ]
    assert [node.hex() for node in merkle.inclusion_proof(LEAVES[:5], 1)] == [
        ROOTS[0],
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


def test_the_published_consistency_proofs_come_out() -> None:
    assert merkle.consistency_proof(LEAVES[:1], 1) == []
    assert [node.hex() for node in merkle.consistency_proof(LEAVES, 1)] == [
        node.hex() for node in merkle.inclusion_proof(LEAVES, 0)
    ]
    assert [node.hex() for node in merkle.consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ]
    assert [node.hex() for node in merkle.consistency_proof(LEAVES[:5], 2)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


@given(sizes)
def test_a_frontier_has_the_root_of_its_tree(size: int) -> None:
    leaves = leaves_of(size)

    assert merkle.root_of(grown(leaves)) == merkle.root(leaves)
    assert len(grown(leaves)) == size.bit_count()


@given(sizes, st.data())
def test_every_leaf_is_proved(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)

    assert merkle.verify_inclusion(leaves[index], index, size, proof, merkle.root(leaves))


@given(sizes, st.data())
def test_every_earlier_tree_is_proved(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(leaves, first)

    assert merkle.verify_consistency(first, size, proof, merkle.root(leaves[:first]), merkle.root(leaves))


def mutate(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """One of the ways in which a proof may be wrong."""
    way = data.draw(st.sampled_from(["bit", "drop", "add", "swap", "cut"]))
    at = data.draw(st.integers(0, max(0, len(proof) - 1)))
    changed = list(proof)
    if way == "add":
        changed.insert(at, data.draw(st.binary(min_size=32, max_size=32)))
    elif changed and way == "bit":
        number = int.from_bytes(changed[at]) ^ (1 << data.draw(st.integers(0, 255)))
        changed[at] = number.to_bytes(32)
    elif changed and way == "drop":
        del changed[at]
    elif changed and way == "cut":
        changed[at] = changed[at][:-1]
    elif changed:
        changed[at], changed[0] = changed[0], changed[at]
    return changed


@given(sizes, st.data())
def test_a_changed_inclusion_proof_is_never_accepted(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    changed = mutate(proof, data)
    assume(changed != proof)

    assert not merkle.verify_inclusion(leaves[index], index, size, changed, merkle.root(leaves))


@given(sizes, st.data())
def test_a_proof_holds_for_no_other_leaf_and_no_other_place(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-1, size + 1))
    assume(other != index)
    proof, tree_root = merkle.inclusion_proof(leaves, index), merkle.root(leaves)

    assert not merkle.verify_inclusion(leaves[index], other, size, proof, tree_root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged"), index, size, proof, tree_root)


@given(sizes, st.data())
def test_a_changed_consistency_proof_is_never_accepted(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(leaves, first)
    changed = mutate(proof, data)
    assume(changed != proof)
    roots = merkle.root(leaves[:first]), merkle.root(leaves)

    assert not merkle.verify_consistency(first, size, changed, *roots)


@given(sizes, st.data())
def test_a_rewritten_history_is_never_consistent(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(1, size))
    rewritten = list(leaves)
    rewritten[data.draw(st.integers(0, first - 1))] = merkle.leaf_hash(b"rewritten")
    proof = merkle.consistency_proof(rewritten, first)

    assert not merkle.verify_consistency(
        first, size, proof, merkle.root(leaves[:first]), merkle.root(rewritten)
    )


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = LEAVES[0], LEAVES[1]

    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@pytest.mark.parametrize("index", [-1, 8])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(LEAVES, index)


@pytest.mark.parametrize("first", [0, 9])
def test_there_is_no_proof_of_a_tree_that_never_was(first: int) -> None:
    with pytest.raises(ValueError, match="no earlier state"):
        merkle.consistency_proof(LEAVES, first)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="frontier"):
        merkle.append(3, [LEAVES[0]], LEAVES[1])
