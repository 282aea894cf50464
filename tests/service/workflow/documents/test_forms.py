"""The forms for programs follow their schemas, and say the numbers that the documents say."""

import csv
import io
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from service.workflow import documents
from service.workflow.documents import bundle, registers_abroad, written_facts
from service.workflow.documents.cyclonedx import METRICS, SLICED, model_list
from service.workflow.documents.facts import Facts, Unit
from service.workflow.documents.gather import Gathered
from service.workflow.documents.registers_abroad import cut
from service.workflow.documents.table_files import annex_csv

OURS = Path(documents.__file__).parent
THEIRS = files("cyclonedx.schema") / "_res"


def schema(name: str) -> Any:
    """A schema of CycloneDX, as its own library carries it."""
    return json.loads((THEIRS / f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))


def beside(uri: str) -> Any:
    """The schemas that the one of CycloneDX leans on; none is fetched."""
    names = ("spdx", "jsf-0.82", "cryptography-defs")
    return schema(next(name for name in names if name in uri))


@pytest.fixture(scope="module")
def cyclonedx() -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(schema("bom-1.7"), retriever=beside, validate_formats=True)


@pytest.fixture(scope="module")
def forms(fjordby: Gathered) -> dict[str, bytes]:
    return bundle.machine_readable(fjordby)


@pytest.mark.parametrize("name", [bundle.MODEL_LIST, bundle.PARTS_LIST])
def test_both_lists_of_components_follow_the_schema_of_cyclonedx(
    forms: dict[str, bytes], cyclonedx: jsonschema_rs.Draft7Validator, name: str
) -> None:
    made = json.loads(forms[name])

    cyclonedx.validate(made)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.7")
    assert not cyclonedx.is_valid({**made, "mode": "x"})
    assert not cyclonedx.is_valid({**made, "specVersion": 1.7})


def test_the_model_card_of_the_list_says_the_numbers_of_the_documents(
    forms: dict[str, bytes], fjordby: Gathered
) -> None:
    card = json.loads(forms[bundle.MODEL_LIST])["components"][0]["modelCard"]
    metrics = card["quantitativeAnalysis"]["performanceMetrics"]

    for key, name in METRICS.items():
        (number,) = fjordby.facts[key].numbers
        (metric,) = (each for each in metrics if each["type"] == name)
        assert float(metric["value"]) == number.value
        assert number.interval == tuple(map(float, metric["confidenceInterval"].values()))
        assert f"n={number.n}, {number.window[0]}" in metric["slice"]
    for key, name in SLICED.items():
        told = {repr(each.value) for each in fjordby.facts[key].numbers if each.unit is not Unit.POINTS}
        assert {each["value"] for each in metrics if each["type"] == name} == told
    groups = [each for each in metrics if each["type"] == "suggested_too_low"]
    assert len(groups) == len(fjordby.facts["model.groups"].rows)
    risks = card["considerations"]["ethicalConsiderations"]
    assert [each["mitigationStrategy"] for each in risks] == [
        each["vaern"] for each in written_facts.written("risks")["risiko"]
    ]


def test_the_list_of_parts_leads_to_every_part(forms: dict[str, bytes]) -> None:
    made = json.loads(forms[bundle.PARTS_LIST])
    refs = {each["bom-ref"] for each in made["components"]}
    needs = {each["ref"]: set(each["dependsOn"]) for each in made["dependencies"]}
    found, new = set[str](), {"skoen"}
    while new:
        found |= new
        new = {each for ref in new for each in needs[ref]} - found

    assert set(needs) == refs | {"skoen"}
    assert found == refs | {"skoen"}
    assert {each["scope"] for each in made["components"]} == {"required", "excluded"}


