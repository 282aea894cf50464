"""After a change of practice no model of older decisions is taken into use, and one in use is sealed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models import areas
from models.artifact import Artifact
from models.declaration import PracticeChange
from service.database import reading
from service.workflow import suggestion
from service.workflow.go_live import rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import practice_change
from service.workflow.registers.approval import NotReady
from tests.answered import answer
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import NOW, TODAY, Cast
from tests.parts.trained import on_shelf
from tests.payloads import PAYLOAD
from tests.refusals import in_session, refuses
from tests.register import write

FIRST_DAY = date.fromisoformat(PAYLOAD["data_window"][0])
WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}


@pytest.mark.requirement("SK-14")
def test_a_model_of_decisions_from_before_the_change_is_refused(
    engine: Engine, cast: Cast, tmp_path: Path, trained_version: Artifact
) -> None:
    found = on_shelf(tmp_path, trained_version, "v1")
    shelf, first = ModelShelf(tmp_path), found.manifest.data_window[0]
    change = write(engine, cast.dan, "practice_change", dato=(first + timedelta(days=1)).isoformat())
    for step in (
        lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS),
        lambda s: rollout.check_promotion(s, found, "v1", folder=tmp_path / "v1", now=NOW, **WORDS),
    ):
        refuses(engine, NotReady, step)

    write(engine, cast.dan, "practice_change", dato=first.isoformat(), replaces=change.id)
    made = in_session(engine, lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS))
    assert made.version == "v1"


@pytest.mark.requirement("SK-14")
def test_a_model_in_use_is_computed_and_sealed_from_the_change_on(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    before = answer(engine, a_judgement(engine, a_case(engine), cast.alma).id, cast.alma)
    write(engine, cast.dan, "practice_change", dato=TODAY.isoformat())
    case = a_case(engine, request_id="request-2")
    after = answer(engine, a_judgement(engine, case, cast.alma, key="judgement-2").id, cast.alma)

    assert (before.outcome, before.reason) == ("shown", None)
    assert (after.outcome, after.reason, after.model_level) == ("withheld", "older_practice", None)
    with reading(engine) as session:
        assert suggestion.as_shown(session, after) == suggestion.Shown(None, None, after.template_version)


def test_a_change_counts_in_its_own_municipality_and_from_its_day(engine: Engine, cast: Cast) -> None:
    write(engine, cast.dan, "practice_change", dato=TODAY.isoformat())
    with reading(engine) as session:
        here, there = cast.dan.municipality_id, cast.carla.municipality_id
        assert practice_change.changed_on(session, here, TODAY) == TODAY
        assert practice_change.changed_on(session, here, TODAY - timedelta(days=1)) is None
        assert practice_change.changed_on(session, there, TODAY) is None


def test_a_change_of_law_counts_everywhere_and_the_newest_of_all_is_what_counts(
    engine: Engine, cast: Cast
) -> None:
    write(engine, cast.dan, "practice_change", dato=TODAY.isoformat())
    law = PracticeChange(TODAY - timedelta(days=30), "Ny bekendtgørelse")
    area = replace(areas.get("genoptraening"), practice_changes=(law,))
    with reading(engine) as session:
        here, there = cast.dan.municipality_id, cast.carla.municipality_id
        assert practice_change.changed_on(session, here, TODAY, area) == TODAY
        assert practice_change.changed_on(session, there, TODAY, area) == law.on
        assert practice_change.changed_on(session, there, law.on - timedelta(days=1), area) is None


@pytest.mark.parametrize(
    ("changed", "older"),
    [(None, False), (FIRST_DAY, False), (FIRST_DAY + timedelta(days=1), True)],
)
def test_one_decision_from_before_the_day_is_enough(changed: date | None, older: bool) -> None:
    assert practice_change.is_of_older_practice(FIRST_DAY, changed) is older
