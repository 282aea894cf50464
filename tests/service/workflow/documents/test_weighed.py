"""What a version gives away and what each fact adds: as training wrote it, and missing where it did not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from models.artifact import Artifact
from service.tables.governance import RegisterEntry
from service.workflow.documents.facts import Fact, Number, Unit
from service.workflow.documents.given_away_facts import given_away_facts
from service.workflow.documents.proportion_facts import proportion_facts, told_in
from service.workflow.registers.kept_facts import KEPT
from tests.models.workbench import random_codes, repair_codebook
from tests.parts.trained import GIVES_NOBODY_AWAY
from tests.service.workflow.documents.conftest import adds_little
from training import proportion as measuring
from training.candidates import Rows
from training.report_privacy import privacy_chapter

SPLIT = {"tested_from": "2026-01-05T08:00:00Z", "tested_to": "2026-06-01T08:00:00Z"}
LATER = {"tested_from": "2026-06-02T08:00:00Z", "tested_to": "2026-09-01T08:00:00Z"}


def with_evaluation(version: Artifact, **changed: Any) -> Artifact:
    return replace(version, evaluation={**version.evaluation, **changed})


def proportion_of(version: Artifact, entries: Sequence[RegisterEntry] = ()) -> dict[str, Fact]:
    return {fact.key: fact for fact in proportion_facts(version, entries)}


def test_the_attack_and_what_is_shown_are_told_as_training_measured_them(trained_version: Artifact) -> None:
    told = trained_version.evaluation["privacy"]
    member, shown = given_away_facts(trained_version)
    (number,) = member.numbers
    first = trained_version.manifest.data_window[0]

    assert (number.value, number.unit) == (told["membership"]["auc"], Unit.PAIRS)
    assert number.interval == tuple(told["membership"]["interval"])
    assert number.short.partition(" ")[0] in privacy_chapter(trained_version.evaluation)
    assert (number.n, number.window[0]) == (told["membership"]["n"], first)
    assert [each.value for each in shown.numbers] == [
        told["shown"][key] for key in ("asked", "shown", "fewest")
    ]


def test_what_was_not_measured_is_missing_and_names_who_can(trained_version: Artifact) -> None:
    before = with_evaluation(trained_version, privacy=None)
    as_the_gate_reads_it = with_evaluation(trained_version, privacy=GIVES_NOBODY_AWAY)

    for version in (before, as_the_gate_reads_it, None):
        assert [(fact.known, len(fact.missing)) for fact in given_away_facts(version)] == [(False, 1)] * 2
    assert "træner igen" in next(given_away_facts(before)).text


def test_what_training_measures_of_each_fact_is_what_the_documents_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "FEWEST_LEARNED", 200)
    monkeypatch.setattr(measuring, "FEWEST_MEASURED", 100)
    book = repair_codebook()
    codes = random_codes(book, 300, 5)
    level = (codes[:, 0] % 3).astype(np.int64)
    rows = Rows(book, codes[:200], level[:200], np.ones(200))
    told = measuring.proportion([measuring.Stretch(rows, codes[200:], level[200:])])
    read = told_in({"proportion": told and {**told, "split": SPLIT}, "split": LATER})

    assert told is not None
    assert read is not None
    assert {name for name, _ in (*read.adds, *read.left)} == set(book.names)
    assert set(read.smallest) <= set(book.names)
    for _, number in (*read.adds, *read.left, *read.sets):
        assert (number.n, number.unit) == (100, Unit.NATS)
        assert number.window == (date(2026, 1, 5), date(2026, 6, 1))


def test_each_needless_fact_lacks_a_decision_until_the_register_has_it(trained_version: Artifact) -> None:
    version = with_evaluation(trained_version, proportion=adds_little(trained_version))
    _, kept, *others = version.codebook.names
    label = {question.name: question.label for question in version.area.questions}
    entry = RegisterEntry(kind="dilemma", subject=f"model:{version.manifest.version}", content={KEPT: [kept]})
    open_, decided = (proportion_of(version, entries)["model.needless"] for entries in ((), (entry,)))
    every = RegisterEntry(kind="dilemma", subject=entry.subject, content={KEPT: [kept, *others]})

    assert label[kept] in open_.missing[0]
    assert label[kept] in str(decided.lines[0])
    assert label[kept] not in decided.missing[0]
    assert all(label[name] in decided.missing[0] for name in others)
    assert proportion_of(version, (every,))["model.needless"].missing == ()


def test_facts_that_were_left_out_are_told_with_what_is_lost_by_it(trained_version: Artifact) -> None:
    told = adds_little(trained_version)
    first, *rest = told["facts"]
    beside = {"behind": {"value": 0.002, "standard_error": 0.001}, "measured_on": 140}
    asked = {"always": [first["name"]], "kept": [rest[0]["name"]]}
    fewer = {**told, **asked, "facts": [first], "left_out": rest, "beside_all": beside}
    found = proportion_of(with_evaluation(trained_version, proportion=fewer))
    all_used = proportion_of(with_evaluation(trained_version, proportion=told))

    assert len(found["model.adds"].rows) == 1
    assert [row[1] for row in found["model.left_aside"].rows] == [
        row[1] for row in all_used["model.adds"].rows[1:]
    ]
    assert found["model.needless"].text == "Ingen."
    label = {question.name: question.label for question in trained_version.area.questions}
    always, kept = (f"{label[each['name']]}." for each in (first, rest[0]))
    assert f"sammenlignet ved dem: {always}" in found["model.fewest"].text
    assert f"bedt om det ved træningen: {kept}" in found["model.fewest"].text
    assert "Altid med" not in all_used["model.fewest"].text
    (lost,) = (each for each in found["model.fewest"].lines if isinstance(each, Number))
    assert (lost.value, lost.n) == (0.002, 140)
    assert all_used["model.left_aside"].text.startswith("Ingen.")
    assert not [each for each in all_used["model.fewest"].lines if isinstance(each, Number)]


@pytest.mark.parametrize(
    ("told", "why"),
    [(None, "så få sager"), ({}, "kan ikke læses"), ({"facts": [{"name": "x"}]}, "kan ikke læses")],
)
def test_what_was_not_measured_or_cannot_be_read_is_no_number(
    trained_version: Artifact, told: Any, why: str
) -> None:
    found = proportion_of(with_evaluation(trained_version, proportion=told))

    for fact in found.values():
        assert not fact.known
        assert why in fact.text
