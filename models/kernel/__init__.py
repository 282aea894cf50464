"""The compiled scan, where `make kernel` has built it; without it everything works, a few times slower.

It is our own C beside this file. It is loaded by its path, checked for the version of its calls, and given
arrays it only reads. SKOEN_KERNEL=numpy leaves it out, SKOEN_KERNEL=plain leaves out its wide instructions.
"""

import ctypes
import os
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "scan.so"
CALLS = 1
"""The version of the calls; a file built from older source is not used."""


@cache
def compiled() -> ctypes.CDLL | None:
    """The compiled scan, or None where it was not built, is of another version or cannot be loaded."""
    if not BUILT.is_file() or os.environ.get("SKOEN_KERNEL") == "numpy":
        return None
    try:
        library = ctypes.CDLL(str(BUILT))
        for name in ("skoen_abi", "skoen_is_wide", "skoen_nearest", "skoen_between"):
            getattr(library, name).restype = ctypes.c_int64
        return library if library.skoen_abi() == CALLS else None
    except (OSError, AttributeError):
        return None
