"""Where labels come from: what is refused, what weighs nothing, and that weights reach what is fitted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import areas
from models.decided_case import DecidedCase
from models.declaration import PracticeChange
from models.export_head import Ground, to_json_line
from models.labels import LabelRules
from models.record import from_row
from models.record import to_json_line as case_line
from tests.models.test_record import ROW
from training.candidates import fit_candidate
from training.codebook import fit_codebook
from training.dataset import DataRefused, read_cases
from training.labelled import Labelled, labelled, rules_of
from training.provenance import label_weights

AREA = areas.get("genoptraening")
OLD = from_row(AREA, ROW)
OURS: Mapping[str, Any] = {
    "origin": "skoen", "arm": "evidence", "shown": True, "own_level": "avanceret", "final_level": "basal",
    "reason_code": "praksis", "label_source": "own_judgement", "phase": "pilot",
}  # fmt: skip
UNJUDGED = {"own_level": None, "label_source": "decision_after_evidence"}
PAIN = ("ingen", "lette", "moderate", "svaere")
IN_FORCE = Ground("0999", "pilot", "Sundhedsloven § 140")


def a_case(name: str, **changed: Any) -> DecidedCase:
    """A case of Skøn in which the judgement was avanceret and the decision basal."""
    return replace(OLD, request_id=name, **{**OURS, **changed})


def an_old_one(name: str, days: int = 0, **changed: Any) -> DecidedCase:
    """A record of a human's decision, so many days older."""
    before = timedelta(days=days)
    return replace(OLD, request_id=name, decided_at=OLD.decided_at - before, **changed)


def exported(folder: Path, cases: list[DecidedCase], *grounds: Ground) -> Path:
    """A decision export; without grounds there is no first line that tells of them."""
    lines = [to_json_line(grounds)] if grounds else []
    file = folder / "decisions.jsonl"
    file.write_text("\n".join([*lines, *(case_line(AREA, case) for case in cases)]) + "\n", "utf-8")
    return file


@pytest.mark.parametrize(
    ("grounds", "why"),
    [
        ((), "does not say on what legal basis"),
        ((replace(IN_FORCE, municipality="0998"),), "does not say on what legal basis"),
        ((replace(IN_FORCE, phase=None),), "intet retsgrundlag, der gælder"),
    ],
    ids=["no line", "of another municipality", "none in force"],
)
def test_cases_without_a_legal_basis_are_refused_whole(
    tmp_path: Path, grounds: tuple[Ground, ...], why: str
) -> None:
    with pytest.raises(DataRefused, match=why):
        read_cases(AREA, (exported(tmp_path, [a_case("a")], *grounds),))


def test_a_municipality_without_cases_in_the_file_stands_in_nobodys_way(tmp_path: Path) -> None:
    elsewhere = Ground("0998", None, changed_on=date(2026, 3, 3))

    data = read_cases(AREA, (exported(tmp_path, [a_case("a")], IN_FORCE, elsewhere),))

    assert data.grounds == (IN_FORCE,)
    assert data.changed_on is None


def test_what_one_file_says_does_not_hold_for_another(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = (
        exported(tmp_path, [a_case("a")], IN_FORCE),
        exported(tmp_path / "b", [a_case("b")]),
    )

    with pytest.raises(DataRefused, match="does not say on what legal basis"):
        read_cases(AREA, files)


@pytest.mark.parametrize(
    "line", ['{"export": 3}', '{"export": [{"municipality": "0999"}]}',
             '{"export": [{"municipality": "0999", "phase": "fest", "legal_basis": "", "changed_on": null}]}']
)  # fmt: skip
def test_a_first_line_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    file = exported(tmp_path, [an_old_one("a")])
    file.write_text(line + "\n" + file.read_text("utf-8"), "utf-8")

    with pytest.raises(DataRefused, match="export"):
        read_cases(AREA, (file,))


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"label_source": "legacy_human"}, "label_source"),
        ({"label_source": "control_arm"}, "label_source"),
        ({"own_level": None}, "label_source"),
        ({"arm": "control"}, "label_source"),
        ({"judged_at": OLD.decided_at + timedelta(seconds=1)}, "judged_at"),
        ({**UNJUDGED, "judged_at": OLD.decided_at}, "judged_at"),
    ],
    ids=str,
)  # fmt: skip
def test_a_source_that_the_row_contradicts_is_refused(
    tmp_path: Path, changed: dict[str, Any], column: str
) -> None:
    with pytest.raises(DataRefused, match=f"row 2, column {column}"):
        read_cases(AREA, (exported(tmp_path, [a_case("a", **changed)], IN_FORCE),))


def test_an_export_comes_in_with_its_grounds_and_the_day_of_its_practice(tmp_path: Path) -> None:
    ground = replace(IN_FORCE, changed_on=date(2026, 2, 1))

    data = read_cases(AREA, (exported(tmp_path, [a_case("a")], ground),))

    assert data.grounds == (ground,)
    assert rules_of(AREA, data.cases, told=data.changed_on).changed_on == date(2026, 2, 1)


