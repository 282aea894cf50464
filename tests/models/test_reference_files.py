"""The big files of a version: whole and of their kind when opened, watched afterwards, and about nobody."""

import os
from pathlib import Path

import numpy as np
import pytest

from models import artifact
from models.artifact import Artifact
from models.filters import Filters
from models.reference import FIELDS, ReferenceCases, Wanted
from tests.models.folders import reason_of, vouched
from tests.models.workbench import REPAIR, key


def test_keys_that_are_alike_or_out_of_order_are_refused(folder: Path) -> None:
    sound = np.load(folder / "reference_keys.npy")
    for keys in (sound[::-1], np.repeat(sound[:1], len(sound), axis=0), sound[:-1], sound[:, :8]):
        np.save(folder / "reference_keys.npy", np.ascontiguousarray(keys))
        vouched(folder, "reference_keys.npy")
        assert reason_of(folder) == "malformed"


def test_arrays_of_another_kind_are_refused(folder: Path) -> None:
    sound = np.load(folder / "reference_days.npy")
    for days in (sound.astype(np.float64), sound.astype(">u2"), sound.reshape(2, -1)):
        np.save(folder / "reference_days.npy", days)
        vouched(folder, "reference_days.npy")
        assert reason_of(folder) == "malformed"


@pytest.mark.parametrize("name", artifact.MAPPED.values())
def test_a_big_file_that_is_touched_after_it_was_opened_is_noticed(folder: Path, name: str) -> None:
    path = folder / name
    for change in ("edited", "cut", "grown", "exchanged", "gone"):
        kept, opened = path.read_bytes(), artifact.load(folder)
        assert opened.is_as_opened()
        times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
        if change == "edited":
            path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
            os.utime(path, ns=times)  # whoever edits may set the time back, but not when that was done
        elif change == "exchanged":
            (folder.parent / "other").write_bytes(kept)
            (folder.parent / "other").replace(path)
        elif change == "gone":
            path.unlink()
        else:
            path.write_bytes(kept[:-1] if change == "cut" else kept + b"\0")
        assert not opened.is_as_opened(), change
        if change != "exchanged":
            assert reason_of(folder) in {"damaged", "missing_file"}
        path.write_bytes(kept)
        assert artifact.load(folder).is_as_opened()


@pytest.mark.requirement("F-15")
def test_reference_cases_hold_nothing_that_identifies(version: Artifact) -> None:
    told = version.reference.to_json()
    assert set(told) == {"format", "groups", "names"}
    assert set(told["names"]) == {
        "levels", "outcomes", "level_changed", "forms", "teams", "places", "municipalities",
    }  # fmt: skip
    assert set(version.reference.arrays()) == {"codes", "about", "keys", "days"}


def test_a_key_that_could_mean_something_is_refused() -> None:
    fields = {field: ["hjemme"] * 3 for field in FIELDS}
    for keys in (("sag-1", "sag-2", "sag-3"), (key(1), key(1), key(2)), (key(1), key(2))):
        with pytest.raises(ValueError, match="keys"):
            ReferenceCases.of((2,), np.zeros((3, 1), dtype=np.uint8), keys, fields, [None] * 3)


@pytest.mark.requirement("F-04")
def test_an_excluded_key_clears_one_bit_and_a_foreign_key_none(version: Artifact) -> None:
    reference: ReferenceCases = version.reference
    excluded = frozenset({reference.key(3), key(10**6), "ingen"})
    mask = Filters(reference, REPAIR.level_codes).allowed(Wanted(excluded_keys=excluded))
    assert np.flatnonzero(~mask.bools()).tolist() == [3]
    assert reference.holds(reference.key(3))
    assert not reference.holds(key(10**6))
