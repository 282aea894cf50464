"""A text that only repeats what was shown is no reason: the law asks for a concrete assessment."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.decision.own_words import only_repeats

SHOWN = (
    "<p>I 13 af 20 lignende sager: avanceret niveau.</p><li>Mobilitet: sv&aelig;r.</li>",
    "Funktionsevne nu",
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=8)


def test_what_was_shown_is_known_again_in_other_capitals_and_another_order() -> None:
    for text in (
        "Mobilitet: svær",
        "mobilitet svær. I 13 af 20 lignende sager: AVANCERET niveau!",
        "funktionsevne nu",
        "...",
    ):
        assert only_repeats(text, SHOWN), text


def test_a_single_sentence_of_her_own_is_enough() -> None:
    for text in ("Mobilitet: svær. Hun bor på tredje sal.", "Hun går 13 af 20 trin", "svært"):
        assert not only_repeats(text, SHOWN), text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=4), WORDS)
def test_a_text_of_shown_sentences_repeats_and_one_new_word_ends_it(said: list[list[str]], new: str) -> None:
    sentences = [" ".join(words) for words in said]
    text = ". ".join(reversed(sentences))

    assert only_repeats(text, [f"<b>{each}</b>" for each in sentences])
    assert not only_repeats(f"{text}. {new}1", sentences)
