"""What a letter says, in all four variants: true, plain, in counts, and never what a model computed."""

import re
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.tables.citizen import VARIANTS
from service.tables.suggestion import WITHHELD_REASONS
from service.workflow.letter.checks import faults_of
from service.workflow.letter.compose import LetterText, compose
from service.workflow.letter.course import CHANGE, JUDGED_FIRST, NOT_SHOWN, course_of
from service.workflow.letter.draft import draft_of
from service.workflow.letter.ground import Count, Ground
from service.workflow.letter.plain import MOST_LIX, measure
from service.workflow.letter.words import LINT, THE_SYSTEM_SAID_SO
from tests.letters import AREA, BOTH, OFFERS, WORDS, a_ground, grounds, parts_of

ANY = st.sampled_from(VARIANTS).flatmap(grounds)
A_FEW = settings(max_examples=25)
EVALUATES = re.compile(
    r"\b(vurder|skøn|mene|mener|mente|synes|finder|anser|anse|bedøm|burde|bør|egne[dt]|velegnet|god[et]?\b|"
    r"dårlig|passende|nødvendig|tilstrækkelig|vigtig)", re.IGNORECASE
)  # fmt: skip
ORDER = re.compile(r"før (de andre|lignende) sager|skrev .* ned, før", re.IGNORECASE)


def text_of(ground: Ground) -> str:
    return "\n".join(compose(ground, parts_of(ground)).paragraphs())


@pytest.mark.requirement("K-17")
@pytest.mark.parametrize("variant", VARIANTS)
@given(data=st.data())
def test_every_letter_is_plain(variant: str, data: st.DataObject) -> None:
    ground = data.draw(grounds(variant))
    found = measure(compose(ground, parts_of(ground)).paragraphs())

    assert found.too_long == ()
    assert found.lix <= MOST_LIX


@pytest.mark.requirement("F-23")
@A_FEW
@given(ANY)
def test_how_it_was_done_is_told_in_few_words(ground: Ground) -> None:
    letter = compose(ground, parts_of(ground))
    told = [s for s in letter.sections if s.heading in ("Sådan gjorde vi", "Om systemet")]
    found = measure(text for section in told for text in section.paragraphs)

    assert len(told) == 2
    assert found.words <= 150
    assert found.lix <= MOST_LIX


@A_FEW
@given(ANY)
def test_no_letter_says_a_word_of_the_list_or_gives_the_system_as_a_reason(ground: Ground) -> None:
    draft = draft_of(ground)

    assert not LINT.search(text_of(ground))
    assert [part for part in asdict(draft).values() if THE_SYSTEM_SAID_SO.search(part)] == []


@pytest.mark.requirement("SK-04")
@A_FEW
@given(ANY)
def test_a_draft_restates_facts_and_judges_nothing(ground: Ground) -> None:
    draft = draft_of(ground)

    assert EVALUATES.findall(f"{draft.facts} {draft.law} {draft.weighed}") == []
    assert draft.facts == " ".join(told.sentence for told in ground.facts)


@A_FEW
@given(ANY)
def test_the_order_is_claimed_only_when_the_log_proves_it(ground: Ground) -> None:
    said = text_of(ground)

    assert (JUDGED_FIRST in said) is ground.judged_first
    assert ground.judged_first or not ORDER.search(said)
    assert ground.judged_first or not any(sentence in said for sentence in CHANGE.values())


@A_FEW
@given(ANY)
def test_similar_cases_are_counts_with_one_denominator(ground: Ground) -> None:
    course = "\n".join(course_of(ground))
    counts = re.findall(r"\b(\d+) af (\d+)\b", course)

    assert counts == [(str(each.count), str(ground.similar_count)) for each in ground.similar]
    assert "%" not in text_of(ground)


