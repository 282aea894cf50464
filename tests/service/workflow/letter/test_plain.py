"""How long a sentence is and what LIX a text has, as a reader would count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.letter.plain import MOST_WORDS, measure, sentences_of, words_of

WORD = st.sampled_from(["hus", "gå", "træning", "du", "§", "140", "it-system", "åh"])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n. - !", []),
        ("Du går. Du løber!", ["Du går.", "Du løber!"]),
        ("Det er den 1. december kl. 9. Kom!", ["Det er den 1. december kl. 9.", "Kom!"]),
        ("Tag f.eks. A. Hansen med.", ["Tag f.eks. A. Hansen med."]),
        ("Se § 140, stk. 4. Det er loven.", ["Se § 140, stk. 4.", "Det er loven."]),
        ("Overskrift\nog linje", ["Overskrift", "og linje"]),
        ("Han sagde: »Jeg vil hjem.« Så gik han.", ["Han sagde: »Jeg vil hjem.«", "Så gik han."]),
        ("små bogstaver. også her", ["små bogstaver.", "også her"]),
    ],
)
def test_sentences_are_those_a_reader_sees(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_lix_is_counted_as_bjoernsson_did() -> None:
    # 8 words in 2 sentences; two words have more than six letters
    found = measure(["Genoptræning er godt. Du skal træne derhjemme nu."])

    assert (found.words, found.lix) == (8, 8 / 2 + 100 * 2 / 8)


def test_an_empty_text_is_plain() -> None:
    assert measure([]) == measure(["", " "])
    assert measure([]).is_plain


def test_twenty_words_are_enough() -> None:
    just, beyond = " ".join(["gå"] * MOST_WORDS) + ".", " ".join(["gå"] * (MOST_WORDS + 1)) + "."

    assert measure([just]).is_plain
    assert measure([just, beyond]).too_long == (beyond,)


@given(st.lists(st.lists(WORD, min_size=1, max_size=30), max_size=6))
def test_no_word_is_lost_or_counted_twice(said: list[list[str]]) -> None:
    text = " ".join(" ".join(words) + "." for words in said)

    assert sum(len(words_of(each)) for each in sentences_of(text)) == len(words_of(text))
    assert measure([text]).words == measure(sentences_of(text)).words
