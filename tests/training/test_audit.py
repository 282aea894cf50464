"""The audit of a version: a record beside it that the gate can read, the same every time."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import audit as record
from models.artifact import Artifact
from models.audit import AuditRefused
from models.instants import instant_text
from models.promotion import FAILED, PASSED, TOO_LITTLE, verdict
from tests.panels import HONEST
from tests.training.conftest import Town
from tests.training.test_vault import skoen
from training.dataset import Dataset, Protected
from training.fairness.entry import entry_of
from training.fairness.suite import Plan, audit, monthly

pytestmark = pytest.mark.slow
PLAN = Plan(seed=3, draws=199)


@pytest.fixture(scope="module")
def audited(version: Artifact, data: Dataset, protected: Protected) -> dict[str, Any]:
    """The record of the invented town's version."""
    return audit(version, data, protected, PLAN)


@pytest.mark.requirement("G-18")
def test_suggestion_judgement_decision_and_outcome_stand_side_by_side(audited: dict[str, Any]) -> None:
    assert [each["code"] for each in audited["objects"]] == ["S", "E", "D", "O"]
    assert {"S", "E", "D", "O"} <= {each["about"] for each in audited["exploratory"]["measures"]}
    for axis in audited["axes"]:
        for group in axis["groups"]:
            assert group["n"] < 20 or set(group["levels"]) == {"S", "E", "D"}


@pytest.mark.requirement("D-12")
def test_uptake_waiting_and_form_are_told_by_every_attribute(audited: dict[str, Any]) -> None:
    told = {each["code"]: each for each in audited["exploratory"]["measures"]}

    for code in ("begyndt", "forloeb_afbrudt", "forloeb_ikke_startet", "over_fristen", "form_digital"):
        assert {"koen", "aldersgruppe", "tolkebehov", "distrikt"} <= {by["name"] for by in told[code]["by"]}
        assert all(
            (group["mean"] is None) == (group["n"] < 20) for by in told[code]["by"] for group in by["groups"]
        )


def test_the_basis_each_group_gets_is_told_by_every_attribute(audited: dict[str, Any]) -> None:
    told = {each["code"]: each for each in audited["exploratory"]["measures"]}

    for code in ("fast_stoerste", "fast_orden", "tier", "lighed", "mangler", "forskydning", "tro_avanceret"):
        assert {by["name"] for by in told[code]["by"]} >= {"koen", "aldersgruppe"}
        assert told[code]["n"] > 100
    for name in ("koen", "aldersgruppe"):
        assert [by["name"] for by in told[f"stedfortraedere_{name}"]["by"]] == [name]
    told_by = [{each["axis"] for each in audited["flips"][name]} for name in record.FLIP_PARTS[3:]]
    assert told_by[0] == told_by[1] == told_by[2] >= {"koen", "aldersgruppe"}


def test_a_version_that_never_answers_is_silent_for_everybody(
    version: Artifact, data: Dataset, protected: Protected
) -> None:
    thresholds = replace(version.manifest.thresholds, min_similar=10**6)
    mute = replace(version, manifest=replace(version.manifest, thresholds=thresholds))

    found = audit(mute, data, protected, PLAN)["exploratory"]["measures"]

    (silent,) = (each for each in found if each["code"] == "tier")
    means = [group["mean"] for by in silent["by"] for group in by["groups"]]
    assert {each for each in means if each is not None} == {1.0}


def test_people_without_a_tool_are_measured_as_people_with_one(
    version: Artifact, data: Dataset, protected: Protected
) -> None:
    """Their judgement, their decision and how it went; of the suggestion only how it would have differed."""
    cases = tuple(
        replace(case, arm="control", origin="skoen", own_level=case.final_level, label_source="control_arm")
        if row >= len(data.cases) - 80 else case
        for row, case in enumerate(data.cases)
    )  # fmt: skip

    control = audit(version, replace(data, cases=cases), protected, PLAN)["exploratory"]["control"]

    told = {each["code"]: each for each in control["measures"]}
    assert 50 < control["n"] <= 80
    assert {"niveau_E", "niveau_D", "skift_D", "begyndt", "skift_S", "forskydning"} <= set(told)
    assert {each["about"] for each in told.values()} == {"S", "E", "D", "O", "grundlag"}
    assert "niveau_S" not in told


