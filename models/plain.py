"""Plain files of numbers and words as bytes: the same content, the same bytes; nothing in them can run."""

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.tables import ScoreTables, from_arrays, to_arrays


def as_json(value: Any) -> bytes:
    """JSON with sorted names; a number that is none raises ValueError."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()


def as_npy(array: npt.NDArray[Any]) -> bytes:
    """An array as NumPy writes it."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def as_npz(tables: ScoreTables) -> bytes:
    """Tables as NumPy's archive of arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, **to_arrays(tables))  # type: ignore[arg-type]  # none is `allow_pickle`
    return buffer.getvalue()


def read_tables(content: bytes, classes: Sequence[str]) -> ScoreTables:
    """Tables from `as_npz`; raises ValueError or KeyError when they are not."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return from_arrays(classes, dict(arrays))