@pytest.mark.parametrize(
    ("name", "follows"),
    [
        (bundle.RECORD, "algoritmeregister"),
        (bundle.DPIA, "assessment"),
        (bundle.IAMA, "assessment"),
    ],
)
def test_the_dutch_forms_follow_their_fields_also_where_nothing_is_known(
    forms: dict[str, bytes], empty: Gathered, name: str, follows: str
) -> None:
    check = jsonschema_rs.validator_for(
        json.loads((OURS / f"{follows}.schema.json").read_text("utf-8")), validate_formats=True
    )
    known, unknown = json.loads(forms[name]), json.loads(bundle.machine_readable(empty)[name])

    check.validate(known)
    check.validate(unknown)
    assert not check.is_valid({**known, "andet": "x"})
    assert "MANGLER" in json.dumps(unknown)


def test_the_answers_abroad_are_the_facts_numbers_and_gaps_and_all(
    forms: dict[str, bytes], fjordby: Gathered
) -> None:
    dpia, iama = (json.loads(forms[name])["answers"] for name in (bundle.DPIA, bundle.IAMA))

    assert all(str(row[0]) in dpia["10.2"]["value"] for row in fjordby.facts["data.kept"].rows)
    assert all(str(row[0]) in iama["4.1.1.2"]["value"] for row in fjordby.facts["fria.rights"].rows)
    (gap,) = fjordby.facts["use.decision"].missing
    assert dpia["17.3"]["value"] == f"MANGLER: {gap}"
    (number,) = fjordby.facts["model.bias"].numbers
    assert str(number) in iama["3.5.2"]["value"]


def test_a_fact_that_is_deleted_is_missing_in_every_form_that_told_it(
    fjordby: Gathered, cyclonedx: jsonschema_rs.Draft7Validator
) -> None:
    def made(facts: Facts) -> dict[str, str]:
        assert fjordby.artifact
        urns = (registers_abroad.DPIA, registers_abroad.IAMA)
        shells = (registers_abroad.shell(facts, urn, fjordby.now) for urn in urns)
        card = model_list(fjordby.artifact, facts, fjordby.now)
        cyclonedx.validate(card)
        forms = (card, registers_abroad.record(facts, fjordby.phase), *shells)
        told = (json.dumps(each, ensure_ascii=False) for each in forms)
        return dict(zip(("card", "record", *urns, "annex"), (*told, annex_csv(facts).decode()), strict=True))

    before, told = made(fjordby.facts), 0
    for key in fjordby.facts:
        for name, after in made(fjordby.facts.without(key, "prøve af hul")).items():
            assert after == before[name] or "MANGLER: prøve af hul" in after, (key, name)
            told += after != before[name]

    assert told > 60


def test_what_is_too_long_for_a_field_is_cut_at_a_word() -> None:
    assert cut("en to tre", 9) == "en to tre"
    assert cut("en to tre fire", 9) == "en to …"
    assert all(len(cut("ord " * 900, most)) <= most for most in (100, 350, 2500))


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.requirement("G-42")
def test_the_control_list_is_a_table_in_which_every_control_has_a_test_or_somebody(
    forms: dict[str, bytes],
) -> None:
    rows = table(forms[bundle.CONTROLS])

    assert list(rows[0]) == ["id", "omraade", "kontrol", "proeve", "manuel_kontrol", "ansvar"]
    assert len({row["id"] for row in rows}) == len(rows) >= 12
    assert {row["omraade"] for row in rows} == {"organisation", "mennesker", "fysisk", "teknik"}
    for row in rows:
        assert bool(row["proeve"]) != bool(row["manuel_kontrol"]), row["id"]
        assert row["kontrol"]
        assert row["ansvar"]
    assert {row["proeve"] for row in rows if row["proeve"]} <= written_facts.tests_named()


