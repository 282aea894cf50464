"""What a version may give away of those it learned from, and of those whose cases it shows.

Both numbers were measured in training; a version without them is not let through, for then nobody knows.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from models.recognisable import FEWEST

MOST_TOLD = 0.55
"""In so large a share of pairs may an attack tell the learned case from another; 0.5 is a guess.

It counts as more when the whole 95 % interval lies above: the attack is on models of half the cases, which
remember more than the one in use, and of few cases no model could show less for certain.
"""


def given_away(told: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """What is too much: what was found, and what would make it pass, in Danish.

    `told` is the evaluation's `privacy`. Raises KeyError, TypeError or ValueError when it cannot be read.
    """
    if not told:
        yield "Det er ikke målt, om modellen røber, hvem den har lært af.", "Træn igen, så bliver det målt."
        return
    yield from _members(told["membership"]["auc"], *told["membership"]["interval"])
    yield from _shown(told["shown"]["fewest"])


def _members(auc: Any, low: Any, high: Any) -> Iterator[tuple[str, str]]:
    numbers = (low, auc, high)
    if any(isinstance(each, bool) or not isfinite(each) for each in numbers) or not 0 <= low <= auc <= high:
        raise ValueError(f"{numbers!r} are no share of pairs and its interval")
    if low > MOST_TOLD:
        found, least, most = (f"{100 * each:.1f}".replace(".", ",") for each in (auc, low, high))
        words = f"Modellen røber, hvem den har lært af: et angreb finder den rigtige i {found} % af parrene"
        yield (
            f"{words} ({least}–{most} %) mod 50 % ved gæt.",
            f"Saml flere sager, eller vælg en enklere model, til det kan være højst {100 * MOST_TOLD:.0f} %.",
        )


def _shown(fewest: Any) -> Iterator[tuple[str, str]]:
    if fewest is None:
        yield (
            "Det er ikke målt, hvor mange der deler det, som bliver vist om en lignende sag.",
            "Saml flere sager, så der kan vises lignende, og træn igen.",
        )
        return
    if isinstance(fewest, bool) or not isinstance(fewest, int):
        raise ValueError(f"{fewest!r} is no count")
    if fewest < FEWEST:
        yield (
            f"Det, som bliver vist om en lignende sag, deles af {fewest}.",
            f"Vis mindre om hver sag, til mindst {FEWEST} deler det, og træn igen.",
        )
