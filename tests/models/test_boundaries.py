"""The lines nobody moves by adding a question: sources, banned facts, judging words, foreign purposes."""

from dataclasses import replace
from typing import Annotated, Any

import pytest

from models import areas
from models.boundaries import AreaRefused, crossed, judging_words, refuse_crossed
from models.declaration import Area, Code, Source
from models.terms import Duty, Sensitivity, Terms, Use

AREA = areas.get("genoptraening")
ONE = AREA.by_name["boligform"]


def with_question(name: str, **changed: Any) -> Area:
    """The area with one more question, which is like another but for what is changed."""
    question = replace(ONE, name="", **changed)
    facts = type("Facts", (AREA.facts,), {"__annotations__": {name: Annotated[str, question]}})
    return replace(AREA, facts=facts)


def used_for(*uses: Use) -> dict[str, Any]:
    """The change to a question that says what it may be used for."""
    return {"terms": replace(ONE.terms, uses=frozenset(uses))}


@pytest.mark.parametrize("name", areas.names())
@pytest.mark.requirement("F-13", "R-17", "D-31")
def test_no_area_of_ours_crosses_a_line(name: str) -> None:
    assert crossed(areas.get(name)) == ()


def test_a_question_like_the_others_crosses_no_line() -> None:
    assert crossed(with_question("trapper", label="Trapper")) == ()


@pytest.mark.requirement("R-17")
def test_a_source_outside_the_list_is_refused() -> None:
    with pytest.raises(AreaRefused, match="en kilde, der ikke er tilladt"):
        refuse_crossed(with_question("trapper", source=Source.CITIZEN))


@pytest.mark.requirement("R-17")
def test_the_list_of_sources_is_the_plan_the_own_records_and_what_is_computed() -> None:
    assert {q.source for q in AREA.questions} <= {
        Source.PLAN_CODED, Source.PLAN_TEXT, Source.MUNICIPALITY, Source.COMPUTED,
    }  # fmt: skip


@pytest.mark.requirement("F-13")
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("nationalitet", "Land"), ("land", "Etnicitet"), ("boern_antal", "Antal"), ("x", "Børn i hjemmet"),
        ("skatteforhold", "Forhold"), ("i_kontanthjaelp", "Andet"), ("x", "Religiøs baggrund"),
        ("tidl_kriminalitet", "Andet"), ("postnr", "Sted"), ("x", "Borgerens CPR-nummer"),
        ("underretninger", "Antal"), ("x", "Ægteskab"),
    ],
)  # fmt: skip
def test_a_fact_about_what_somebody_is_is_refused(name: str, label: str) -> None:
    with pytest.raises(AreaRefused, match="aldrig må stå om en sag"):
        refuse_crossed(with_question(name, label=label))


@pytest.mark.requirement("F-14")
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("boligomraade", "Sted"), ("boligomraade_klasse", "Klasse"), ("x", "Boligområde"), ("bydel", "Sted"),
        ("x", "Parallelsamfund"), ("opvaekst", "Før"), ("x", "Opvækst uden for hjemmet"), ("foraeldre", "To"),
        ("familieforhold", "Forhold"), ("ydelse_maaneder", "Antal"), ("etnicitet", "Land"),
        ("kvarter", "Sted"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("learned", [True, False])
def test_where_somebody_lives_and_grew_up_can_be_no_fact_and_nothing_is_trained_on_it(
    name: str, label: str, learned: bool
) -> None:
    with pytest.raises(AreaRefused, match="aldrig må stå om en sag"):
        refuse_crossed(with_question(name, label=label, learned=learned))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("sprog", "Tale"), ("x", "Sprog i hjemmet"), ("kontaktperson_relation", "Hvem"), ("x", "Pårørende"),
        ("civilstand", "Stand"), ("ydelser_foer", "Før"), ("sygehusnavn", "Sted"), ("x", "Hospital"),
        ("henvisende_afdeling", "Fra"), ("adresse", "Sted"), ("x", "Borgerens navn"),
    ],
)  # fmt: skip
def test_what_stands_for_origin_or_area_can_be_no_fact(name: str, label: str) -> None:
    with pytest.raises(AreaRefused, match="aldrig må stå om en sag"):
        refuse_crossed(with_question(name, label=label))


@pytest.mark.requirement("R-14")
def test_a_fact_that_was_collected_for_something_else_may_not_be_learned() -> None:
    with pytest.raises(AreaRefused, match="indsamlet til et andet formål"):
        refuse_crossed(with_question("trapper", **used_for(Use.CASE)))
    assert crossed(with_question("trapper", learned=False, **used_for(Use.CASE))) == ()


@pytest.mark.requirement("R-14")
def test_a_fact_that_may_go_to_others_is_refused() -> None:
    with pytest.raises(AreaRefused, match="ikke gives videre"):
        refuse_crossed(with_question("trapper", **used_for(Use.CASE, Use.LEARNING, Use.OUTSIDE)))


@pytest.mark.requirement("R-13")
@pytest.mark.parametrize("sensitivity", [Sensitivity.FELT_PRIVATE, Sensitivity.IDENTITY])
def test_what_is_felt_to_be_private_is_never_learned(sensitivity: Sensitivity) -> None:
    terms = replace(ONE.terms, sensitivity=sensitivity)

    with pytest.raises(AreaRefused, match="for privat til at indgå"):
        refuse_crossed(with_question("trapper", terms=terms))
    assert crossed(with_question("trapper", terms=terms, learned=False)) == ()


@pytest.mark.requirement("R-13")
def test_a_fact_without_a_class_of_sensitivity_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="sensitivity"):
        Terms(Duty.REQUIRED, "sul_140", "data")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "changed", [{"learned": True}, {"weight": 1.0}, used_for(Use.BIAS_TESTS, Use.LEARNING)]
)
def test_what_is_kept_apart_can_neither_be_learned_nor_weighed(changed: dict[str, Any]) -> None:
    apart = replace(AREA.kept_apart[0], name="", **changed)
    area = replace(AREA, protected=type("Apart", (), {"__annotations__": {"koen": Annotated[str, apart]}}))

    with pytest.raises(AreaRefused, match="kun bruges til prøver for skævhed"):
        refuse_crossed(area)


def test_a_protected_attribute_cannot_become_a_learned_fact() -> None:
    with pytest.raises(AreaRefused, match="holdt for sig"):
        refuse_crossed(with_question("tolkebehov", label="Tolk"))


@pytest.mark.requirement("F-13", "D-31")
@pytest.mark.parametrize(
    "change",
    [
        {"label": "Svag borger"}, {"help": "En byrde?"}, {"purpose": "Finder en risikoborger."},
        {"benefit": "Vi kan se, om du bor i en ghetto."}, {"codes": (Code("ja", "Ressourcesvag"),)},
        {"codes": (Code("ja", "Ja", help="Borgeren er umotiveret"),)},
    ],
)  # fmt: skip
def test_a_label_that_judges_somebody_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(AreaRefused, match="dømmer et menneske"):
        refuse_crossed(with_question("trapper", **change))


@pytest.mark.parametrize("text", ["Svagføre", "Overbelastet", "Ghettoblaster", "Svaghed"])
def test_a_longer_word_is_left_alone(text: str) -> None:
    assert judging_words(text) == ()
