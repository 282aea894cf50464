"""A version that learned from the cases of practice is taken into use in practice alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.artifact import Artifact
from service.database import reading, writing
from service.workflow import governance
from service.workflow.go_live import rollout
from service.workflow.go_live.invented import refuse_invented
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.approval import NotReady
from tests.cast import NOW, TODAY, Cast
from tests.parts.trained import on_shelf
from tests.refusals import in_session
from tests.register import a_basis, approved_for_operation
from tests.rows import rows

PRACTISED, REAL = {"oevelse": 40}, {"skygge": 40}


def learned_from(version: Artifact, phases: dict[str, int]) -> Artifact:
    """The version, had it learned from cases of some phases."""
    config = {**version.manifest.config, "phases": phases}
    return replace(version, manifest=replace(version.manifest, config=config))


def enter(cast: Cast, phase: str) -> None:
    """Fjordby enters a phase."""
    with writing(cast.engine) as session:
        governance.change_phase(
            session, cast.alma.municipality_id, phase, legal_basis="Sundhedsloven § 140", approved_by="Dorte",
            valid_from=TODAY, now=NOW - timedelta(hours=1), by=None,
        )  # fmt: skip


def test_it_is_not_promoted_however_approved_it_is(
    cast: Cast, trained_version: Artifact, tmp_path: Path
) -> None:
    found = on_shelf(tmp_path, learned_from(trained_version, PRACTISED), "v1")
    approved_for_operation(cast.engine, cast.dan, "v1")
    a_basis(cast.engine, cast.dan, "skygge")
    enter(cast, "skygge")

    words = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}
    for step in (
        lambda s: rollout.promote(s, ModelShelf(tmp_path), "v1", now=NOW, by=cast.dan, **words),
        lambda s: rollout.check_promotion(s, found, "v1", folder=tmp_path / "v1", now=NOW, **words),
    ):
        before = rows(cast.engine)
        with pytest.raises(NotReady, match="opdigtede sager"):
            in_session(cast.engine, step)
        assert rows(cast.engine) == before


@pytest.mark.parametrize("phase", ["skygge", "pilot", "drift"])
def test_beyond_practice_it_is_refused_and_says_what_to_do(
    cast: Cast, trained_version: Artifact, phase: str
) -> None:
    enter(cast, phase)
    with reading(cast.engine) as session:
        with pytest.raises(NotReady, match=f"opdigtede sager.*Fjordby Kommune er i fasen {phase}"):
            refuse_invented(session, learned_from(trained_version, PRACTISED), TODAY)
        refuse_invented(session, learned_from(trained_version, REAL), TODAY)
        refuse_invented(session, trained_version, TODAY)


def test_in_practice_it_may_be_used(cast: Cast, trained_version: Artifact) -> None:
    with reading(cast.engine) as session:
        refuse_invented(session, learned_from(trained_version, PRACTISED), TODAY)
