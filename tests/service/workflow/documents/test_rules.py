"""The rules of every generated document, each held where somebody outside could hold it: in the JSON."""

import json
import re
from copy import deepcopy
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from service.workflow.documents import bundle
from service.workflow.documents.document import DECLARED, SCHEMA, declared
from service.workflow.documents.facts import Number
from service.workflow.documents.gather import Gathered
from service.workflow.documents.sheet_facts import sheet_facts
from service.workflow.documents.written_facts import FOLDER, written

WRITTEN = ("written", "risks", "charter", "controls", "questions", "shells")
OWED = ("modelkort", "datablad", "bilag-iv", "dpia", "fria", "fortegnelse")
MEASURED = ("modellens evaluering", "prøven for skævhed")
FIGURE = re.compile(r"[0-9]+,[0-9]+|[0-9]+ ?%|[0-9]+ procentpoint")
LIMITS = re.compile(r"Svar|under 10 procentpoint|mere end 5 procentpoint|Et gæt giver|intervallet|Det skulle")
"""Sentences about a limit or a guess, which nobody measured."""


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")), validate_formats=True)


@pytest.fixture(scope="module")
def documents(fjordby: Gathered) -> dict[str, dict[str, Any]]:
    return bundle.documents_of(fjordby)


def test_every_document_follows_the_schema_that_lies_beside_it_also_where_nothing_is_known(
    documents: dict[str, dict[str, Any]], empty: Gathered, schema: jsonschema_rs.Validator, fjordby: Gathered
) -> None:
    for each in (*documents.values(), *bundle.documents_of(empty).values()):
        schema.validate(json.loads(json.dumps(each)))
        assert each["$schema"] == SCHEMA.name
    assert bundle.machine_readable(fjordby)[SCHEMA.name] == SCHEMA.read_bytes()


@pytest.mark.parametrize("code", OWED)
def test_the_schema_misses_each_section_and_each_fact_that_it_names(
    documents: dict[str, dict[str, Any]], schema: jsonschema_rs.Validator, code: str
) -> None:
    rules = json.loads(SCHEMA.read_text("utf-8"))["allOf"]
    (owed,) = (each["then"] for each in rules if each["if"]["properties"]["kode"]["const"] == code)
    sections = owed["properties"]["afsnit"]["prefixItems"]

    assert [each["properties"]["kode"]["const"] for each in sections] == [
        section.code for section in declared()[code].sections
    ]
    for place, section in enumerate(sections):
        without = deepcopy(documents[code])
        del without["afsnit"][place]
        assert not schema.is_valid(without)
        for fact in section["properties"]["oplysninger"]["allOf"]:
            key = fact["contains"]["properties"]["noegle"]["const"]
            without = deepcopy(documents[code])
            items = without["afsnit"][place]["oplysninger"]
            without["afsnit"][place]["oplysninger"] = [each for each in items if each["noegle"] != key]
            assert not schema.is_valid(without), key


def an_item(document: dict[str, Any], key: str) -> dict[str, Any]:
    found = (item for each in document["afsnit"] for item in each["oplysninger"] if item["noegle"] == key)
    return next(found)


@pytest.mark.parametrize(
    ("code", "key", "change"),
    [
        ("modelkort", "model.agreement", {"linjer": []}),
        ("modelkort", "model.agreement", {"mangler": ["ved ikke"]}),
        ("modelkort", "model.agreement", {"andet": 1}),
        ("fria", "fria.rights", {"raekker": [["Artikel 1: Værdighed", "a", "b", "c"]]}),
    ],
)
def test_a_fact_that_says_nothing_or_a_right_left_out_is_not_valid(
    documents: dict[str, dict[str, Any]], schema: jsonschema_rs.Validator, code: str, key: str,
    change: dict[str, Any],
) -> None:  # fmt: skip
    changed = deepcopy(documents[code])
    an_item(changed, key).update(change)

    assert schema.is_valid(documents[code])
    assert not schema.is_valid(changed)


@pytest.mark.parametrize("lost", ["n", "interval", "fra", "til", "enhed"])
def test_an_estimate_without_what_it_takes_to_believe_it_is_not_valid(
    documents: dict[str, dict[str, Any]], schema: jsonschema_rs.Validator, lost: str
) -> None:
    for value in ("gone", None):
        changed = deepcopy(documents["modelkort"])
        number = an_item(changed, "model.membership")["linjer"][0]
        number[lost] = None
        if value == "gone":
            del number[lost]
        assert not schema.is_valid(changed)


def test_no_figure_that_was_measured_stands_in_words_alone(fjordby: Gathered) -> None:
    """A figure in words is of a limit, or beside a number with n, interval and days in its row."""
    measured = [fact for fact in fjordby.facts.values() if fact.source in MEASURED]
    assert len(measured) > 10
    for fact in measured:
        for row in (*((line,) for line in fact.lines), *fact.rows):
            if any(isinstance(cell, Number) for cell in row):
                continue
            for cell in map(str, row):
                assert LIMITS.search(cell) or not FIGURE.search(cell), (fact.key, cell)


def test_whatever_people_wrote_has_a_day_and_a_name() -> None:
    for name in WRITTEN:
        assert isinstance(written(name)["skrevet"], date), name
        assert written(name)["af"], name
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(WRITTEN)
    assert len(declared()) == len(list(DECLARED.glob("*.toml")))
    for each in declared().values():
        assert date.fromisoformat(each.written)
        assert each.by


def test_the_datasheet_answers_every_question_or_names_who_does(fjordby: Gathered) -> None:
    asked = {part: each for part, each in written("questions").items() if isinstance(each, dict)}
    answered = {fact.key.removeprefix("sheet."): fact for fact in sheet_facts([*fjordby.facts.values()])}
    told = {key for section in declared()["datablad"].sections for key in section.facts}

    assert sum(map(len, asked.values())) == 50
    assert set(asked) == set(answered)
    for part, questions in asked.items():
        fact = answered[part]
        assert [str(row[0]) for row in fact.rows] == [
            q for q, each in questions.items() if "hvem" not in each
        ]
        assert all(str(row[1]) for row in fact.rows)
        assert len(fact.missing) == sum("hvem" in each for each in questions.values())
        for each in questions.values():
            # What an answer leans on stands in the same document.
            assert set(each.get("fakta", ())) <= told


def test_an_answer_that_leans_on_a_fact_that_nobody_gathered_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        list(sheet_facts([]))