def test_the_plan_and_its_seed_stand_in_the_record_and_give_it_again(
    audited: dict[str, Any], version: Artifact, data: Dataset, protected: Protected
) -> None:
    plan = audited["plan"]

    assert (plan["seed"], plan["draws"], plan["family"][:2]) == (3, 199, ["koen", "aldersgruppe"])
    assert plan["strata"] == ["plan_type", "diagnosegruppe", "funktionstab"]
    assert audit(version, data, protected, PLAN) == audited


def test_an_honest_version_is_admitted(audited: dict[str, Any], version: Artifact) -> None:
    said = verdict(audited, version.evaluation)

    assert said.findings == ()
    assert said.status in (PASSED, TOO_LITTLE)


def _tried_from(version: Artifact, data: Dataset, row: int) -> Artifact:
    """The version as if it had stopped learning earlier, so that there are more cases to try it on."""
    split = {**version.manifest.config["split"], "tested_from": instant_text(data.cases[row].decided_at)}
    return replace(
        version, manifest=replace(version.manifest, config={**version.manifest.config, "split": split})
    )


@pytest.mark.requirement("G-35")
def test_a_planted_shift_of_the_same_version_is_refused(
    version: Artifact, data: Dataset, protected: Protected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every woman who was judged to need more is told the lowest level, which is a quarter of them."""
    from training.fairness import suite

    honest = suite.said_by

    def biased(artifact: Artifact, cases: Any) -> Any:
        shares = honest(artifact, cases).copy()
        sex = [protected[case.request_id]["koen"] for case in cases.cases]
        hit = (np.array(sex) == "kvinde") & (cases.level == 1)
        shares[hit] = (0.95, 0.05)
        return shares

    monkeypatch.setattr(suite, "said_by", biased)

    said = verdict(audit(_tried_from(version, data, 100), data, protected, PLAN), version.evaluation)

    assert said.status == FAILED
    assert any(each.code == "gruppe" and "Køn: Kvinde" in each.words for each in said.findings)


def test_a_record_lies_beside_the_version_and_speaks_of_no_other(
    town: Town, version: Artifact, shelf: Path
) -> None:
    folder = shelf / version.manifest.version
    result = skoen("model", "audit", folder, town.history, "--vault", town.vault, "--draws", 199, "--json")
    told = json.loads(result.stdout)
    read = record.load(folder, version.manifest.version, version.manifest_hash)

    assert (told["sha256"], Path(told["record"])) == (read.sha256, record.beside(folder))
    assert read.content["axes"] == told["audit"]["axes"]
    assert folder.name in told["audit"]["version"]
    with pytest.raises(AuditRefused, match="en anden model"):
        record.load(folder, version.manifest.version, "0" * 64)
    record.beside(folder).unlink()
    with pytest.raises(AuditRefused, match="ikke prøvet"):
        record.load(folder, version.manifest.version, version.manifest_hash)


@pytest.mark.parametrize("spoiled", ["{", "[]", '{"format": "skoen-audit/1"}', '{"format": "skoen-audit/2"}'])
def test_a_record_that_cannot_be_read_is_refused(tmp_path: Path, spoiled: str) -> None:
    folder = tmp_path / "v1"
    record.beside(folder).write_text(spoiled, "utf-8")

    with pytest.raises(AuditRefused, match="kan ikke læses"):
        record.load(folder, "v1", "0" * 64)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        *(("flips", name) for name in record.FLIP_PARTS),
        *(("exploratory", name) for name in record.EXPLORED_PARTS),
        *((None, name) for name in (*record.PARTS, "format")),
    ],
)
def test_a_record_that_lacks_any_part_is_refused(
    audited: dict[str, Any], version: Artifact, tmp_path: Path, part: str | None, name: str
) -> None:
    spoiled = json.loads(json.dumps({"format": record.FORMAT, **audited}))
    of = (version.manifest.version, version.manifest_hash)
    record.save(spoiled, tmp_path / "v1")
    assert record.load(tmp_path / "v1", *of).content["n"] == audited["n"]
    del (spoiled[part] if part else spoiled)[name]
    record.beside(tmp_path / "v1").write_text(json.dumps(spoiled), "utf-8")

    with pytest.raises(AuditRefused, match="kan ikke læses"):
        record.load(tmp_path / "v1", *of)


def test_a_dry_run_writes_nothing(town: Town, shelf: Path, version: Artifact) -> None:
    folder = shelf / version.manifest.version
    result = skoen("model", "audit", folder, town.history, "--vault", town.vault, "--draws", 199, "--dry-run")

    assert "Nothing was written" in result.stdout
    assert not record.beside(folder).exists()


def test_a_reason_without_words_is_refused(town: Town, shelf: Path, version: Artifact) -> None:
    result = skoen(
        "model", "audit", shelf / version.manifest.version, town.history, "--vault", town.vault,
        "--without", "koen=",
    )  # fmt: skip

    assert (result.exit_code, "write why it is missing" in result.output) == (2, True)


@pytest.fixture(scope="module")
def decided(data: Dataset) -> Dataset:
    """The last cases as if they had been judged and decided here; women's decisions lie lower."""
    cases = tuple(
        replace(
            case, origin="skoen", own_level="avanceret" if row % 2 else "basal",
            final_level="basal" if row % 4 == 1 else ("avanceret" if row % 2 else "basal"),
            shown=True, arm="evidence", model_version="v1", model_level="basal", reference_level="basal",
        )
        for row, case in enumerate(data.cases[-300:])
        if case.final_level in data.area.level_codes
    )  # fmt: skip
    return replace(data, cases=cases)


@pytest.mark.requirement("G-33")
def test_decisions_are_tried_and_a_finding_becomes_an_entry(decided: Dataset, protected: Protected) -> None:
    lower = {
        case.request_id: {**protected[case.request_id], "koen": "kvinde" if row % 4 == 1 else "mand"}
        for row, case in enumerate(decided.cases)
        if case.request_id in protected
    }
    found = monthly(decided, lower, PLAN, date(2020, 1, 1), date(2030, 1, 1))

    entry = tomllib.loads(entry_of(found, "2026-06"))

    assert (entry["status"], entry["om"], entry["maaned"]) == ("fund", "model:v1", "2026-06")
    assert any("Kvinde" in each for each in entry["fund"])
    assert {"paavirkning", "skift_D"} <= {m["code"] for m in found["exploratory"]["measures"] if m["n"]}


def test_decisions_without_a_finding_say_what_could_have_been_found(
    decided: Dataset, protected: Protected
) -> None:
    found = monthly(decided, protected, PLAN, date(2020, 1, 1), date(2030, 1, 1))
    entry = tomllib.loads(entry_of(found, "2026-06"))

    assert (entry["status"], entry.get("fund")) == ("intet_fund", None)
    assert any("Kvinde" in line and "%" in line for line in entry["proevet"])


def test_numbers_that_are_missing_are_a_finding(audited: dict[str, Any]) -> None:
    for spoiled in ({**audited, "overall": {}}, {**audited, "axes": [{}]}, {}):
        assert [each.code for each in verdict(spoiled, HONEST).findings] == ["tal"]
    broken = json.loads(json.dumps(audited))
    broken["axes"][0]["p_adjusted"] = float("nan")
    assert verdict(broken, HONEST).status == FAILED
