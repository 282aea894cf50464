"""What a version may give away of those it learned from, and of those whose cases it shows.

Both numbers were measured in training; a version without them is not let through, for then nobody knows.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from models.recognisable import FEWEST

MOST_TOLD = 0.55
"""In so large a share of pairs may an attack tell the learned case from another; 0.5 is a guess."""


def given_away(told: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """What is too much: what was found, and what would make it pass, in Danish.

    `told` is the evaluation's `privacy`. Raises KeyError, TypeError or ValueError when it cannot be read.
    """
    if not told:
        yield "Det er ikke målt, om modellen røber, hvem den har lært af.", "Træn igen, så bliver det målt."
        return
    yield from _members(told["membership"]["auc"])
    yield from _shown(told["shown"]["fewest"])


def _members(auc: Any) -> Iterator[tuple[str, str]]:
    if isinstance(auc, bool) or not isfinite(auc) or not 0 <= auc <= 1:
        raise ValueError(f"{auc!r} is no share of pairs")
    if auc > MOST_TOLD:
        found = f"{100 * auc:.1f}".replace(".", ",")
        words = f"Modellen røber, hvem den har lært af: et angreb finder den rigtige i {found} % af parrene"
        yield (
            f"{words} mod 50 % ved gæt.",
            f"Saml flere sager, eller vælg en enklere model, til det er højst {100 * MOST_TOLD:.0f} %.",
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
