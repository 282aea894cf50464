"""How much of a large attack is tried: a part in every run, all of it in `python -m tests.soak.threats`."""

import os
from typing import TypeVar

T = TypeVar("T")

WHOLE = os.environ.get("WHOLE") == "1"


def sized(usual: T, whole: T) -> T:
    """The usual size, or the whole one when that is asked for."""
    return whole if WHOLE else usual
