"""A version held against the one in use: what is refused, what is sealed, and what a look writes."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, select

from models import areas, audit, drift
from models.artifact import Artifact, ArtifactRefused
from models.facts import values
from service.database import reading, writing
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.tables.governance import RegisterEntry
from service.tables.log import LogEntry
from service.workflow import challenger, shadow, suggestion
from service.workflow.case_file import open_file
from service.workflow.challenger import Looked
from service.workflow.challenger.pairs import DECIDED, JUDGED
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import book
from service.workflow.registers.approval import NotReady
from service.workflow.shadow import Sealed
from tests.builders import a_case, a_judgement
from tests.cast import NOW, TODAY, Cast
from tests.parts.audits import a_biased_record
from tests.parts.trained import on_shelf
from tests.refusals import in_session, refuses
from tests.register import write
from tests.rows import rows

AREA = areas.get("genoptraening")
DAY = timedelta(days=1)
BEFORE, LAST = NOW - DAY, TODAY
AFTER = NOW + DAY
WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Flere sager om håndled."}
Step = Callable[[Session], Any]


@pytest.fixture
def shelf(tmp_path: Path, trained_version: Artifact, cast: Cast) -> ModelShelf:
    """v1 in use, v2 measured against it, each with a record of its test for bias."""
    first = on_shelf(tmp_path / "shelf", trained_version, "v1")
    none = {"value": 0.0, "standard_error": 0.01}
    told = {"version": "v1", "manifest_hash": first.manifest_hash, "worse_than_active": none}
    same = {"manifest_hash": first.manifest_hash, "facts": []}
    for name in ("v2", "v3"):
        on_shelf(tmp_path / "shelf", trained_version, name, against=told, rule_change=same)
    made = ModelShelf(tmp_path / "shelf")
    with writing(cast.engine) as session:
        admission.promote(session, made, "v1", now=BEFORE - 40 * DAY, by=cast.dan, **WORDS)
    return made


def start(cast: Cast, shelf: ModelShelf, version: str = "v2", who: str = "dan", **changed: Any) -> Step:
    given = {"last": LAST, "now": BEFORE, **WORDS, **changed}
    return lambda s: challenger.start(s, shelf, version, by=cast.people[who], **given)


def look(cast: Cast, shelf: ModelShelf, who: str = "dan", now: Any = AFTER + DAY) -> Looked:
    return challenger.look(cast.engine, shelf, AREA, now=now, by=cast.people[who])


def no_look(cast: Cast, error: type[Exception], shelf: ModelShelf, **asked: Any) -> None:
    """A look is refused, and no table has a row more or less."""
    before = rows(cast.engine)
    with pytest.raises(error):
        look(cast, shelf, **asked)
    assert rows(cast.engine) == before


def unsealed(cast: Cast, first: date = TODAY, last: date = LAST) -> None:
    """Dorte says why, and Ada opens it the day after."""
    asked = in_session(
        cast.engine, lambda s: shadow.ask(s, first, last, reason="Er v2 bedre?", now=AFTER, by=cast.dorte)
    )
    in_session(cast.engine, lambda s: shadow.break_seal(s, asked.id, now=AFTER + DAY, by=cast.ada))


def judged(cast: Cast, count: int = 6) -> list[str]:
    """So many cases judged today by three people; their ids."""
    found = []
    for number in range(count):
        by = cast.people[("alma", "bent", "freja")[number % 3]]
        case = a_case(cast.engine, request_id=f"request-{number}", unit_name=by.unit_name)
        choice = AREA.level_codes[number % 2]
        found.append(a_judgement(cast.engine, case, by, key=f"key-{number}", choice=choice).case_id)
    return found


def test_what_may_not_be_held_up_is_refused_and_nothing_is_written(cast: Cast, shelf: ModelShelf) -> None:
    def refused(error: type[Exception], step: Step) -> None:
        refuses(cast.engine, error, step)

    refused(Forbidden, start(cast, shelf, who="tove"))
    refused(ArtifactRefused, start(cast, shelf, "v9"))
    refused(Refused, start(cast, shelf, "v1"))
    refused(Refused, start(cast, shelf, note=" "))
    refused(Refused, start(cast, shelf, last=BEFORE.date()))
    write(cast.engine, cast.dan, "practice_change", dato=TODAY.isoformat())
    refused(NotReady, start(cast, shelf, now=NOW, last=TODAY + DAY))


def test_without_a_model_in_use_there_is_nothing_to_hold_it_against(
    cast: Cast, tmp_path: Path, trained_version: Artifact
) -> None:
    on_shelf(tmp_path, trained_version, "v2")
    refuses(cast.engine, Conflict, start(cast, ModelShelf(tmp_path)))


def test_a_version_that_admission_would_refuse_is_refused(cast: Cast, shelf: ModelShelf) -> None:
    version = shelf.open("v2")
    audit.save(a_biased_record(version), shelf.path("v2"))
    refuses(cast.engine, NotReady, start(cast, shelf))
    audit.beside(shelf.path("v2")).unlink()
    refuses(cast.engine, NotReady, start(cast, shelf))


def test_two_at_once_are_refused_until_the_first_is_ended(cast: Cast, shelf: ModelShelf) -> None:
    in_session(cast.engine, start(cast, shelf))
    refuses(cast.engine, Conflict, start(cast, shelf, "v3"))

    def end(who: str = "dan", decided: str = "Vi venter.") -> Step:
        by = cast.people[who]
        return lambda s: challenger.end(s, AREA.name, decided=decided, now=NOW, by=by)

    refuses(cast.engine, Forbidden, end("tove"))
    refuses(cast.engine, Refused, end(decided=" "))
    in_session(cast.engine, end())
    refuses(cast.engine, NotFound, end())
    no_look(cast, NotFound, shelf)
    in_session(cast.engine, start(cast, shelf, "v3"))


def test_nobody_types_one_in(cast: Cast, shelf: ModelShelf) -> None:
    row: RegisterEntry = in_session(cast.engine, start(cast, shelf))
    refuses(
        cast.engine, Refused,
        lambda s: book.add(
            s, cast.dan.municipality_id, "challenge", subject="model:v2", content=row.content,
            recorded_by="Dan Vang, data", now=NOW, by=cast.dan, replaces=row.id,
        ),
    )  # fmt: skip


def test_it_is_sealed_for_every_role_until_its_days_are_over_and_two_people_open_all_of_them(
    cast: Cast, shelf: ModelShelf
) -> None:
    in_session(cast.engine, start(cast, shelf))
    no_look(cast, Conflict, shelf, now=NOW)
    for name in cast.people:
        error = Sealed if name == "dan" else Forbidden
        no_look(cast, error, shelf, who=name)
    unsealed(cast, TODAY - 9 * DAY, TODAY - DAY)
    no_look(cast, Sealed, shelf)
    unsealed(cast)
    no_look(cast, Conflict, shelf)  # too few


@pytest.mark.parametrize("name", ["v1", "v2"])
def test_a_version_that_changed_on_disk_is_not_computed(cast: Cast, shelf: ModelShelf, name: str) -> None:
    in_session(cast.engine, start(cast, shelf))
    unsealed(cast)
    tables = shelf.path(name) / "tables.npz"
    tables.write_bytes(tables.read_bytes()[:-1] + b"x")
    no_look(cast, ArtifactRefused, shelf)


def test_another_version_under_the_same_name_is_not_computed(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    in_session(cast.engine, start(cast, shelf))
    unsealed(cast)
    shelf.path("v2").rename(shelf.folder / "kept")
    on_shelf(shelf.folder, trained_version, "v2", format=2)
    no_look(cast, ArtifactRefused, shelf)


def test_a_look_computes_both_on_the_stored_facts_and_is_written_once(
    cast: Cast, shelf: ModelShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenger, "LEAST_SHADOW_CASES", 6)
    monkeypatch.setattr(drift, "FEWEST", 6)
    in_session(cast.engine, start(cast, shelf))
    cases = judged(cast)
    unsealed(cast)
    seen: Looked = look(cast, shelf)

    version, said = shelf.open("v1"), []
    with reading(cast.engine) as session:
        for number, case_id in enumerate(cases):
            file = open_file(session, case_id)
            codes = version.codebook.encode_many([values(file.facts)], [file.case.received_on])
            said.append(-np.log(version.uncertainty.shares(version.tables.scores(codes))[0, number % 2]))
    lost = seen.measures[0]
    assert (lost.against, lost.cases) == (JUDGED, 6)
    assert lost.champion == lost.challenger == pytest.approx(float(np.mean(said)), abs=1e-12)
    assert (lost.difference, lost.low, lost.high) == (0.0, 0.0, 0.0)
    assert {each.cases for each in seen.measures if each.against == DECIDED} == {None}
    assert seen.entry.content["status"] == "opgjort"
    assert seen.entry.content["svar"][0].startswith("eget skøn, log-tab: ")
    with reading(cast.engine) as session:
        read = session.exec(select(LogEntry.entry).where(LogEntry.event == "statistics:read")).one()
    assert json.loads(read)["what"] == "challenge"
    no_look(cast, Conflict, shelf)


def test_one_that_is_ended_while_it_is_computed_is_not_written(
    cast: Cast, shelf: ModelShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenger, "LEAST_SHADOW_CASES", 0)
    in_session(cast.engine, start(cast, shelf))
    unsealed(cast)
    meanwhile: list[dict[str, int]] = []

    def ends_it(*_: Any) -> tuple[()]:
        if not meanwhile:
            in_session(
                cast.engine,
                lambda s: challenger.end(s, AREA.name, decided="Vi venter.", now=NOW, by=cast.dan),
            )
            meanwhile.append(rows(cast.engine))
        return ()

    monkeypatch.setattr(challenger, "compare", ends_it)
    with pytest.raises(NotFound):
        look(cast, shelf)
    assert rows(cast.engine) == meanwhile[0]


def test_a_case_in_it_is_answered_by_the_version_in_use_alone(cast: Cast, shelf: ModelShelf) -> None:
    in_session(cast.engine, start(cast, shelf))
    (case_id,) = judged(cast, 1)
    with reading(cast.engine) as session:
        assessment = open_file(session, case_id).assessment
    assert assessment is not None
    row = suggestion.answer(
        cast.engine, assessment.id, shelf=shelf, render=lambda payload, mode: "<p></p>",
        template_version="t/1", now=NOW, by=cast.alma,
    )  # fmt: skip

    assert row.model_version == "v1"
