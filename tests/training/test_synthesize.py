"""The invented municipality: the same bytes every time, and as the assumptions say."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models import areas
from models.declaration import UNKNOWN
from models.record import from_row
from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.intake_formats.referral import read_referral
from tests.training.conftest import AS_OF, CASES, Town
from training.assumptions import FOLDER, AssumptionsRefused, assumptions_of
from training.citizens import REPLACEMENT
from training.datasheet import Unsourced, fresh, table
from training.municipality import Municipality, invent
from training.need import need_of
from training.population import populate
from training.synthesize import Order, SynthesisRefused, synthesize

AREA = areas.get("genoptraening")
ASSUMED = assumptions_of(AREA)
SAMPLE_REQUEST = Order(AREA, 120, 140, AS_OF, referrals=5, reports=1)
CLOSING = datetime(2026, 6, 30, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def many() -> Municipality:
    """A municipality large enough for its shares to be seen."""
    return invent(ASSUMED, 3000, 140, AS_OF)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _json(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(pattern))]


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(SynthesisRefused, match="not an empty folder"):
        synthesize(SAMPLE_REQUEST, tmp_path)

    assert _files(tmp_path) == {"mine.txt": b"keep"}


def test_assumptions_about_a_question_nobody_asks_are_refused(tmp_path: Path) -> None:
    (tmp_path / "genoptraening.toml").write_text('[facts.skonummer]\ndraw = "count"\n')

    with pytest.raises(AssumptionsRefused, match="skonummer"):
        assumptions_of(AREA, tmp_path)


def test_a_number_without_a_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[practice]\nrobot = 0.05\n")

    with pytest.raises(Unsourced, match=r"practice\.robot"):
        table(file)


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        synthesize(Order(AREA, 60, seed, AS_OF, referrals=6, reports=2), tmp_path / name)

    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    assert _files(tmp_path / "one") != _files(tmp_path / "other")


def test_the_sample_in_the_repository_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    made = synthesize(SAMPLE_REQUEST, tmp_path / "sample")

    assert made.read_bytes() == (FOLDER / "MANIFEST.json").read_bytes()
    made.unlink()
    assert _files(tmp_path / "sample") == _files(FOLDER / "sample")


def test_the_datasheet_holds_every_assumption_as_the_file_says_it_now() -> None:
    datasheet = (FOLDER / "README.md").read_text("utf-8")

    assert fresh(datasheet, FOLDER / "genoptraening.toml") == datasheet


def test_every_row_of_the_history_can_be_read_back(town: Town) -> None:
    with town.history.open(encoding="utf-8", newline="") as file:
        cases = [from_row(AREA, row) for row in csv.DictReader(file)]

    assert len(cases) == CASES
    assert all(case.decided_at.date() < date(2026, 3, 31) for case in cases)


def test_protected_attributes_lie_apart_from_the_facts(town: Town) -> None:
    columns = town.history.read_text("utf-8").splitlines()[0].split(",")
    apart = town.protected.read_text("utf-8").splitlines()[0].split(",")

    assert set(columns) & set(apart) == {"request_id"}
    assert {"koen", "aldersgruppe", "tolkebehov", "distrikt", "bor_alene"} < set(apart)


def test_levels_authors_and_outcomes_fall_as_assumed(many: Municipality) -> None:
    people = [case for case in many.history if case.label_source == "legacy_human"]
    robots = [case for case in many.history if case.label_source == "legacy_robot"]
    statuses = Counter(case.outcome.status for case in many.history)

    assert 0.20 < sum(case.final_level == "avanceret" for case in people) / len(people) < 0.30
    assert len(robots) > 100
    assert {case.final_level for case in robots} == {"basal"}
    assert 0.2 < statuses["ikke_startet"] / len(many.history) < 0.3


def test_origin_and_surgery_fall_as_published(many: Municipality) -> None:
    outpatients = sum(case.contact_from == case.contact_to for case in many.history)
    surgical = sum(case.facts["behandlingstype"].value == "kirurgisk" for case in many.history)
    unstated = sum(case.facts["funk_foer"].value == UNKNOWN for case in many.history)

    assert 0.5 < outpatients / len(many.history) < 0.6
    assert 0.55 < surgical / len(many.history) < 0.65
    assert 0.2 < unstated / len(many.history) < 0.4


def test_two_visitators_differ_as_often_as_assumed() -> None:
    people = populate(ASSUMED, (date(2025, 3, 3),) * 1500, 5)

    assert need_of(ASSUMED, people, 5).disagreement() == pytest.approx(0.12, abs=0.005)


def test_a_level_is_changed_more_often_when_it_missed_the_need(many: Municipality) -> None:
    changed = [case for case in many.history if case.outcome.level_changed is not None]
    robots = [case.outcome.level_changed for case in changed if case.label_source == "legacy_robot"]
    people = [case.outcome.level_changed for case in changed if case.label_source == "legacy_human"]

    assert sum(robots) / len(robots) > 1.3 * sum(people) / len(people)


def test_every_code_of_every_question_occurs(many: Municipality) -> None:
    for question in AREA.questions:
        found = {case.facts[question.name].value for case in many.history}
        if question.codes and question.name != "komorbiditet_flag":
            assert set(question.code_values) <= found, question.name


def test_every_referral_is_taken_at_the_door(town: Town) -> None:
    referrals = _json(town.folder, "referrals/*.json")

    assert len(referrals) == 40
    for referral in referrals:
        read_referral(referral, now=CLOSING)


def test_every_delivery_report_is_taken_at_the_door(town: Town) -> None:
    reports = _json(town.folder, "reports/*.json")

    told = [read_report(open_bundle(report, now=CLOSING)) for report in reports]

    kinds = {(each.kind, each.status, each.withdrawn) for report in told for each in report.resources}
    assert ("care_plan", "in-progress", False) in kinds
    assert any(kind == "care_plan" and withdrawn for kind, _, withdrawn in kinds)
    assert any(each.detail.get("reason") == "udeblevet" for report in told for each in report.resources)


def test_reports_tell_of_requests_that_exist_and_two_have_their_level_set_elsewhere(town: Town) -> None:
    waiting = json.loads((town.folder / "simulation.json").read_text("utf-8"))
    with town.protected.open(encoding="utf-8", newline="") as file:
        known = {row["request_id"] for row in csv.DictReader(file)}

    assert {request["id"] for request in _requests(town, "*")} <= known
    elsewhere = {name for name, each in waiting.items() if each["level_elsewhere"]}
    on_arrival = {each["id"] for each in _requests(town, "*-received") if len(each["category"]) == 2}
    assert len(elsewhere) == 2
    assert on_arrival & set(waiting) == elsewhere


def test_reports_tell_the_level_of_some_plans_after_they_were_decided_and_of_some_that_it_changed(
    town: Town,
) -> None:
    waiting = json.loads((town.folder / "simulation.json").read_text("utf-8"))
    levels: dict[str, set[str]] = {}
    for request in _requests(town, "*"):
        levels.setdefault(request["id"], set()).update(
            each["coding"][0]["code"] for each in request["category"][1:]
        )

    assert sum(bool(levels.get(name)) for name, each in waiting.items() if not each["level_elsewhere"]) > 0
    assert any(len(each) == 2 for each in levels.values())


def _requests(town: Town, name: str) -> list[dict[str, Any]]:
    return [
        each["resource"]
        for bundle in _json(town.folder, f"reports/{name}.json")
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "ServiceRequest"
    ]


def test_what_a_caseworker_must_read_is_what_did_not_arrive(town: Town) -> None:
    simulation = json.loads((town.folder / "simulation.json").read_text("utf-8"))
    referrals = _json(town.folder, "referrals/*.json")

    left = []
    for referral in referrals:
        truth = simulation[referral["request_id"]]
        assert not set(truth["reads"]) & set(referral["facts"])
        assert set(truth["by_level"]) == set(AREA.level_codes)
        left.append(len(truth["reads"]))
    assert 7 < sum(left) / len(left) < 11


def test_the_plan_says_every_fact_that_must_be_read_and_is_known(town: Town) -> None:
    simulation = json.loads((town.folder / "simulation.json").read_text("utf-8"))
    phrases = ASSUMED.words["facts"]

    for referral in _json(town.folder, "referrals/*.json"):
        text = " ".join(referral["sections"].values())
        for name, value in simulation[referral["request_id"]]["reads"].items():
            if name in phrases and isinstance(value, str):
                said = [phrase for phrase in phrases[name].get(value, ()) if phrase and phrase in text]
                assert bool(said) == (value != UNKNOWN), (referral["request_id"], name)


def test_citizens_carry_replacement_numbers_and_the_sex_they_have(town: Town) -> None:
    with town.protected.open(encoding="utf-8", newline="") as file:
        sexes = {row["request_id"]: row["koen"] for row in csv.DictReader(file)}

    for referral in _json(town.folder, "referrals/*.json"):
        cpr = referral["citizen"]["cpr"]
        assert 1 <= int(cpr[:2]) - REPLACEMENT <= 31
        assert (int(cpr) % 2 == 1) == (sexes[referral["request_id"]] == "mand")


def test_an_inbox_of_the_last_days_is_waiting_when_the_day_ends(many: Municipality) -> None:
    inbox = [each.content for each in many.referrals if each.simulation["inbox"]]

    assert len(inbox) == 18
    assert {each["received_on"] for each in inbox} <= {f"2026-06-{day}" for day in (25, 26, 29, 30)}
    assert [each["plan_type"] for each in inbox].count("rehabilitering") == 1


def test_a_weekend_is_no_obstacle() -> None:
    town = invent(ASSUMED, 50, 1, date(2026, 6, 28))

    assert all(date.fromisoformat(each.content["received_on"]).weekday() < 5 for each in town.referrals)


def test_facts_that_wait_for_each_other_are_refused() -> None:
    circular = dict(ASSUMED["facts"])
    circular["funk_krop"] = circular["funk_krop"] | {"loads": {"funk_mental": 1.0}}
    circular["funk_mental"] = circular["funk_mental"] | {"loads": {"funk_krop": 1.0}}
    assumed = replace(ASSUMED, numbers={**ASSUMED.numbers, "facts": circular})

    with pytest.raises(AssumptionsRefused, match="wait for each other"):
        populate(assumed, (date(2025, 3, 3),), 5)
