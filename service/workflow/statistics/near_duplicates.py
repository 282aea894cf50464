"""Texts that are nearly the same: how many of them have a twin, whoever wrote them.

Two texts are twins when they share four fifths of their runs of three words (Jaccard's index). The search is
exact and compares only texts with a rare run in common (prefix filtering: Bayardo, Ma and Srikant, WWW 2007).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

ALIKE = (4, 5)
"""Four of five runs in common."""
RUN = 3
WORD = re.compile(r"\w+")

Shingles = frozenset[tuple[str, ...]]


def with_twins(texts: Sequence[str]) -> int:
    """How many of the texts have at least one other that is nearly the same. One without a word has none."""
    every = Counter(shingles for text in texts if (shingles := _shingles(text)))
    found = {shingles for shingles, count in every.items() if count > 1}
    found |= _near(list(every))
    return sum(every[shingles] for shingles in found)


def _shingles(text: str) -> Shingles:
    """The runs of three words; a shorter text is one run."""
    words = WORD.findall(text.casefold())
    if not words:
        return frozenset()
    return frozenset(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)))


def _near(every: Sequence[Shingles]) -> set[Shingles]:
    """Those that are near another one, of sets that all differ."""
    part, whole = ALIKE
    often = Counter(run for shingles in every for run in shingles)
    seen: dict[tuple[str, ...], list[Shingles]] = defaultdict(list)
    found: set[Shingles] = set()
    for shingles in sorted(every, key=len):
        rarest = sorted(shingles, key=lambda run: (often[run], run))
        prefix = rarest[: len(rarest) + 1 - (part * len(rarest) + whole - 1) // whole]
        for other in {other for run in prefix for other in seen[run]}:
            if whole * len(shingles & other) >= part * len(shingles | other):
                found |= {shingles, other}
        for run in prefix:
            seen[run].append(shingles)
    return found
