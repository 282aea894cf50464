"""A visitation area declared in this one file goes from synthesize over train to suggest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest

from models import areas
from models.artifact import load
from models.declaration import Area, Code, Kind, Option, Question, Source, Stage
from models.evidence import Suggester
from models.facts import values
from models.terms import Duty, LegalBasis, Sensitivity, Terms, Use
from training.dataset import Dataset, read_cases
from training.synthesize import Order, synthesize
from training.train import Settings, TrainingRefused, train, write

LEVELS = (Code("ingen", "Ingen hjælp"), Code("lidt", "Lidt hjælp"), Code("meget", "Meget hjælp"))
TERMS = Terms(Duty.REQUIRED, "ingen", "gartner", Sensitivity.ORDINARY)
HARD = (Code("0", "Let"), Code("1", "Svært"), Code("2", "Umuligt"))


def _asked(label: str, kind: Kind, **rest: object) -> Question:
    return Question(
        label, "Sådan.", kind, "alt", Source.PLAN_TEXT, Stage.VISITATION, "Prøve", "Haven bliver lagt.",
        TERMS, **rest,  # type: ignore[arg-type]
    )  # fmt: skip


class GardenFacts:
    """What is known about somebody who asks for help with a garden."""

    luge: Annotated[str, _asked("Lugning", Kind.SCALE, codes=HARD)]
    klippe: Annotated[str, _asked("Hækklipning", Kind.SCALE, codes=HARD)]
    jord: Annotated[str, _asked("Jord", Kind.CHOICE, codes=(Code("ler", "Ler"), Code("sand", "Sand")))]
    redskaber: Annotated[
        frozenset[str], _asked("Redskaber", Kind.SET, codes=(Code("rive", "Rive"), Code("le", "Le")))
    ]
    traeer: Annotated[int, _asked("Træer", Kind.COUNT, low=0, high=30)]
    skygge: Annotated[float, _asked("Andel i skygge", Kind.SHARE)]
    kode: Annotated[str, _asked("Kode", Kind.TERM, learned=False, weight=0.0)]


GARDEN = Area(
    name="havehjaelp",
    label="Hjælp i haven",
    legal_basis="Ingen",
    facts=GardenFacts,
    levels=LEVELS,
    options=lambda plan_type, on: tuple(Option(level.code, level.label, is_level=True) for level in LEVELS),
    plan_types=(Code("almen", "Almen"),),
    forms=(Code("selv", "Selv"), Code("sammen", "Sammen")),
    teams=(Code("groen", "Grøn"),),
    places=(Code("have", "Have"),),
    outcomes=(Code("gennemfoert", "Gennemført"), Code("afbrudt", "Afbrudt"), Code("aldrig", "Aldrig"),
              Code("i_gang", "I gang")),
    plan_sections=(Code("tekst", "Tekst"),),
    laws=(LegalBasis("ingen", "Ingen lov", "Ingen lov siger noget om haver."),),
    owners=(Code("gartner", "Gartneren"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def garden() -> Iterator[Area]:
    """The second area, known while these tests run."""
    with areas.registered(GARDEN) as area:
        yield area


def test_a_second_area_travels_from_invention_to_a_suggestion(garden: Area, tmp_path: Path) -> None:
    synthesize(Order(garden, 800, 3, date(2026, 6, 30)), tmp_path / "garden")
    data = read_cases(garden, (tmp_path / "garden" / "history.csv",))

    folder, digest = write(train(data, Settings(seed=3)), tmp_path / "models")

    suggester = Suggester(load(folder, digest))
    evidence = [suggester.suggest(values(case.facts), own_level="ingen") for case in data.cases[:60]]
    answered = [each for each in evidence if not each.abstained]
    assert len(answered) > 40
    assert {each.model_level for each in answered} == {"ingen", "lidt", "meget"}
    assert answered[0].payload()["area"] == "havehjaelp"


def test_its_levels_fall_evenly_and_its_plans_say_the_facts(garden: Area, tmp_path: Path) -> None:
    synthesize(Order(garden, 400, 3, date(2026, 6, 30), referrals=5), tmp_path / "garden")
    data = read_cases(garden, (tmp_path / "garden" / "history.csv",))
    text = next((tmp_path / "garden" / "referrals").iterdir()).read_text("utf-8")

    human = [case.final_level for case in data.cases if case.label_source == "legacy_human"]
    assert all(0.2 < human.count(level.code) / len(human) < 0.5 for level in LEVELS)
    assert "Lugning: " in text


@pytest.mark.requirement("R-14", "R-17")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"terms": replace(TERMS, uses=frozenset({Use.CASE}))}, "indsamlet til et andet formål"),
        ({"source": Source.CITIZEN}, "en kilde, der ikke er tilladt"),
    ],
    ids=["purpose", "source"],
)
def test_an_area_that_crosses_a_line_is_not_trained(changed: dict[str, Any], why: str) -> None:
    asked = replace(GARDEN.by_name["jord"], name="", **changed)
    facts = type("Facts", (GardenFacts,), {"__annotations__": {"jord": Annotated[str, asked]}})

    with pytest.raises(TrainingRefused, match=why):
        train(Dataset(replace(GARDEN, facts=facts), (), {}), Settings())
