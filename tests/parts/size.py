"""How much of a large trial is run: a part each time, all of it in `tests/soak/run.py whole`."""

import os
from typing import TypeVar

T = TypeVar("T")

WHOLE = os.environ.get("WHOLE") == "1"


def sized(usual: T, whole: T) -> T:
    """The usual size, or the whole one when that is asked for."""
    return whole if WHOLE else usual