@pytest.mark.requirement("D-23")
def test_the_procurement_annex_is_every_requirement_with_its_tests_or_why_it_is_open(
    forms: dict[str, bytes],
) -> None:
    rows = {row["id"]: row for row in table(forms[bundle.ANNEX])}
    listed = json.loads((Path(__file__).parents[3] / "requirements.json").read_text("utf-8"))

    assert set(rows) == {each["id"] for each in (*listed["requirements"], *listed["discretion"])}
    for row in rows.values():
        assert row["krav"]
        assert bool(row["proever"]) != bool(row["aabent_fordi"]), row["id"]
    for name in rows["D-23"]["proever"].split():
        file, _, test = name.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[4] / file).read_text("utf-8")


def test_without_a_model_or_locks_their_lists_are_not_made(empty: Gathered) -> None:
    assert set(bundle.machine_readable(empty)) & {bundle.MODEL_LIST, bundle.PARTS_LIST} == set()


PUBLIC_KEY = re.compile(r"[0-9]+(\.[0-9]+)*(\[[0-9]+\])?")
"""What the public schema of answers lets a key be."""
OPEN = {
    bundle.DPIA: "0 1.1 2.3 3.2 4 5.2 6.2 7.2 8.2 9.2 10.2 11.2 12.4 13.2 14.1 14.2 15.1.2 15.1.4 15.2.2"
    " 15.2.4 15.3.2 15.3.4 15.4.2 15.4.4 15.5.2 15.5.4 15.6.2 15.6.4 15.7.2 15.7.4 15.8.2 15.8.4 16.2"
    " 17.2 17.3 18 19.5.7",
    bundle.IAMA: "1.1.1 1.1.2 1.2.1 1.2.2 1.3.4 1.4.1.1 1.4.1.2 1.4.1.3 1.4.2 1.4.3 2.1.1.2 2.1.2 2.3.1 2.3.2"
    " 2.3.3 2.4.1 2.4.2 2.4.3 2.5.1 2.5.2 2.5.3 3.1.1 3.1.2 3.1.3 3.1.4 3.1.5 3.2.1 3.2.2 3.2.3 3.2.4 3.3.1"
    " 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.5.1 3.5.2 3.5.3 3.5.4 3.5.5 3.5.6 3.5.7 4.1.1.2"
    " 4.1.2.3 4.1.3 4.2.1 4.2.2 4.2.3 4.2.4 4.2.5 4.3.1 4.3.2 4.3.3 4.4.1 4.4.2 4.5.1 4.5.2 4.5.3 4.5.4",
}
"""The open questions of both definitions (par-dpia-form) that do not repeat and fit the schema."""


@pytest.mark.parametrize(("name", "more"), [(bundle.DPIA, "2.1"), (bundle.IAMA, "2.1.1.1")])
def test_every_open_question_is_answered_by_facts_or_says_who_answers_it(
    forms: dict[str, bytes], name: str, more: str
) -> None:
    made = json.loads(forms[name])
    asked = written_facts.written("shells")[made["metadata"]["urn"]]

    assert set(made["answers"]) == {*OPEN[name].split(), more}
    assert all(PUBLIC_KEY.fullmatch(key) for key in made["answers"])
    for task, each in asked.items():
        value = made["answers"][task]["value"]
        assert each.get("fakta") or "MANGLER: Det besvares af " in value, task
        assert ("Det besvares af " in value) == ("hvem" in each), task


def test_the_dpia_has_every_fact_of_the_catalogue_in_its_kind(
    forms: dict[str, bytes], fjordby: Gathered
) -> None:
    made = json.loads(forms[bundle.DPIA])["answers"]["2.1"]
    rows = fjordby.facts["data.facts"].rows

    assert [(each["_index"], each["2.1.1"]["value"]) for each in made] == [
        (number, str(row[0])) for number, row in enumerate(rows)
    ]
    health = {str(row[0]) for row in rows if row[4] == "følsom: helbred"}
    kinds = {each["2.1.1"]["value"]: each["2.1.4"]["value"] for each in made if "2.1.4" in each}
    assert {name for name, kind in kinds.items() if kind == "bijzonder"} == health != set()
    assert set(kinds.values()) <= {"gewoon", "gevoelig", "bijzonder"}
