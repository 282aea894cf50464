"""Facts completed, stored, read back and fingerprinted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.areas import get
from models.declaration import UNKNOWN, Area, Arrival, Code, Source
from models.facts import (
    Fact,
    FactsRefused,
    complete,
    from_json,
    gaps,
    learned_fingerprint,
    message,
    to_json,
    values,
)
from tests.models.strategies import RECEIVED, asked
from tests.models.workbench import REPAIR

GENOPTRAENING = get("genoptraening")
BOTH = pytest.mark.parametrize("area", [GENOPTRAENING, REPAIR], ids=lambda area: area.name)
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ARRIVAL = Arrival(RECEIVED, date(2026, 2, 27), None, date(2026, 2, 20), date(2026, 2, 27))


def told(value: object, **rest: object) -> Fact:
    """A fact read from the plan."""
    return Fact(value, Source.PLAN_TEXT, NOW, **rest)  # type: ignore[arg-type]


def test_a_name_the_area_does_not_have_is_refused() -> None:
    with pytest.raises(FactsRefused) as refused:
        complete(REPAIR, {"cpr": told("x")}, ARRIVAL, NOW)
    (refusal,) = refused.value.refusals
    assert refusal.code == "unknown_question"
    assert message(None, refusal) == "Der er ingen oplysning, der hedder 'cpr'."


def test_a_date_too_far_from_receipt_is_refused_with_its_window() -> None:
    far = RECEIVED + timedelta(400)
    with pytest.raises(FactsRefused) as refused:
        complete(GENOPTRAENING, {"opstart_tidligst": told(far)}, ARRIVAL, NOW)
    (refusal,) = refused.value.refusals
    assert message(GENOPTRAENING.by_name["opstart_tidligst"], refusal) == (
        "Tidligste opstart skal ligge mellem 60 dage før og 365 dage efter modtagelsen. "
        "Du skrev '2027-04-06'."
    )


def test_every_refused_answer_is_named_at_once() -> None:
    answers = {"funk_mobilitet": told("9"), "bidiagnoser_antal": told(99), "hjemmepleje": told("ja")}
    with pytest.raises(FactsRefused) as refused:
        complete(GENOPTRAENING, answers, ARRIVAL, NOW)
    assert {each.question for each in refused.value.refusals} == {"funk_mobilitet", "bidiagnoser_antal"}


def test_computed_facts_follow_from_the_others() -> None:
    facts = complete(GENOPTRAENING, {"aktionsdiagnose_sks": told("DS721")}, ARRIVAL, NOW)
    assert facts["diagnosegruppe"] == Fact("hoftebrud", Source.COMPUTED, NOW)
    assert facts["indlaeggelsesdage"].value == 7
    assert facts["funktionstab"] == Fact(None, Source.COMPUTED, None)


def test_a_computed_value_that_was_typed_is_computed_anew() -> None:
    facts = complete(REPAIR, {"alder": told(12), "gammel": told("nej")}, ARRIVAL, NOW)
    assert facts["gammel"] == Fact("ja", Source.COMPUTED, NOW)


def test_a_computed_fact_keeps_its_time_while_it_stays_the_same() -> None:
    first = complete(REPAIR, {"alder": told(12)}, ARRIVAL, NOW)
    later = NOW + timedelta(days=2)
    again = complete(REPAIR, {**first, "farve": told("gul")}, ARRIVAL, later)
    changed = complete(REPAIR, {**first, "alder": told(2)}, ARRIVAL, later)
    assert again["gammel"].known_at == NOW
    assert changed["gammel"] == Fact("nej", Source.COMPUTED, later)


@pytest.mark.requirement("F-28")
def test_a_fact_marked_wrong_is_missing_for_every_calculation() -> None:
    facts = complete(REPAIR, {"alder": told(12, marked_wrong=True), "farve": told("gul")}, ARRIVAL, NOW)
    assert facts["alder"].value == 12
    assert values(facts)["alder"] is None
    assert facts["gammel"].value is None
    assert REPAIR.by_name["alder"] in gaps(REPAIR, facts)


def test_a_computed_fact_marked_wrong_stays_wrong_when_it_is_computed_anew() -> None:
    first = complete(REPAIR, {"alder": told(12)}, ARRIVAL, NOW)
    first["gammel"] = replace(first["gammel"], marked_wrong=True)
    again = complete(REPAIR, first, ARRIVAL, NOW + timedelta(days=1))
    assert again["gammel"].marked_wrong
    assert values(again)["gammel"] is None


def test_unknown_is_an_answer_to_people_and_missing_to_a_calculation() -> None:
    facts = complete(REPAIR, {"farve": told(UNKNOWN)}, ARRIVAL, NOW)
    assert facts["farve"].value == UNKNOWN
    assert values(facts)["farve"] is None
    assert REPAIR.by_name["farve"] in gaps(REPAIR, facts)


def test_an_optional_question_left_empty_is_no_gap() -> None:
    facts = complete(GENOPTRAENING, {}, ARRIVAL, NOW)
    names = {question.name for question in gaps(GENOPTRAENING, facts)}
    assert "opstart_tidligst" not in names
    assert "diagnosegruppe" not in names
    assert "funk_mobilitet" in names


@BOTH
@given(st.data())
def test_facts_read_back_as_they_were_written(area: Area, data: st.DataObject) -> None:
    facts = complete(area, data.draw(asked(area)), ARRIVAL, NOW)
    assert from_json(area, to_json(facts)) == facts
    assert list(from_json(area, to_json(facts))) == [question.name for question in area.questions]


def test_stored_facts_with_a_strange_name_or_form_are_refused() -> None:
    with pytest.raises(FactsRefused):
        from_json(REPAIR, {"navn": {"value": "x"}})
    with pytest.raises(FactsRefused):
        from_json(REPAIR, {"farve": {"value": "blaa"}})
    with pytest.raises(ValueError, match="an object with a value"):
        from_json(REPAIR, {"farve": "gul"})
    with pytest.raises(ValueError, match="time zone"):
        from_json(REPAIR, {"farve": {"value": "gul", "known_at": "2026-01-01T10:00:00"}})


def test_facts_stored_before_a_question_was_asked_still_open() -> None:
    assert from_json(REPAIR, {"farve": {"value": "gul"}})["vaegt"] == Fact(None, Source.PLAN_TEXT, None)


class TestFingerprint:
    """It covers what is learned, and not the wording."""

    def test_is_the_same_after_a_reworded_label(self) -> None:
        assert learned_fingerprint(_reworded()) == learned_fingerprint(REPAIR)

    def test_changes_with_a_code_a_bound_or_a_level(self) -> None:
        prints = {learned_fingerprint(area) for area in (REPAIR, _with_level(), _with_bound(), _with_code())}
        assert len(prints) == 4

    def test_is_of_known_form(self) -> None:
        assert len(learned_fingerprint(GENOPTRAENING)) == 64


def _changed(name: str, **change: object) -> Area:
    """The tiny area with one question declared otherwise."""
    area = replace(REPAIR)
    questions = tuple(
        replace(each, **change) if each.name == name else each  # type: ignore[arg-type]
        for each in REPAIR.questions
    )
    area.__dict__["questions"] = questions
    return area


def _reworded() -> Area:
    return _changed("farve", label="Kulør", help="Ny hjælp.", weight=9.0, unit="x")


def _with_bound() -> Area:
    return _changed("alder", high=50)


def _with_code() -> Area:
    return _changed("farve", codes=(*REPAIR.by_name["farve"].codes, Code("blaa", "Blå")))


def _with_level() -> Area:
    return replace(REPAIR, levels=(*REPAIR.levels, Code("skrot", "Skrot")))