@pytest.mark.requirement("G-31")
def test_what_each_source_weighs() -> None:
    cases = (
        an_old_one("old", days=730),
        an_old_one("robot", label_source="legacy_robot"),
        an_old_one("nobody", label_source="unknown"),
        a_case("own"),
        a_case("control", arm="control", label_source="control_arm"),
        a_case("wish", reason_code="borgerens_maal", label_source="decision_after_evidence"),
        a_case("unjudged", own_level="kan_ikke_afgoeres", label_source="decision_after_evidence"),
        a_case("afterwards", own_corrected_after_evidence=True),
        a_case("lawless", phase=None),
        a_case("invented", phase="oevelse"),
    )

    known, rules = labelled(AREA, cases)

    learned = {case.request_id: weight for case, weight in zip(known.cases, known.weight, strict=True)}
    assert learned == {"old": 0.5, "own": 1.0, "wish": 1.0}
    assert [AREA.level_codes[k] for k in known.level] == ["basal", "avanceret", "basal"]
    assert rules == {
        "history_decision": 1, "robot_written": 1, "unknown_source": 1, "own_judgement": 1, "control_arm": 1,
        "decision_borgerens_maal": 1, "no_own_level": 1, "corrected_after_evidence": 1, "no_legal_basis": 1,
        "invented": 1,
    }  # fmt: skip
    told = label_weights(cases, known)
    assert told["after_evidence"] == 0.4
    assert {each["source"]: (each["cases"], each["weight"]) for each in told["sources"]} == {
        "own_judgement": (4, 1.0), "decision_after_evidence": (2, 1.0), "control_arm": (1, 0.0),
        "legacy_human": (1, 0.5), "legacy_robot": (1, 0.0), "unknown": (1, 0.0),
    }  # fmt: skip


def test_invented_cases_teach_by_themselves() -> None:
    known, _ = labelled(AREA, (an_old_one("old"), a_case("invented", phase="oevelse")))

    assert [case.request_id for case in known.cases] == ["old", "invented"]


@pytest.mark.parametrize("by", ["asked", "declared"])
def test_labels_of_an_older_practice_weigh_nothing(by: str) -> None:
    area, rules = AREA, LabelRules(changed_on=date(2026, 3, 1))
    if by == "declared":
        changes = (
            PracticeChange(date(2026, 3, 1), "Ny vejledning"),
            PracticeChange(date(2030, 1, 1), "Siden"),
        )
        area, rules = replace(AREA, practice_changes=changes), LabelRules()
    cases = (an_old_one("before", days=10), a_case("early", judged_at=OLD.decided_at - timedelta(days=9)),
             an_old_one("after", days=1), a_case("own"))  # fmt: skip

    known, counts = labelled(area, cases, rules)

    assert [case.request_id for case in known.cases] == ["after", "own"]
    assert counts["older_practice"] == 2


@settings(max_examples=40)
@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(30, 4000))
def test_an_older_record_never_weighs_more_and_half_as_much_after_a_half_life(
    first: int, second: int, half_life: int
) -> None:
    rules, today = LabelRules(half_life_days=half_life), OLD.decided_at.date()
    young, old, older = (
        rules.weight(an_old_one("a", days=days), today)
        for days in (min(first, second), max(first, second), max(first, second) + half_life)
    )

    assert 0 < older <= old <= young <= 1
    assert older == pytest.approx(old / 2, rel=0.001)


def test_cases_that_weigh_alike_are_as_many_as_they_are_and_others_fewer() -> None:
    cases, level = tuple(an_old_one(str(each)) for each in range(8)), np.zeros(8, dtype=np.int64)

    assert Labelled(AREA, cases, level, np.full(8, 0.25)).whole_cases() == pytest.approx(8)
    assert Labelled(AREA, cases, level, np.array([1.0] * 2 + [0.01] * 6)).whole_cases() < 2.2
    assert Labelled(AREA, (), level[:0]).whole_cases() == 0


@pytest.mark.parametrize("kind", ["prior", "logistic", "additive"])
def test_a_row_that_weighs_next_to_nothing_moves_nothing(kind: str) -> None:
    """Two bodies of labels that say the opposite: the model says what the heavy one says."""
    chance = np.random.default_rng(4)
    pain = chance.integers(0, 4, 600)
    stated = OLD.facts["smerte_beskrevet"]
    facts = [{**OLD.facts, "smerte_beskrevet": replace(stated, value=code)} for code in PAIN]
    cases = tuple(replace(OLD, facts=facts[each]) for each in pain)
    said = (pain >= 2).astype(np.int64)
    level = np.where(np.arange(600) < 300, said, 1 - said)
    weight = np.where(np.arange(600) < 300, 1.0, 1e-6)
    known = Labelled(AREA, cases, level, weight)
    book = fit_codebook(known)
    codes = book.encode_many(known.values(), known.received_on())

    weighed = fit_candidate(kind, book, codes, level, 1, weight).tables.probabilities(codes)[:300, 1]
    alike = fit_candidate(kind, book, codes, level, 1).tables.probabilities(codes)[:300, 1]

    if kind == "prior":
        assert weighed[0] == pytest.approx((said[:300].sum() + 0.5) / 301, abs=0.001)
    else:
        assert weighed[pain[:300] == 3].mean() > 0.9 > 0.1 > weighed[pain[:300] == 0].mean()
        assert abs(alike[pain[:300] == 3].mean() - 0.5) < 0.15
