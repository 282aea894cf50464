"""Promotion, rollback and the shelf: real folders, refused or taken into use."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import pytest
from sqlmodel import func, select

from models import areas
from models.areas.genoptraening.law import only_for_the_case
from models.artifact import Artifact, ArtifactRefused
from service.database import reading, writing
from service.errors import Refused
from service.tables.governance import Admission
from service.workflow import governance
from service.workflow.model_in_use.gate import refuse_worse
from service.workflow.model_in_use.shelf import ModelShelf
from tests.cast import NOW, Cast
from tests.parts.trained import on_shelf

AREA = "genoptraening"
WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Flere sager om håndled."}


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    """An empty shelf."""
    return ModelShelf(tmp_path / "models")


def promote(cast: Cast, shelf: ModelShelf, version: str, after: int = 0, **words: str) -> Admission:
    """Take a version into use so many hours after NOW."""
    with writing(cast.engine) as session:
        return governance.promote(
            session, shelf, version, now=NOW + timedelta(hours=after), by=cast.dan, **{**WORDS, **words}
        )


def rollback(cast: Cast, shelf: ModelShelf, after: int, **words: str) -> Admission:
    """Go back so many hours after NOW."""
    with writing(cast.engine) as session:
        return governance.rollback(
            session, shelf, AREA, now=NOW + timedelta(hours=after), by=cast.dan, **{**WORDS, **words}
        )


def active(cast: Cast) -> str | None:
    """The version in use."""
    with reading(cast.engine) as session:
        found = governance.active_model(session, AREA)
    return found.version if found else None


def admissions(cast: Cast) -> int:
    """How many rows there are."""
    with reading(cast.engine) as session:
        return session.exec(select(func.count()).select_from(Admission)).one()


def against(other: Artifact, value: float, error: float = 0.01) -> dict[str, Any]:
    """An evaluation that compared with another version on the same later cases."""
    return {
        "against": {
            "version": other.manifest.version,
            "manifest_hash": other.manifest_hash,
            "worse_than_active": {"value": value, "standard_error": error},
        }
    }


def better(version: Artifact, value: float, error: float = 0.01) -> dict[str, Any]:
    """An evaluation in which the model is so much better than the prior."""
    measured = {"value": value, "standard_error": error}
    return {"chosen": {**version.evaluation["chosen"], "better_than_prior": measured}}


@pytest.mark.parametrize("missing", ["approver", "note"])
def test_nothing_is_promoted_without_approver_and_note(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact, missing: str
) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    with pytest.raises(Refused) as refused:
        promote(cast, shelf, "v1", **{missing: " "})
    assert refused.value.field == missing
    assert admissions(cast) == 0


@pytest.mark.requirement("R-14")
def test_a_model_is_refused_once_one_of_its_facts_may_no_longer_be_learned(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    area = areas.get(AREA)
    housing = replace(area.by_name["boligform"], terms=only_for_the_case(area.by_name["boligform"].terms))
    facts = type("Facts", (area.facts,), {"__annotations__": {"boligform": Annotated[str, housing]}})
    monkeypatch.setitem(areas._registered, AREA, replace(area, facts=facts))

    with pytest.raises(Refused, match="Boligform er indsamlet til et andet formål"):
        promote(cast, shelf, "v1")

    assert admissions(cast) == 0


@pytest.mark.parametrize("version", ["v9", "../v1", "", "/etc", "v1/../v1"])
def test_a_version_that_is_not_on_the_shelf_is_refused(cast: Cast, shelf: ModelShelf, version: str) -> None:
    with pytest.raises(ArtifactRefused) as refused:
        promote(cast, shelf, version)
    assert refused.value.reason == "no_such_version"
    assert admissions(cast) == 0


def test_a_damaged_version_is_refused(cast: Cast, shelf: ModelShelf, trained_version: Artifact) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    tables = shelf.folder / "v1" / "tables.npz"
    tables.write_bytes(tables.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtifactRefused):
        promote(cast, shelf, "v1")
    assert admissions(cast) == 0


def test_a_folder_under_another_versions_name_is_refused(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    (shelf.folder / "v1").rename(shelf.folder / "v2")
    with pytest.raises(Refused):
        promote(cast, shelf, "v2")


def test_worse_than_the_prior_by_more_than_a_standard_error_is_refused(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    on_shelf(shelf.folder, trained_version, "worse", **better(trained_version, -0.0101))
    on_shelf(shelf.folder, trained_version, "as-good", **better(trained_version, -0.01))
    with pytest.raises(Refused, match="andelen"):
        promote(cast, shelf, "worse")
    assert admissions(cast) == 0
    promote(cast, shelf, "as-good")
    assert active(cast) == "as-good"


@pytest.mark.parametrize("value", [float("nan"), None, "0,1"], ids=str)
def test_an_evaluation_without_numbers_is_refused(trained_version: Artifact, value: Any) -> None:
    with pytest.raises(Refused):
        refuse_worse(better(trained_version, value), None)
    with pytest.raises(Refused):
        refuse_worse({}, None)


def test_a_later_version_must_be_measured_against_the_one_in_use(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    first = on_shelf(shelf.folder, trained_version, "v1")
    on_shelf(shelf.folder, trained_version, "alone", against=None)
    on_shelf(shelf.folder, trained_version, "worse", **against(first, 0.0215))
    on_shelf(shelf.folder, trained_version, "as-good", **against(first, 0.0214))
    promote(cast, shelf, "v1")
    for refused in ("alone", "worse"):
        with pytest.raises(Refused):
            promote(cast, shelf, refused, after=1)
        assert active(cast) == "v1"
    promote(cast, shelf, "as-good", after=2)
    assert active(cast) == "as-good"
    assert admissions(cast) == 2


def test_the_version_in_use_is_not_promoted_again(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    promote(cast, shelf, "v1")
    with pytest.raises(Refused, match="allerede i brug"):
        promote(cast, shelf, "v1", after=1)
    assert admissions(cast) == 1


def test_rollbacks_go_back_one_by_one_and_never_to_nothing(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    first = on_shelf(shelf.folder, trained_version, "v1")
    second = on_shelf(shelf.folder, trained_version, "v2", **against(first, 0))
    on_shelf(shelf.folder, trained_version, "v3", **against(second, 0))
    for hour, version in enumerate(("v1", "v2", "v3")):
        promote(cast, shelf, version, after=hour)
    assert rollback(cast, shelf, 3).version == "v2"
    assert rollback(cast, shelf, 4).version == "v1"
    with pytest.raises(Refused):
        rollback(cast, shelf, 5)
    assert active(cast) == "v1"
    assert admissions(cast) == 5


def test_a_rollback_needs_words_and_a_sound_version(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    first = on_shelf(shelf.folder, trained_version, "v1")
    on_shelf(shelf.folder, trained_version, "v2", **against(first, 0))
    promote(cast, shelf, "v1")
    promote(cast, shelf, "v2", after=1)
    with pytest.raises(Refused):
        rollback(cast, shelf, 2, note="")
    (shelf.folder / "v1" / "golden.json").unlink()
    with pytest.raises(ArtifactRefused):
        rollback(cast, shelf, 3)
    assert active(cast) == "v2"
    assert admissions(cast) == 2


def test_a_worker_takes_a_new_version_without_a_restart(
    cast: Cast, shelf: ModelShelf, trained_version: Artifact
) -> None:
    first = on_shelf(shelf.folder, trained_version, "v1")
    opened = shelf.suggester("v1", first.manifest_hash)
    second = on_shelf(shelf.folder, trained_version, "v2", **against(first, 0))
    assert shelf.suggester("v2", second.manifest_hash).artifact.manifest.version == "v2"
    assert shelf.suggester("v1", first.manifest_hash) is opened


def test_another_manifest_than_the_one_admitted_is_refused(
    shelf: ModelShelf, trained_version: Artifact
) -> None:
    on_shelf(shelf.folder, trained_version, "v1")
    with pytest.raises(ArtifactRefused) as refused:
        shelf.suggester("v1", "00" * 32)
    assert refused.value.reason == "manifest_differs"


def test_a_refusal_is_not_remembered(shelf: ModelShelf, trained_version: Artifact) -> None:
    found = on_shelf(shelf.folder, trained_version, "v1")
    hidden = shelf.folder / "elsewhere"
    (shelf.folder / "v1").rename(hidden)
    with pytest.raises(ArtifactRefused):
        shelf.suggester("v1", found.manifest_hash)
    hidden.rename(shelf.folder / "v1")
    assert shelf.suggester("v1", found.manifest_hash).artifact.manifest.version == "v1"


@pytest.mark.parametrize("change", ["edited", "cut"])
def test_reference_cases_changed_while_a_worker_serves_are_not_shown(
    shelf: ModelShelf, trained_version: Artifact, change: str
) -> None:
    found = on_shelf(shelf.folder, trained_version, "v1")
    serving = shelf.suggester("v1", found.manifest_hash)
    path = shelf.folder / "v1" / "reference_codes.npy"
    kept = path.read_bytes()
    path.write_bytes(kept[:-2] if change == "cut" else kept[:-1] + bytes([kept[-1] ^ 1]))
    for _ in range(2):
        with pytest.raises(ArtifactRefused, match="damaged"):
            shelf.suggester("v1", found.manifest_hash)
    path.write_bytes(kept)
    again = shelf.suggester("v1", found.manifest_hash)
    assert again is not serving
    assert again is shelf.suggester("v1", found.manifest_hash)


def test_threads_that_ask_together_get_one_and_the_same(shelf: ModelShelf, trained_version: Artifact) -> None:
    found = on_shelf(shelf.folder, trained_version, "v1")
    got: list[object] = []
    threads = [
        Thread(target=lambda: got.append(shelf.suggester("v1", found.manifest_hash))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6
    assert len(set(map(id, got))) == 1


def test_an_old_version_makes_room_for_newer_ones(shelf: ModelShelf, trained_version: Artifact) -> None:
    versions = [on_shelf(shelf.folder, trained_version, f"v{n}") for n in range(4)]
    opened = [shelf.suggester(each.manifest.version, each.manifest_hash) for each in versions]
    assert shelf.suggester("v3", versions[3].manifest_hash) is opened[3]
    assert shelf.suggester("v0", versions[0].manifest_hash) is not opened[0]


def test_a_folder_taken_in_lies_whole_on_the_shelf_and_is_never_replaced(
    tmp_path: Path, shelf: ModelShelf, trained_version: Artifact
) -> None:
    on_shelf(tmp_path / "made", trained_version, "v1")
    on_shelf(tmp_path / "other", trained_version, "v1", format=2)
    shelf.take_in(tmp_path / "made" / "v1", "v1")
    assert shelf.take_in(tmp_path / "made" / "v1", "v1") == shelf.folder / "v1"
    with pytest.raises(ArtifactRefused):
        shelf.take_in(tmp_path / "other" / "v1", "v1")
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["v1", "v1.audit.json"]
    assert shelf.open("v1").evaluation["format"] == 1
