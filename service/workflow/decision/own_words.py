"""Words that are not hers: a text that only repeats what was shown, or the list, says nothing new."""

import re
from collections.abc import Iterable
from html import unescape

SENTENCE = "Angiv en konkret vurdering: teksten gentager kun grundlaget eller listen."
TAG, BREAK, WORD = re.compile(r"<[^>]*>"), re.compile(r"[.!?;\n]+"), re.compile(r"\w+")


def only_repeats(text: str, said: Iterable[str]) -> bool:
    """Whether every sentence of a text stands already in what was said, which may be markup.

    Capitals, spaces, commas and the order of the sentences do not matter. Signs without a word repeat too.
    """
    known = [_words(unescape(TAG.sub(" ", each))) for each in said]
    parts = [words for part in BREAK.split(text) if (words := _words(part)).strip()]
    return all(any(part in each for each in known) for part in parts)


def _words(text: str) -> str:
    """The words with one space around each, so that a piece is found in whole words only."""
    return f" {' '.join(WORD.findall(text.casefold()))} "
