"""How plain a Danish text is: its sentences, how long they are, and its LIX.

LIX is the mean number of words in a sentence plus the share of long words in percent (Björnsson 1968).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LIX = 30
MOST_WORDS = 20
"""The gate: what we write keeps both, what a caseworker adds keeps the second."""

LONG = 6
"""Letters; a word with more is long."""

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
END = re.compile(r"[.!?…]+[\"'”»«)\]]*(?=\s|$)")
ABBREVIATIONS = frozenset(
    [
        "bl.a",
        "ca",
        "dvs",
        "evt",
        "f.eks",
        "fx",
        "inkl",
        "jf",
        "kl",
        "mv",
        "nr",
        "osv",
        "pga",
        "pkt",
        "stk",
        "tlf",
    ]
)


@dataclass(frozen=True)
class Measure:
    """A text measured: its LIX, and its sentences with more words than a letter may have in one."""

    lix: float
    words: int
    too_long: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the text keeps both halves of the gate."""
        return self.lix <= MOST_LIX and not self.too_long


def measure(texts: Iterable[str]) -> Measure:
    """Measure some paragraphs as one text; an empty text has LIX 0."""
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    long = sum(len(word) > LONG for word in words)
    lix = len(words) / len(sentences) + 100 * long / len(words) if words else 0.0
    return Measure(lix, len(words), tuple(each for each in sentences if len(words_of(each)) > MOST_WORDS))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text: each ends with its mark, or with the line. One without a word is none."""
    found = []
    for line in text.splitlines():
        start = 0
        for mark in END.finditer(line):
            if not _is_inside(line, mark):
                found.append(line[start : mark.end()].strip())
                start = mark.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if WORD.search(sentence)]


def words_of(text: str) -> list[str]:
    """The words of a text; numbers count, signs do not."""
    return WORD.findall(text)


def _is_inside(line: str, mark: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an initial, or a number before a small letter."""
    if not mark[0].startswith(".") or mark[0].startswith(".."):
        return False
    before = line[: mark.start()].split()[-1].lstrip("(»\"'") if line[: mark.start()].split() else ""
    after = line[mark.end() :].lstrip()
    if not after:
        return False
    if before.isdigit():
        return after[0].islower()
    is_initial = len(before) == 1 and before.isalpha() and before.isupper()
    return is_initial or before.lower() in ABBREVIATIONS
