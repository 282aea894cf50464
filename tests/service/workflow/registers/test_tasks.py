"""A new fact, source or model version opens an ethics task, and nothing goes on before it is closed."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import pytest

from models import areas
from models.declaration import Area, Source
from models.declared import catalogue_mark
from service.database import writing
from service.errors import Refused
from service.tables.governance import RegisterEntry
from service.workflow.go_live import rollout
from service.workflow.registers.approval import NotReady
from service.workflow.registers.tasks import Trigger, catalogue_tasks, open_tasks
from tests.builders import an_admission
from tests.cast import NOW, TODAY, Cast
from tests.register import (
    VERSION,
    a_basis,
    approved_for_operation,
    ready_for_operation,
    ready_for_shadow,
    standing,
    write,
)
from tests.rows import rows

AREA = areas.get("genoptraening")


def changed(name: str, **change: Any) -> Area:
    """The area with one question changed, or added when it has none of that name."""
    question = replace(AREA.by_name.get(name, AREA.by_name["boligform"]), name="", **change)
    facts = type("Facts", (AREA.facts,), {"__annotations__": {name: Annotated[str, question]}})
    return replace(AREA, facts=facts)


def assessed(cast: Cast, **change: Any) -> list[RegisterEntry]:
    """The registers after the catalogue of today was assessed."""
    write(cast.engine, cast.dan, "catalogue", **change)
    return standing(cast.engine, cast.dan)


def promote(cast: Cast) -> None:
    """What promotion asks of the registers."""
    with writing(cast.engine) as session:
        rollout.refuse_unapproved(session, VERSION, TODAY)


@pytest.mark.requirement("K-05", "G-17")
def test_everything_is_open_until_somebody_assessed_it(cast: Cast) -> None:
    entries = standing(cast.engine, cast.dan)
    everything = len(AREA.questions) + len(AREA.kept_apart)

    found = catalogue_tasks(entries, AREA)

    assert sum(task.trigger is Trigger.FACT for task in found) == everything
    assert sum(task.trigger is Trigger.SOURCE for task in found) == len({q.source for q in AREA.questions})
    assert catalogue_tasks(assessed(cast), AREA) == ()


@pytest.mark.requirement("K-05")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("trapper", {"label": "Trapper"}),
        ("boligform", {"purpose": "Til noget andet."}),
        ("aktionsdiagnose_sks", {"learned": True}),
        ("boligform", {"codes": AREA.by_name["boligform"].codes[:2]}),
    ],
    ids=["new", "purpose", "learned", "codes"],
)
def test_a_new_or_changed_fact_opens_one_task(cast: Cast, name: str, change: dict[str, Any]) -> None:
    area = changed(name, **change)

    found = catalogue_tasks(assessed(cast), area)

    assert [(task.trigger, task.words) for task in found] == [
        (Trigger.FACT, f"Ny eller ændret oplysning: {area.by_name[name].label}")
    ]
    assert found[0].mark == catalogue_mark(area) != catalogue_mark(AREA)


@pytest.mark.requirement("G-17", "R-17")
def test_a_new_source_opens_a_task_of_its_own(cast: Cast) -> None:
    found = catalogue_tasks(assessed(cast), changed("boligform", source=Source.CITIZEN))

    assert [task.words for task in found] == [
        "Ny kilde: oplyst af borgeren", "Ny eller ændret oplysning: Boligform",
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"label": "Bolig"}, {"help": "Hvor."}, {"benefit": "Måske lidt."}])
def test_other_words_for_the_same_fact_open_nothing(cast: Cast, change: dict[str, Any]) -> None:
    assert catalogue_tasks(assessed(cast), changed("boligform", **change)) == ()


def test_a_fact_that_is_gone_and_another_law_open_a_task_too(cast: Cast) -> None:
    without = replace(AREA, protected=None)

    assert [task.trigger for task in catalogue_tasks(assessed(cast), without)] == [Trigger.CATALOGUE]


@pytest.mark.requirement("K-05")
def test_a_new_model_version_opens_a_task_until_a_dilemma_about_it_is_discussed(cast: Cast) -> None:
    entries = assessed(cast)
    assert [t.words for t in open_tasks(entries, ("v1", "v2"))] == [
        "Ny modelversion: v1", "Ny modelversion: v2",
    ]  # fmt: skip

    write(cast.engine, cast.dan, "dilemma", subject="model:v1")

    assert [t.subject for t in open_tasks(standing(cast.engine, cast.dan), ("v1", "v2"))] == ["model:v2"]


def test_what_was_turned_down_stays_open(cast: Cast) -> None:
    assert catalogue_tasks(assessed(cast, resultat="afvist"), AREA)


@pytest.mark.parametrize(
    ("subject", "mark"), [("katalog:genoptraening", "0" * 16), ("katalog:findes_ikke", None)]
)
def test_an_assessment_of_another_catalogue_than_todays_is_refused(
    cast: Cast, subject: str, mark: str | None
) -> None:
    before = rows(cast.engine)

    with pytest.raises(Refused, match=r"fingeraftryk er|intet område"):
        write(cast.engine, cast.dan, "catalogue", subject=subject, fingeraftryk=mark or catalogue_mark(AREA))

    assert rows(cast.engine) == before


def test_the_entry_keeps_what_it_covers(cast: Cast) -> None:
    content = assessed(cast)[-1].content

    assert [line.partition(":")[0] for line in content["oplysninger"]] == [
        q.name for q in (*AREA.questions, *AREA.kept_apart)
    ]
    assert content["kilder"] == ["computed", "municipality", "plan_coded", "plan_text"]


@pytest.mark.requirement("K-05", "G-17")
@pytest.mark.parametrize("phase", ["udvikling", "drift"])
def test_no_phase_and_no_model_goes_on_with_a_catalogue_nobody_assessed(cast: Cast, phase: str) -> None:
    an_admission(cast.engine, cast.dan, version=VERSION)
    approved_for_operation(cast.engine, cast.dan)
    a_basis(cast.engine, cast.dan, phase, assesses=False)
    given = {"legal_basis": "", "approved_by": "", "valid_from": TODAY, "now": NOW, "by": cast.ada}
    before = rows(cast.engine)
    with writing(cast.engine) as session, pytest.raises(NotReady, match="er ikke vurderet, som det er i dag"):
        rollout.enter_phase(session, cast.ada.municipality_id, phase, **given)
    assert rows(cast.engine) == before

    write(cast.engine, cast.dan, "catalogue")
    ready_for_operation(cast)
    with writing(cast.engine) as session:
        rollout.enter_phase(session, cast.ada.municipality_id, phase, **given)


@pytest.mark.requirement("K-05", "G-17")
def test_a_new_fact_stops_promotion_by_itself_until_it_is_assessed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    a_basis(cast.engine, cast.dan, "udvikling")
    with writing(cast.engine) as session:
        rollout.enter_phase(
            session, cast.ada.municipality_id, "udvikling", legal_basis="", approved_by="", valid_from=TODAY,
            now=NOW, by=cast.ada,
        )  # fmt: skip
    promote(cast)

    area = changed("trapper", label="Trapper")
    monkeypatch.setitem(areas._registered, AREA.name, area)
    with pytest.raises(NotReady, match="Ny eller ændret oplysning: Trapper"):
        promote(cast)

    write(cast.engine, cast.dan, "catalogue", fingeraftryk=catalogue_mark(area), now=NOW + timedelta(hours=1))
    promote(cast)
