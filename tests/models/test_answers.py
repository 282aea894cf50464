"""What becomes a fact, what is refused, and the sentence that says so."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.answers import NONE_OF_THEM, FactsRefused, parse_answer, parse_value
from models.areas import get
from models.declaration import UNKNOWN, Area, Kind
from models.facts import message, say, to_json
from models.messages import listed, say_number
from tests.models.strategies import known_values, values
from tests.models.workbench import REPAIR

GENOPTRAENING = get("genoptraening")
BOTH = pytest.mark.parametrize("area", [GENOPTRAENING, REPAIR], ids=lambda area: area.name)

CHOOSE = (
    "Vælg blandt svarene ved Betydende komorbiditet: "
    "hjertesygdom, lungesygdom, diabetes, demens, kræft og psykisk sygdom."
)
SKS_HELP = "SKS-koden fra planen, for eksempel DS721."


def refusal_of(area: Area, name: str, raw: object) -> tuple[str, str]:
    """The code and the sentence with which an answer is refused."""
    with pytest.raises(FactsRefused) as refused:
        parse_answer(area.by_name[name], raw)
    (refusal,) = refused.value.refusals
    return refusal.code, message(area.by_name[name], refusal)


@pytest.mark.parametrize(
    ("name", "raw", "code", "sentence"),
    [
        ("bidiagnoser_antal", "25", "out_of_bounds",
         "Antal bidiagnoser skal være et helt tal mellem 0 og 20. Du skrev '25'."),
        ("bidiagnoser_antal", "2,5", "not_a_number",
         "Antal bidiagnoser skal være et helt tal mellem 0 og 20. Du skrev '2,5'."),
        ("bidiagnoser_antal", True, "not_a_number",
         "Antal bidiagnoser skal være et helt tal mellem 0 og 20. Du skrev 'True'."),
        ("bidiagnoser_antal", "٣", "not_a_number",
         "Antal bidiagnoser skal være et helt tal mellem 0 og 20. Du skrev '٣'."),
        ("funk_mobilitet", "7", "not_a_code",
         ("Vælg ét svar ved Begrænsning i mobilitet: ingen, let, moderat, svær, total eller ukendt. "
          "Du skrev '7'.")),
        ("behandlingstype", "Kirurgisk", "not_a_code",
         "Vælg ét svar ved Behandling: kirurgisk, medicinsk eller ukendt. Du skrev 'Kirurgisk'."),
        ("komorbiditet_flag", "hjerte+gigt", "not_a_code",
         f"{CHOOSE} Du skrev 'hjerte+gigt'."),
        ("komorbiditet_flag", ["hjerte", "ukendt"], "not_a_code",
         f"{CHOOSE} Du skrev 'hjerte+ukendt'."),
        ("opstart_tidligst", "31.02.2026", "not_a_date",
         "Tidligste opstart skal være en dato, for eksempel 23.11.2026. Du skrev '31.02.2026'."),
        ("aktionsdiagnose_sks", "S72", "not_a_code",
         f"Aktionsdiagnose har ikke den rigtige form. {SKS_HELP} Du skrev 'S72'."),
        ("diagnosegruppe", "knae", "computed",
         "Diagnosegruppe beregnes og kan ikke skrives ind. Du skrev 'knae'."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_a_fact_is_refused_in_words(
    name: str, raw: object, code: str, sentence: str
) -> None:
    assert refusal_of(GENOPTRAENING, name, raw) == (code, sentence)


@pytest.mark.parametrize(
    "raw", ["0,5x", "1,5", "-0.1", "nan", "inf", float("inf"), "0" * 50, [0.5], {}], ids=repr
)
def test_a_share_outside_0_to_1_is_refused(raw: object) -> None:
    code, sentence = refusal_of(REPAIR, "andel", raw)
    assert code in ("not_a_number", "out_of_bounds")
    assert sentence.startswith("Slidt andel skal være et tal mellem 0 og 1. Du skrev '")


def test_what_is_quoted_back_is_short_and_on_one_line() -> None:
    _, sentence = refusal_of(GENOPTRAENING, "funk_mobilitet", "x\n" * 5000)
    assert "\n" not in sentence
    assert len(sentence) < 250


@BOTH
@given(st.data())
def test_nothing_but_a_refusal_comes_of_any_input(area: Area, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(area.questions))
    raw: Any = data.draw(
        st.text()
        | st.integers()
        | st.floats()
        | st.booleans()
        | st.lists(st.text())
        | st.dates()
        | st.binary()
    )
    try:
        value = parse_value(question, raw)
    except FactsRefused as refused:
        assert message(question, refused.refusals[0]).endswith("'.")
    else:
        assert say(question, value)


@BOTH
@given(st.data())
def test_a_value_reads_back_as_itself(area: Area, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(area.questions))
    value = data.draw(values(question))
    assert parse_value(question, value) == value


@BOTH
def test_every_question_takes_unknown_and_nothing(area: Area) -> None:
    for question in area.questions:
        assert parse_value(question, UNKNOWN) == UNKNOWN
        assert parse_value(question, "  ") is None
        assert parse_value(question, None) is None
        assert parse_value(question, float("nan")) is None


@BOTH
@given(st.data())
def test_every_value_can_be_said(area: Area, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(area.questions))
    assert say(question, data.draw(known_values(question)))


def test_none_of_them_is_an_answer_and_an_empty_cell_is_not() -> None:
    question = GENOPTRAENING.by_name["komorbiditet_flag"]
    assert parse_answer(question, NONE_OF_THEM) == frozenset()
    assert parse_answer(question, []) == frozenset()
    assert parse_answer(question, "") is None


@pytest.mark.parametrize("raw", ["2026-11-23", "23.11.2026", "23-11-2026", date(2026, 11, 23)], ids=repr)
def test_a_date_may_be_written_as_danes_write_it(raw: object) -> None:
    assert parse_answer(GENOPTRAENING.by_name["opstart_tidligst"], raw) == date(2026, 11, 23)


def test_a_term_is_written_in_capitals() -> None:
    assert parse_answer(GENOPTRAENING.by_name["aktionsdiagnose_sks"], " ds721 ") == "DS721"


def test_a_code_stored_as_a_number_is_that_code() -> None:
    assert parse_answer(GENOPTRAENING.by_name["funk_mobilitet"], 3) == "3"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("funk_mobilitet", "3", "svær"),
        ("funk_mobilitet", None, "ikke oplyst"),
        ("funk_mobilitet", UNKNOWN, "ukendt"),
        ("indlaeggelsesdage", 3, "3 dage"),
        ("indlaeggelsesdage", 1, "1 dag"),
        ("dage_siden_udskrivning", -2, "−2 dage"),
        ("komorbiditet_flag", frozenset({"diabetes", "hjerte"}), "hjertesygdom og diabetes"),
        ("komorbiditet_flag", frozenset({"diabetes", "hjerte", "kraeft"}), "hjertesygdom, diabetes og kræft"),
        ("komorbiditet_flag", frozenset(), "ingen"),
        ("opstart_tidligst", date(2026, 11, 23), "23. november 2026"),
        ("aktionsdiagnose_sks", "DS721", "DS721"),
        ("gop_komplet", 0.85, "85\u00a0%"),
    ],
)
def test_a_value_is_said_in_a_caseworkers_words(name: str, value: Any, words: str) -> None:
    assert say(GENOPTRAENING.by_name[name], value) == words


def test_every_kind_of_question_has_its_sentence_for_every_refusal_it_can_give() -> None:
    found = set()
    for area in (GENOPTRAENING, REPAIR):
        for question in area.questions:
            for raw in ("\x00", "9999", 10**6, object(), [[1]], "0.5.1"):
                try:
                    parse_value(question, raw)
                except FactsRefused as refused:
                    found.add(question.kind)
                    assert question.label in message(question, refused.refusals[0])
    assert found == set(Kind)


def test_small_words_are_put_together_the_danish_way() -> None:
    assert listed([], "og") == ""
    assert listed(["a"], "og") == "a"
    assert listed(["a", "b", "c"], "eller") == "a, b eller c"
    assert say_number(REPAIR.by_name["alder"], 2) == "2 år"


def test_an_unknown_code_is_never_said() -> None:
    with pytest.raises(KeyError):
        say(GENOPTRAENING.by_name["komorbiditet_flag"], frozenset({"gigt"}))
    with pytest.raises(KeyError):
        say(GENOPTRAENING.by_name["funk_mobilitet"], "7")


def test_nothing_is_written_for_no_facts() -> None:
    assert to_json({}) == {}
