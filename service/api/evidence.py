"""What the API tells of a stored answer: no more than the page says in the same mode."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

POINTING = ("model_level", "headline")
"""What names one level; told in the mode "forslag" only, as the page does."""


def as_told(payload: Mapping[str, Any], mode: str) -> dict[str, Any]:
    """The payload without the keys of similar cases; in "overblik" also without what names a level.

    The base and the score go as well: with the contributions they would add up to a probability. So do the
    counts of each level; that several levels may fit is told in both modes.
    """
    told = deepcopy(dict(payload))
    for case in _cases(told):
        case.pop("key")
    if mode != "forslag":
        for name in POINTING:
            told.pop(name)
        told["similar"].pop("reference_level")
        for name in ("base", "score", "rest"):
            told["contributions"].pop(name)
        for name in ("frequencies", "frequency_sentences", "plausible"):
            told["uncertainty"].pop(name)
    return told


def _cases(told: dict[str, Any]) -> list[dict[str, Any]]:
    counter = told["similar"]["counter_example"]
    return [*told["similar"]["cases"], *([counter] if counter else [])]
