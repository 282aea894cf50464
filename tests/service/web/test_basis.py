"""The basis fragment: a pure function of the payload, in the order that helps, without words that decide."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.suggestion.basis import TEMPLATE_VERSION, render_basis
from service.workflow.letter.words import LINT
from tests.payloads import a_payload, a_similar_case

MODES = ["overblik", "forslag"]
NO_BREAK = "\N{NO-BREAK SPACE}"


class Seen(HTMLParser):
    """What a fragment says and how it is built."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.tags)


def seen(mode: str = "overblik", **changed: Any) -> Seen:
    return Seen(render_basis(a_payload(**changed), mode))


def similar(**changed: Any) -> dict[str, Any]:
    return {**a_payload()["similar"], **changed}


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="no mode 'uden'"):
        render_basis(a_payload(), "uden")


def test_a_payload_that_lacks_something_is_refused() -> None:
    payload = a_payload()
    del payload["similar"]["nearness_sentence"]

    with pytest.raises(KeyError):
        render_basis(payload, "overblik")


def test_the_same_payload_gives_the_same_bytes() -> None:
    assert render_basis(a_payload(), "overblik") == render_basis(a_payload(), "overblik")


def test_the_template_version_names_the_wording() -> None:
    assert re.fullmatch(r"basis/1\+[0-9a-f]{12}", TEMPLATE_VERSION)


def test_similar_cases_stand_before_differences_and_differences_before_contributions() -> None:
    fragment = render_basis(a_payload(), "overblik")
    places = [
        fragment.index(f'id="{part}"') for part in ("lignende-sager", "forskelle", "oplysninger-der-trak")
    ]

    assert places == sorted(places)


def test_the_overview_names_no_level_as_the_one() -> None:
    text = seen("overblik").text

    assert "peger" not in text
    assert "Grundlaget peger mod avanceret niveau." in seen("forslag").text


@pytest.mark.parametrize("mode", MODES)
def test_nothing_says_what_to_do_or_claims_a_cause(mode: str) -> None:
    assert LINT.search(render_basis(a_payload(), mode)) is None


@pytest.mark.parametrize("mode", MODES)
def test_probabilities_and_scores_are_not_shown(mode: str) -> None:
    text = seen(mode).text

    for number in ("0.83", "0,83", "0.34", "83", "sandsynlig"):
        assert number not in text


def test_frequencies_have_one_denominator() -> None:
    text = seen().text

    assert {"13 af 20", "7 af 20", "12 af 20", "18 af 20"} <= set(re.findall(r"\d+ af \d+", text))
    assert {total for _, total in re.findall(r"(\d+) af (\d+)", text)} == {"20"}


def test_there_is_one_mark_for_each_similar_case_and_levels_differ_in_shape() -> None:
    found = seen()

    assert (found.count("circle"), found.count("rect")) == (7, 13 + 5)  # five bars are rectangles too


def test_marks_and_bars_have_the_same_colours_whatever_the_level() -> None:
    shapes = [attrs for tag, attrs in seen().tags if tag in ("circle", "polygon")]

    assert {attrs["fill"] for attrs in shapes} == {"#1a1a1a"}


def test_levels_stand_in_declared_order_however_many_cases_they_have() -> None:
    spread = a_payload()["similar"]["spread"]
    there = render_basis(a_payload(), "overblik")

    assert render_basis(a_payload(similar=similar(spread=spread[::-1])), "overblik") == there
    assert there.index(">Basalt niveau<") < there.index(">Avanceret niveau<")


def test_a_level_that_no_similar_case_had_still_has_its_row() -> None:
    spread = [{"level": "avanceret", "label": "Avanceret niveau", "count": 20, "outcomes": []}]
    text = seen(similar=similar(spread=spread)).text

    assert "Basalt niveau 0 af 20" in text


def test_a_similar_case_with_another_course_is_marked_as_such() -> None:
    assert "Lignende sag med et andet forløb" in seen().text
    assert "der fik noget andet end de fleste." in seen().text
    tie = seen(similar=similar(reference_level=None, reference_reason="tie")).text
    assert "der fik noget andet end den sag, der ligner mest." in tie


def test_without_a_counter_example_the_page_says_that_there_is_none() -> None:
    assert (
        "Der er ingen lignende sag med et andet forløb." in seen(similar=similar(counter_example=None)).text
    )


def test_the_counter_example_is_not_shown_twice() -> None:
    text = seen().text

    assert text.count("Nr. 5 ") == 1
    assert all(text.count(f"Nr. {rank} ") >= 1 for rank in range(1, 21))


