"""Access: one export of everything, for people and for machines, without anybody else in it."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.rights_extract import DATA, PAGE, as_html, zip_of
from service.rights_extract.words import STEPS as TITLES
from service.tables import METADATA
from service.tables.intake import Case, PersonalPart
from service.tables.log import STEPS
from service.workflow.assessment import consultation
from service.workflow.letter.plain import measure
from service.workflow.rights.access import HOW_IT_WORKS, LEFT_OUT, document_of, steps_in
from tests.cast import NOW, PEOPLE, TODAY, Cast
from tests.letters import a_letter
from tests.quarter import decide_case
from tests.rights import WORDS, a_request


@pytest.fixture
def case(admitted: Engine, cast: Cast) -> Case:
    """A decided case with a letter, advice, and a right that was used."""
    decided = decide_case(admitted, cast.alma, 1)
    with writing(admitted) as session:
        consultation.ask(session, decided.id, text="Spørg Bent Krogh om stokken.", now=NOW, by=cast.alma)
    a_letter(admitted, decided, cast.alma)
    a_request(admitted, decided, cast.alma, "objection")
    return decided


def extract(engine: Engine, case: Case) -> dict[str, Any]:
    """The document of the citizen of a case."""
    with reading(engine) as session:
        return document_of(session, case.citizen_id, None, now=NOW, today=TODAY)


@pytest.mark.requirement("G-10")
def test_every_sealed_part_of_hers_is_in_it(admitted: Engine, case: Case) -> None:
    document = extract(admitted, case)
    with reading(admitted) as session:
        mine = select(PersonalPart.step).where(PersonalPart.citizen_id == case.citizen_id)
        parts = sorted(session.exec(mine))

    assert sorted(step["step"] for step in steps_in(document)) == parts
    said = json.dumps(document, ensure_ascii=False)
    for words in ("Agnes Prøve", "Prøvevej 1", "Faldet hjemme", "Selv hente posten", "Efter samtale", WORDS):
        assert words in said


@pytest.mark.requirement("K-10")
def test_it_is_one_file_for_people_and_for_machines(admitted: Engine, case: Case) -> None:
    document = extract(admitted, case)
    made = zip_of(document)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == [PAGE, DATA]
        page, data = archive.read(PAGE).decode(), json.loads(archive.read(DATA))

    assert made == zip_of(document)
    assert data == json.loads(json.dumps(document))
    for words in ("Agnes Prøve", "Rollator", "Efter samtale", "Avanceret niveau", "Datatilsynet", WORDS):
        assert words.lower() in page.lower()
    assert not re.search(r"<script|https?://|src=|@import", page)


def test_no_employee_and_no_other_citizen_is_in_it(admitted: Engine, cast: Cast, case: Case) -> None:
    said = json.dumps(extract(admitted, case), ensure_ascii=False)

    assert "Spørg en medarbejder om stokken." in said
    names = [name for name, *_ in PEOPLE.values()]
    assert [
        each for each in (*names, *(each.person_id for each in cast.people.values())) if each in said
    ] == []
    assert re.findall(r"\b[0-9a-f]{32}\b", said) == []  # no key of a similar case, and no id of ours


def test_what_was_shown_is_told_with_its_pull_and_others_only_as_counts(admitted: Engine, case: Case) -> None:
    (shown,) = (step for step in steps_in(extract(admitted, case)) if step["step"] == "suggestion")

    assert set(shown["content"]["similar"]) == {"count", "spread", "sentence"}
    assert shown["content"]["contributions"]["items"]
    page = as_html(extract(admitted, case))
    assert shown["content"]["similar"]["sentence"] in page
    assert all(item["sentence"] in page for item in shown["content"]["contributions"]["items"])


def test_every_step_with_a_part_has_a_title() -> None:
    sealed = {step for step, table in STEPS.items() if "part_id" in METADATA.tables[table].columns}

    assert sealed - set(TITLES) == set()


@pytest.mark.requirement("K-17")
def test_what_it_says_of_the_system_is_plain() -> None:
    assert measure((*HOW_IT_WORKS, *LEFT_OUT)).is_plain
