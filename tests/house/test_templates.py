"""Templates escape what they show, and never speak for the caseworker."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.boundaries import judging_words
from service.workflow.letter.words import LINT
from tests.parts.tree import complaints, files, files_in

# template: why what it passes on unescaped can hold no markup of a stranger's
UNESCAPED: dict[str, str] = {}

UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(r"""\b_?(?:_|gettext|ngettext)\(\s*("[^"]*"|'[^']*')""")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SPOKEN = re.compile(r"""\b(?:alt|aria-label|content|label|placeholder|title|value)=("[^"]*"|'[^']*')""")


def lines_kept(pattern: re.Pattern[str], keep: re.Pattern[str], text: str) -> str:
    """The text with each match replaced by what is kept of it, and its line breaks."""

    def replaced(match: re.Match[str]) -> str:
        return " ".join(keep.findall(match[0])) + "\n" * match[0].count("\n")

    return pattern.sub(replaced, text)


def spoken(text: str) -> str:
    """What a template says to people: its text, its spoken attributes and its translated strings."""
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    return lines_kept(TAG, SPOKEN, lines_kept(JINJA, TRANSLATED, text))


def unsafe_marks(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Places that switch escaping off."""
    if file.as_posix() in UNESCAPED:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if UNSAFE.search(line):
            yield number, "is not escaped"


def wrong_words(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Words that the service does not use to people."""
    for number, line in enumerate(spoken(text).splitlines(), start=1):
        for match in LINT.finditer(line):
            yield number, f"says '{match[0]}'"


def words_that_judge(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Words about somebody that the service does not use, in templates and in code alike."""
    for number, line in enumerate(text.splitlines(), start=1):
        for word in judging_words(line):
            yield number, f"says '{word}'"


def templates() -> list[Path]:
    return [file for file in files() if "templates" in file.parts and file.parts[0] == "service"]


def test_nothing_is_shown_unescaped() -> None:
    assert complaints(unsafe_marks, templates()) == []


def test_no_template_claims_causes_or_recommends() -> None:
    assert complaints(wrong_words, templates()) == []


@pytest.mark.requirement("F-13", "D-31")
def test_nothing_says_a_word_that_judges_somebody() -> None:
    listing = Path("service/workflow/letter/words.py")  # the other list of words that nobody says
    code = [file for file in files_in() if file.parts[0] in ("service", "training") and file != listing]

    assert complaints(words_that_judge, [*templates(), *code]) == []


@pytest.mark.parametrize("text", ["{{ name|safe }}", "{{ name | safe }}", "{% autoescape false %}"], ids=str)
def test_a_switched_off_escape_is_noticed(text: str) -> None:
    assert list(unsafe_marks(Path("x.html"), text))


@pytest.mark.parametrize(
    "text",
    [
        "<p>Modellen anbefaler</p>",
        "{{ _('Det skyldes') }}",
        '<a title="Korrekt svar">',
        "{% trans %}Override",
    ],
    ids=["text", "translated", "attribute", "block"],
)
def test_a_wrong_word_is_noticed(text: str) -> None:
    assert list(wrong_words(Path("x.html"), text))


@pytest.mark.parametrize(
    "text",
    ['{% if outcome == "override" %}', '<p class="override">', "{# anbefaler #}", "<p>Lignende sager</p>"],
    ids=["code", "class", "comment", "plain"],
)
def test_what_nobody_reads_is_left_alone(text: str) -> None:
    assert not list(wrong_words(Path("x.html"), text))
