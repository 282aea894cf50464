"""A version that was in use comes back by one step, and not when it may not be used today."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from models import audit
from models.artifact import MANIFEST, Artifact
from service.database import reading
from service.workflow.go_live import rollback_gate, rollout
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.approval import NotReady
from tests.cast import NOW, TODAY, Cast
from tests.parts.audits import a_biased_record
from tests.parts.trained import on_shelf
from tests.refusals import in_session, refuses
from tests.register import approve, write

AREA = "genoptraening"
WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}
HOUR = timedelta(hours=1)


@pytest.fixture
def shelf(tmp_path: Path, trained_version: Artifact, cast: Cast) -> ModelShelf:
    """v2 is in use after v1."""
    first = on_shelf(tmp_path, trained_version, "v1")
    none = {"value": 0.0, "standard_error": 0.01}
    told = {"version": "v1", "manifest_hash": first.manifest_hash, "worse_than_active": none}
    on_shelf(tmp_path, trained_version, "v2", against=told)
    made = ModelShelf(tmp_path)
    for hours, name in ((2, "v1"), (1, "v2")):
        in_session(
            cast.engine,
            lambda s, n=name, h=hours: admission.promote(
                s, made, n, now=NOW - h * HOUR, by=cast.dan, **WORDS
            ),
        )
    return made


def back(cast: Cast, shelf: ModelShelf) -> str:
    """The version that is in use after going back."""
    row = in_session(cast.engine, lambda s: rollout.rollback(s, shelf, AREA, now=NOW, by=cast.dan, **WORDS))
    return str(row.version)


def refused(cast: Cast, shelf: ModelShelf) -> str:
    """Going back is refused, and nothing is written; the sentence."""
    refuses(cast.engine, NotReady, lambda s: rollout.rollback(s, shelf, AREA, now=NOW, by=cast.dan, **WORDS))
    with reading(cast.engine) as session, pytest.raises(NotReady) as told:
        rollout.check_rollback(session, shelf, AREA, now=NOW, **WORDS)
    return str(told.value)


def test_a_version_that_may_still_be_used_comes_back(cast: Cast, shelf: ModelShelf) -> None:
    assert back(cast, shelf) == "v1"


def damage(shelf: ModelShelf) -> None:
    path = shelf.path("v1") / "tables.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def lose(shelf: ModelShelf) -> None:
    shelf.path("v1").rename(shelf.folder / "kept")


def swap(shelf: ModelShelf) -> None:
    path = shelf.path("v1") / MANIFEST
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("harm", [damage, lose, swap])
def test_a_folder_that_is_not_what_was_let_on_is_refused(
    harm: Callable[[ModelShelf], None], cast: Cast, shelf: ModelShelf
) -> None:
    harm(shelf)
    told = refused(cast, shelf)
    assert "v1" in told
    assert "sikkerhedskopi" in told
    assert "skoen stop" in told


def test_a_version_that_asked_other_questions_is_refused(
    cast: Cast, shelf: ModelShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.artifact.FORMAT", 999)
    assert "Træn den igen" in refused(cast, shelf)


def test_a_version_from_before_a_change_of_practice_is_refused(cast: Cast, shelf: ModelShelf) -> None:
    write(cast.engine, cast.dan, "practice_change", dato=TODAY.isoformat())
    assert "Træn den på sager fra efter skiftet" in refused(cast, shelf)


def test_a_version_that_no_longer_passes_the_test_for_bias_is_refused(cast: Cast, shelf: ModelShelf) -> None:
    audit.save(a_biased_record(shelf.open("v1")), shelf.path("v1"))
    assert "ikke bestået prøven for skævhed" in refused(cast, shelf)
    audit.beside(shelf.path("v1")).unlink()
    assert "skoen model audit" in refused(cast, shelf)


@pytest.mark.requirement("G-47")
def test_a_version_that_was_lifted_is_refused_until_it_is_settled(cast: Cast, shelf: ModelShelf) -> None:
    approve(cast.engine, cast.dan, "loeftet")
    assert "løftet" in refused(cast, shelf)
    approve(cast.engine, cast.dan, "afklaret")
    assert back(cast, shelf) == "v1"


@pytest.mark.parametrize("kind", ["fairness", "incident"])
def test_a_version_with_something_open_against_it_is_refused_until_it_is_closed(
    kind: str, cast: Cast, shelf: ModelShelf
) -> None:
    write(cast.engine, cast.dan, kind, subject="model:v2")
    row = write(cast.engine, cast.dan, kind, subject="model:v1")
    told = refused(cast, shelf)
    assert row.content["titel"] in told
    assert "luk det" in told
    write(
        cast.engine, cast.dan, kind, subject="model:v1", replaces=row.id, handling="Rettet.",
        lukket=TODAY.isoformat(),
    )  # fmt: skip
    assert back(cast, shelf) == "v1"


def test_a_fact_that_may_no_longer_be_learned_keeps_a_version_out(
    cast: Cast, shelf: ModelShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crossed(area: object) -> None:
        raise rollback_gate.AreaRefused(AREA, ("Boligform er indsamlet til et andet formål.",))

    monkeypatch.setattr(rollback_gate, "refuse_crossed", crossed)
    assert "Træn en version uden" in refused(cast, shelf)