@pytest.mark.parametrize(
    ("ground", "said", "unsaid"),
    [
        (a_ground(), "I 13 af 20 fik borgeren træning på avanceret niveau.", "Vi brugte ikke systemet"),
        (a_ground(), "Du får altså det samme som de fleste.", "De fleste fik altså"),
        (a_ground(variant="other_than_most", most=OFFERS[0]),
         "De fleste fik altså træning på basalt niveau. Du får træning på avanceret", "det samme som"),
        (a_ground(most=None, similar=tuple(Count(each, 10) for each in OFFERS)),
         "Der var ikke noget, som de fleste fik.", "det samme som"),
        (a_ground(most=None, similar=()), "kun få sager", " af 20"),
        (a_ground(variant="not_shown", why_withheld="stopped", similar=(), most=None, computed=False),
         "Vi brugte ikke systemet i din sag. Det var slået fra.", "regnede"),
        (a_ground(variant="not_shown", why_withheld="model_damaged", similar=(), most=None),
         "Vi brugte ikke systemet i din sag. Det virkede ikke, som det skal. Systemet regnede", " af 20"),
        (a_ground(variant="control_arm", why_withheld="control_arm", similar=(), most=None),
         "Din sag var med i en stikprøve.", "Vi brugte ikke systemet"),
        (a_ground(judged_first=False), "De lignende sager var vist, da vi tog beslutningen.", "ned, før"),
        (a_ground(change="changed"), "Sagsbehandleren ændrede sin vurdering.", "holdt fast"),
        (a_ground(first_date=None), "Der er ikke sat en dag", "Den første aftale er"),
    ],
    ids=["counts", "as most", "other than most", "tie", "too few", "stopped", "computed", "control",
         "not first", "changed", "no date"],
)  # fmt: skip
def test_each_variant_tells_its_truth(ground: Ground, said: str, unsaid: str) -> None:
    text = text_of(ground)

    assert said in text
    assert unsaid not in text


@pytest.mark.requirement("K-21", "F-10", "G-51", "R-27")
@A_FEW
@given(ANY)
def test_whom_to_turn_to_stands_in_every_letter(ground: Ground) -> None:
    letter, contacts = compose(ground, parts_of(ground)), ground.contacts
    rows = dict(letter.help.rows)

    assert rows["Ansvarlig for din sag"] == "Fjordby Kommune, Træning Nord"
    assert rows["Tal med et menneske"] == f"Telefon {contacts.phone}, {contacts.hours}"
    assert contacts.phone in rows["Fejl i dine oplysninger"]
    assert "Styrelsen for Patientklager" in rows["Klage over beslutningen"]
    assert (rows["Om brug af dine data"], rows["Om dine rettigheder"]) == (
        contacts.data_protection, contacts.adviser,
    )  # fmt: skip
    assert "Bed om, at vi ser på din sag uden systemet." in text_of(ground)


@pytest.mark.requirement("F-23")
@A_FEW
@given(ANY)
def test_every_reason_is_the_one_that_she_gave(ground: Ground) -> None:
    [weighed] = [s for s in compose(ground, parts_of(ground)).sections if s.heading == "Det lagde vi vægt på"]
    reasons = re.findall(r"Vi lagde (?:mest|også) vægt på,? (.*?)\.", " ".join(weighed.paragraphs))

    assert tuple(reasons) == ground.weighed


@A_FEW
@given(ANY)
def test_a_letter_is_read_back_as_it_was_written(ground: Ground) -> None:
    letter = compose(ground, parts_of(ground))

    assert LetterText.from_json(letter.to_json()) == letter


@A_FEW
@given(ANY)
def test_a_draft_with_a_few_own_words_can_be_signed(ground: Ground) -> None:
    assert faults_of(ground, parts_of(ground), BOTH) == {}


def test_there_are_words_for_every_code() -> None:
    levels, reasons = set(AREA.level_codes), {code.code for code in AREA.reasons}
    wrong = [
        (name, code) for name, codes in WORDS.known.items() for code in codes
        if code not in AREA.by_name[name].code_values
    ]  # fmt: skip

    assert levels <= set(WORDS.offers) == set(WORDS.law)
    assert set(WORDS.weighed) == reasons
    assert wrong == []
    assert all(set(codes) == set(AREA.by_name[name].code_values) for name, codes in WORDS.known.items())
    assert set(NOT_SHOWN) == set(WITHHELD_REASONS) - {"control_arm"}
