"""Facts that could not be seen to add anything to the others, as the evaluation of a version says."""

from collections.abc import Mapping
from typing import Any


class ProportionUnread(ValueError):
    """What the evaluation says of its facts cannot be read."""


def needless_facts(evaluation: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the facts whose interval reaches 0; none where there were too few cases to measure it.

    Raises ProportionUnread.
    """
    told = evaluation.get("proportion")
    if told is None:
        return ()
    try:
        return tuple(str(each["name"]) for each in told["facts"] if _is_needless(*each["interval"]))
    except (TypeError, KeyError, AttributeError) as unread:
        raise ProportionUnread("what each fact adds cannot be read") from unread


def _is_needless(low: float, high: float) -> bool:
    if not low <= high:  # a NaN is no answer
        raise TypeError(f"{low!r} to {high!r} is no interval")
    return low <= 0
