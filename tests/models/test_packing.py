"""Packed codes read back as they were, and masks count what they hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.masks import Mask
from models.packing import HOLDS, Packed, Packing

SIZES = st.lists(st.integers(1, 255), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(SIZES, st.integers(0, 40), st.integers(0, 2**32))
def test_packing_loses_nothing(sizes: list[int], count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = chance.integers(0, np.array(sizes)[:, None], size=(len(sizes), count)).astype(np.uint8)
    packed = Packed.of(codes, sizes)
    assert (packed.unpacked() == codes).all()
    rows = chance.permutation(count)[:7]
    assert (packed.codes_of(rows) == codes[:, rows]).all()
    assert max(packed.packing.products) <= HOLDS


def test_the_questions_of_an_area_fit_in_a_few_bytes() -> None:
    sizes = [14, 6, 12, 3, 3, 9, 6, 7, 3, 4, 6, 6, 6, 5, 6, 4, 5, 7, 5, 3, 5, 3, 3, 4, 3]
    assert Packing.of(sizes).width == 4


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [((3, 4), ((0,),)), ((3, 4), ((0, 1), (1,))), ((20, 20), ((0, 1),)), ((3, 0), ((0,), (1,)))],
    ids=["left out", "twice", "too many", "of no size"],
)
def test_a_packing_that_cannot_be_is_refused(
    sizes: tuple[int, ...], groups: tuple[tuple[int, ...], ...]
) -> None:
    with pytest.raises(ValueError, match=r"packing|multiply"):
        Packing(sizes, groups)


def test_codes_beyond_their_size_are_neither_packed_nor_taken() -> None:
    packing = Packing.of((3, 4))
    with pytest.raises(ValueError, match="beyond"):
        packing.pack(np.array([[0], [4]], dtype=np.uint8))
    with pytest.raises(ValueError, match="beyond"):
        Packed(packing, np.array([[12]], dtype="<u2"))
    with pytest.raises(ValueError, match="beyond"):
        Packed(packing, np.array([[256]], dtype="<u2"))  # the second byte holds nothing
    with pytest.raises(ValueError, match="words"):
        Packed(packing, np.array([[1]], dtype=np.uint8))


@settings(max_examples=50)
@given(st.lists(st.booleans(), max_size=200), st.data())
def test_a_mask_holds_what_it_was_given(chosen: list[bool], data: st.DataObject) -> None:
    some = np.array(chosen, dtype=bool)
    others = np.array(data.draw(st.lists(st.booleans(), min_size=len(some), max_size=len(some))), dtype=bool)
    mask, other = Mask.of(some), Mask.of(others)
    assert mask.bools().tolist() == chosen
    assert mask.count() == sum(chosen)
    assert (mask & other).bools().tolist() == (some & others).tolist()
    assert mask.but_not(other).bools().tolist() == (some & ~others).tolist()
    assert Mask.everyone(len(some)).bools().all()
    assert Mask.everyone(len(some)).count() == len(some)
    out = data.draw(st.sets(st.integers(0, len(some) - 1))) if len(some) else set()
    kept = [here and row not in out for row, here in enumerate(chosen)]
    assert mask.without(out).bools().tolist() == kept
