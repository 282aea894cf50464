"""The registers: every kind has its shape, nothing is about a citizen, and nothing is ever overwritten."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from service.database import reading
from service.errors import Conflict, NotFound, Refused
from service.tables.governance import REGISTERS
from service.tables.log import LogEntry
from service.workflow.registers import book
from service.workflow.registers.fields import MEASURE_KEYS, Kind, stored
from service.workflow.registers.shapes import SHAPES
from tests.cast import Cast
from tests.register import BY, WHOLE, standing, write
from tests.rows import rows

NUMBER = "0101" + "70-1234"  # no such number stands anywhere in the tree
MANDATORY = [(kind, field.key) for kind, shape in SHAPES.items() for field in shape.fields if field.must]
WRONG: dict[Kind, list[Any]] = {
    Kind.TEXT: ["", "  ", 7, ["a"], "x" * 4001],
    Kind.LINES: [[], "a", [""], [1]],
    Kind.PEOPLE: [[], "jura", ["jura"], [{"fag": "jura"}], [{"fag": "", "rolle": "x"}],
                  [{"fag": "jura", "rolle": "jurist", "navn": "Ida"}]],
    Kind.DAY: ["i går", "2026-02-30", 2026, ""],
    Kind.MONTH: ["2026", "2026-13", "2026-10-01", 202610],
    Kind.MEASURES: [[], "PSI", [{"maal": "PSI"}],
                    [dict.fromkeys((*MEASURE_KEYS, "hvem"), "x")], [dict.fromkeys(MEASURE_KEYS, 1)]],
    Kind.INSTANT: ["i går", "2026-02-30T10:00", 2026],
    Kind.CHOICE: ["noget andet", "", 1],
    Kind.FLAG: ["ja", 1, ""],
    Kind.COUNT: [-1, 1.5, "3", True],
}  # fmt: skip


def refused(cast: Cast, error: type[Exception], kind: str, **changed: Any) -> str:
    """The entry is refused, and no table has a row more or less; gives the sentence."""
    before = rows(cast.engine)
    with pytest.raises(error) as caught:
        write(cast.engine, cast.dan, kind, **changed)
    assert rows(cast.engine) == before
    return str(caught.value)


@pytest.mark.requirement("F-02", "F-19", "D-30", "K-08", "G-45", "D-17")
@pytest.mark.parametrize(("kind", "key"), MANDATORY)
def test_what_must_be_there_must_be_there(cast: Cast, kind: str, key: str) -> None:
    assert key in refused(cast, Refused, kind, **{key: None})


def test_the_fields_that_others_rely_on_must_be_there() -> None:
    must = {kind: {field.key for field in shape.fields if field.must} for kind, shape in SHAPES.items()}

    assert {"skade_ved_brug", "skade_uden_brug", "deltagere", "dato", "resultat"} <= must["dilemma"]
    assert {"vaerdi", "ulempe", "risiko", "gevinst", "uden_systemet"} <= must["balance"]
    assert {"gruppe", "deltagere", "dato", "udfordret", "aendret", "digitalt_udfordrede"} <= must[
        "involvement"
    ]
    assert {"besluttet_af", "rolle", "dato"} <= must["approval"]
    assert {"opdaget", "persondata"} <= must["incident"]


@pytest.mark.parametrize(
    ("kind", "key", "wrong"),
    [
        (kind, field.key, wrong)
        for kind, shape in SHAPES.items()
        for field in shape.fields[:8]
        for wrong in WRONG[field.kind]
    ],
)
def test_a_field_holds_nothing_else_than_it_says(kind: str, key: str, wrong: Any) -> None:
    field = next(each for each in SHAPES[kind].fields if each.key == key)

    with pytest.raises(Refused) as caught:
        stored(field, wrong)
    assert caught.value.field == key


def test_an_unknown_field_register_or_subject_is_refused(cast: Cast) -> None:
    assert "farve" in refused(cast, Refused, "dilemma", farve="rød")
    for subject in ("borger:7", "v1", "model:", "model:a b", "fase:pilot"):
        refused(cast, Refused, "dilemma", subject=subject)
    with pytest.raises(Refused):
        book.shape_of("karakterbog")


@pytest.mark.parametrize("kind", REGISTERS)
def test_no_field_may_hold_what_looks_like_a_cpr_number(cast: Cast, kind: str) -> None:
    for key, value in WHOLE[kind][1].items():
        if isinstance(value, str):
            assert NUMBER not in refused(cast, book.AboutSomebody, kind, **{key: f"{value} {NUMBER}"})
    refused(cast, book.AboutSomebody, kind, subject=f"model:{NUMBER}")


def test_not_in_a_list_nor_in_the_name_of_whoever_enters_it_either(cast: Cast, monkeypatch: Any) -> None:
    refused(cast, book.AboutSomebody, "dilemma", deltagere=[{"fag": "jura", "rolle": f"jurist {NUMBER}"}])
    refused(cast, book.AboutSomebody, "project", alternativer=["Stop", NUMBER.replace("-", "")])
    monkeypatch.setattr("tests.register.BY", f"Dan Vang, {NUMBER}")
    refused(cast, book.AboutSomebody, "project")


@pytest.mark.parametrize("by", ["Dan Vang", "Dan Vang,", ", datamedarbejder", ""])
def test_whoever_enters_it_says_name_and_role(cast: Cast, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.register.BY", by)
    refused(cast, Refused, "dilemma")


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("project", {"alternativer": None}),
        ("project", {"indstilling": None}),
        ("dilemma", {"dato": "2026-07-02"}),
        ("competence", {"bestaaet": 13}),
        ("incident", {"anmeldt": "2026-06-28T09:59:00+02:00"}),
        ("complaint", {"besvaret": "2026-06-01"}),
    ],
)
def test_fields_that_contradict_each_other_are_refused(cast: Cast, kind: str, changed: Any) -> None:
    refused(cast, Refused, kind, **changed)


@pytest.mark.parametrize("kind", REGISTERS)
def test_a_whole_entry_is_stored_with_its_entry_in_the_log(cast: Cast, kind: str) -> None:
    row = write(cast.engine, cast.dan, kind)

    subject, content = WHOLE[kind]
    written = {key: row.content[key] for key in content}
    assert (row.subject, row.recorded_by, written) == (subject, BY, dict(content))
    assert list(row.content) == [f.key for f in SHAPES[kind].fields if f.key in row.content]
    with reading(cast.engine) as session:
        entry = session.exec(select(LogEntry.entry).where(LogEntry.event == "register:written")).one()
    told = json.loads(entry)
    assert (told["kind"], told["row"]["content"]) == (kind, row.content)


@pytest.mark.requirement("G-49")
def test_an_edit_is_a_new_version_and_the_old_one_stays_readable(cast: Cast) -> None:
    first = write(cast.engine, cast.dan, "dilemma")
    second = write(cast.engine, cast.dan, "dilemma", resultat="Alder indgår nu.", replaces=first.id)
    third = write(cast.engine, cast.dan, "dilemma", resultat="Alder er ude igen.", replaces=second.id)

    assert [row.id for row in standing(cast.engine, cast.dan)] == [third.id]
    with reading(cast.engine) as session:
        for entry in (first, second, third):
            versions = book.versions_of(session, book.find(session, cast.dan.municipality_id, entry.id))
            assert [row.id for row in versions] == [first.id, second.id, third.id]
        everything = book.exported(book.every_version(session, cast.dan.municipality_id))
    results = [each["indhold"]["resultat"] for each in everything]
    assert results == ["Alder vises, men indgår ikke.", "Alder indgår nu.", "Alder er ude igen."]
    assert json.loads(json.dumps(everything)) == everything


@pytest.mark.requirement("G-49")
def test_only_the_newest_version_of_the_same_thing_can_be_replaced(cast: Cast) -> None:
    first = write(cast.engine, cast.dan, "dilemma")
    write(cast.engine, cast.dan, "dilemma", replaces=first.id)

    refused(cast, Conflict, "dilemma", replaces=first.id)
    refused(cast, Refused, "dilemma", subject="model:v2", replaces=first.id)
    refused(cast, Refused, "balance", replaces=first.id)
    refused(cast, NotFound, "dilemma", replaces="0" * 32)


def test_another_municipality_sees_and_replaces_nothing(cast: Cast) -> None:
    first = write(cast.engine, cast.dan, "dilemma")
    before = rows(cast.engine)
    with pytest.raises(NotFound):
        write(cast.engine, cast.carla, "dilemma", replaces=first.id)

    assert rows(cast.engine) == before
    assert standing(cast.engine, cast.carla) == []


@given(st.sampled_from([(kind, f) for kind, shape in SHAPES.items() for f in shape.fields]), st.data())
def test_what_is_stored_is_stored_the_same_again(at: tuple[str, Any], data: st.DataObject) -> None:
    """Storing is a fixed point, so that a version made from an older one holds the same."""
    kind, field = at
    made = {
        Kind.TEXT: st.text(min_size=1).filter(str.strip),
        Kind.DAY: st.dates(),
        Kind.INSTANT: st.datetimes(),
        Kind.COUNT: st.integers(0, 999_999),
        Kind.FLAG: st.booleans(),
    }
    example = WHOLE[kind][1].get(field.key) or next(iter(field.choices), None)
    value = data.draw(made.get(field.kind, st.just(example or ["a"])))
    once = stored(field, value)

    assert stored(field, once) == once
    assert json.loads(json.dumps(once)) == once
