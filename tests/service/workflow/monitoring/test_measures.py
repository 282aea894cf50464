"""A month in which nothing moved is quiet; what was planted is found, by its name; and nobody is measured."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models import areas, drift
from models.artifact import Artifact
from models.facts import values
from service.workflow.monitoring.cases import Compared, Judged
from service.workflow.monitoring.comments import hits
from service.workflow.monitoring.measures import Measure, Month, measures_of
from training.dataset import read_cases
from training.synthesize import Order, synthesize

AREA = areas.get("genoptraening")
AFTER = date(2027, 1, 1)
WHO = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, trained_version: Artifact) -> list[Judged]:
    """Cases of the same invented municipality that the version never saw, judged by their own level."""
    folder = tmp_path_factory.mktemp("later") / "files"
    synthesize(Order(AREA, 900, 12, date(2026, 6, 1)), folder)
    cases = [case for case in read_cases(AREA, (folder / "history.csv",)).cases if case.final_level]
    return [
        Judged(WHO[n % len(WHO)], str(case.final_level), values(case.facts), case.received_on, 2.0 + n % 5)
        for n, case in enumerate(cases)
        if case.label_source == "legacy_human"
    ]


def compared(overrides: int, of: int, who: Sequence[str] = WHO) -> list[Compared]:
    return [Compared(who[n % len(who)], n < overrides) for n in range(of)]


def a_month(town: list[Judged], **changed: object) -> Month:
    usual = Month(town[:150], town[150:550], compared(20, 150), compared(60, 450), (2, 150), (6, 450))
    return replace(usual, **changed)  # type: ignore[arg-type]


def measured(version: Artifact, month: Month) -> dict[str, Measure]:
    return {each.code: each for each in measures_of(version, month, AFTER)}


def alarms(version: Artifact, month: Month) -> set[str]:
    return {code for code, each in measured(version, month).items() if each.alarmed}


def with_answer(name: str, value: object) -> Callable[[Judged], Judged]:
    return lambda case: replace(case, values={**case.values, name: value})


def test_a_month_in_which_nothing_moved_is_quiet_and_tells_what_is_usual(
    town: list[Judged], trained_version: Artifact
) -> None:
    found = measured(trained_version, a_month(town))

    assert {code for code, each in found.items() if each.alarmed} == set()
    assert {each.question.name for each in trained_version.codebook.codings} == {
        code.removeprefix("oplysning:") for code in found if code.startswith("oplysning:")
    }
    assert all(each.value and each.usual and each.limit and each.cases for each in found.values())


@pytest.mark.parametrize("name", ["funk_mobilitet", "funk_egenomsorg"])
def test_a_fact_that_is_written_in_another_way_is_named(
    town: list[Judged], trained_version: Artifact, name: str
) -> None:
    given = [each.values[name] for each in town]
    common = max(AREA.by_name[name].code_values, key=given.count)
    rare = next(each for each in AREA.by_name[name].code_values if each != common)
    tilted = [with_answer(name, rare)(case) if n % 2 else case for n, case in enumerate(town[:150])]

    assert f"oplysning:{name}" in alarms(trained_version, a_month(town, cases=tilted))


def test_own_judgements_that_move_without_the_facts_are_seen_twice(
    town: list[Judged], trained_version: Artifact
) -> None:
    flipped = [replace(case, choice="avanceret") if n % 2 else case for n, case in enumerate(town[:150])]

    assert {"eget_skoen", "kalibrering:avanceret"} <= alarms(trained_version, a_month(town, cases=flipped))


def test_answers_that_go_missing_are_seen(town: list[Judged], trained_version: Artifact) -> None:
    asked = [question.name for question in AREA.learned if not question.computed][::2]
    poor = [replace(case, values={**case.values, **dict.fromkeys(asked)}) for case in town[:150]]

    assert "mangler" in alarms(trained_version, a_month(town, cases=poor))


def test_facts_that_are_old_when_used_are_seen(town: list[Judged], trained_version: Artifact) -> None:
    old = [replace(case, age=20.0) for case in town[:150]]

    assert alarms(trained_version, a_month(town, cases=old)) == {"alder"}


def test_a_jump_in_overrides_is_a_sign_of_a_fault_and_is_the_same_whoever_made_them(
    town: list[Judged], trained_version: Artifact
) -> None:
    jump = compared(75, 150)
    elsewhere = [replace(each, caseworker=WHO[(n // 2) % 4]) for n, each in enumerate(jump)]
    first = measured(trained_version, a_month(town, compared=jump))["anderledes"]

    assert first.alarmed
    assert first == measured(trained_version, a_month(town, compared=elsewhere))["anderledes"]
    assert not any(who in repr(first) for who in ("caseworker", "person"))


def test_fewer_overrides_never_raise_an_alarm(town: list[Judged], trained_version: Artifact) -> None:
    assert alarms(trained_version, a_month(town, compared=compared(0, 150))) == set()


def test_remarks_about_a_fault_are_counted(town: list[Judged], trained_version: Artifact) -> None:
    assert alarms(trained_version, a_month(town, remarks=(15, 150))) == {"bemaerkninger"}
    assert measured(trained_version, a_month(town, remarks=(2, 150)))["bemaerkninger"].value == "under 3"
    texts = ["Siden  VIRKER ikke i dag.", "Systemfejl da jeg gemte", "Borgeren har fejlernæring", "Gik fint"]
    assert hits(texts) == (2, 4)


@pytest.mark.parametrize("who", [("a",), ("a", "b"), ("a",) * 8 + ("b", "c")])
def test_numbers_about_practice_of_too_few_caseworkers_are_not_told(
    town: list[Judged], trained_version: Artifact, who: tuple[str, ...]
) -> None:
    alone = [replace(case, caseworker=who[n % len(who)]) for n, case in enumerate(town[:150])]
    found = measured(trained_version, a_month(town, cases=alone, compared=compared(75, 150, who)))

    for code in ("eget_skoen", "kalibrering", "anderledes"):
        assert found[code].is_silent
        assert (found[code].value, found[code].usual, found[code].alarmed) == ("", "", False)


def test_with_few_cases_nothing_is_said(town: list[Judged], trained_version: Artifact) -> None:
    few = Month(town[:49], town[49:90], compared(20, 49), compared(5, 49), (9, 20), (0, 400))
    found = measures_of(trained_version, few, AFTER)

    assert all(each.is_silent for each in found)


def test_of_many_months_in_which_nothing_moved_few_cry_out(
    town: list[Judged], trained_version: Artifact
) -> None:
    rng = np.random.default_rng(8)
    cried = 0
    for _ in range(20):
        drawn = [town[n] for n in rng.permutation(len(town))]
        overrides, remarks = int(rng.binomial(150, 0.15)), int(rng.binomial(150, 0.02))
        month = a_month(drawn, compared=compared(overrides, 150), remarks=(remarks, 150))
        cried += bool(alarms(trained_version, month))

    assert cried <= 1
    assert drift.ALPHA <= 0.01