def test_similar_cases_show_likenesses_and_differences() -> None:
    text = seen().text

    assert "Mobilitet: svær; Faldrisiko: ja" in text
    assert "Funktionsevne før: her selvhjulpen, dér delvist afhængig" in text


def test_similar_cases_carry_no_key() -> None:
    fragment = render_basis(a_payload(), "overblik")

    assert not any(case["key"] in fragment for case in a_payload()["similar"]["cases"])


def test_a_level_that_was_changed_later_is_said() -> None:
    changed = {**a_similar_case(1, "basal"), "level_changed": True}

    assert "Niveauet blev ændret undervejs" in seen(similar=similar(cases=[changed])).text


def test_every_level_has_its_list_of_what_pulled_toward_it() -> None:
    text = seen().text
    contributions = a_payload()["contributions"]
    contributions["items"] = contributions["items"][:3]

    assert text.index("Mod basalt niveau") < text.index("Mod avanceret niveau")
    assert "trak tydeligt mod basalt niveau." in seen(contributions=contributions).text


def test_at_most_five_contributions_are_shown() -> None:
    contributions = a_payload()["contributions"]
    contributions["items"] *= 2
    found = seen(contributions=contributions)

    assert sum(attrs.get("class") == "pull" for _, attrs in found.tags) == 5


def test_a_contribution_is_a_signed_number_words_and_a_bar() -> None:
    found = seen()

    assert "Mobilitet: svær for avanceret niveau mest +34 %" in found.text
    assert "nej imod avanceret niveau lidt −8 %" in found.text
    assert sum(attrs.get("class") == "pull" for _, attrs in found.tags) == 5


def test_a_contribution_of_uncertain_direction_is_in_no_sentence_and_called_unsure() -> None:
    pulls = a_payload()["contributions"]
    pulls["items"][0] |= {"certain": False, "sentence": "", "interval": ["-0.100000", "0.780000"]}
    pulls["unsure_sentence"] = "Usikker retning: mobilitet. Den kan skifte."

    page = seen(contributions=pulls)

    assert "Usikker retning: mobilitet." in page.text
    assert "usikker mest +34 %" in page.text.replace(NO_BREAK, " ")
    assert "−10 % til +78 %" in page.text.replace(NO_BREAK, " ")
    assert "Mobilitet: svær. Den oplysning trak" not in page.text


def test_what_the_pulls_are_measured_from_is_said() -> None:
    assert "Trækket er målt ud fra 200 tidligere sager under ét." in seen().text


def test_sentences_about_contributions_stand_before_their_bars() -> None:
    fragment = render_basis(a_payload(), "overblik")

    assert fragment.index("trak beregningen mest mod") < fragment.index('class="pull"')


def test_what_the_calculation_does_not_know_is_always_said() -> None:
    text = seen().text

    assert "Ikke med i beregningen: din samtale med borgeren, hjemmebesøg, borgerens mål" in text
    assert "Ikke oplyst i denne sag: Ganghjælpemiddel." in text


def test_flags_are_said_in_words_and_only_when_there_are_any() -> None:
    flagged = seen(flag_sentences=["Lignende sager og beregning peger hver sin vej."])

    assert "Læg mærke til" in flagged.text
    assert "Læg mærke til" not in seen().text


def test_what_was_used_stands_in_words_with_its_source() -> None:
    text = seen().text

    assert "Mobilitet svær læst i planens tekst" in text
    assert "Ganghjælpemiddel ikke oplyst læst i planens tekst" in text
    assert "plan_text" not in text


def test_every_figure_has_a_title_and_stands_in_a_table() -> None:
    fragment = render_basis(a_payload(), "overblik")
    outside = re.sub(r"<table.*?</table>", "", fragment, flags=re.DOTALL)

    assert "<svg" not in outside
    assert fragment.count("<svg") == fragment.count("<title>") == 2 + 5


def test_figures_obey_the_content_security_policy() -> None:
    fragment = render_basis(a_payload(), "forslag")

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", fragment)


@given(text=st.text(alphabet="<>&\"'ab", min_size=1))
def test_nothing_in_a_payload_becomes_markup(text: str) -> None:
    payload = a_payload(missing=[f"<i>{text}"], caveats=[f"<i>{text}"], flag_sentences=[f"<i>{text}"])

    assert "<i>" not in render_basis(payload, "overblik")
