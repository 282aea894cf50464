"""Every document is made of the same facts: what is missing is said, and a number is the same everywhere."""

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.workflow.documents import bundle, written_facts
from service.workflow.documents.document import declared, document_of
from service.workflow.documents.facts import MISSING, Fact, Facts, Number, Unit
from service.workflow.documents.gather import Gathered

TESTS = Path(__file__).parents[3]
ESTIMATES = frozenset({Unit.SHARE.value, Unit.PAIRS.value, Unit.POINTS.value, Unit.NATS.value})
CHARTER = ["1", "7", "8", "20", "21", "24", "25", "26", "34", "35", "41", "47"]


def items(fjordby: Gathered, code: str) -> list[dict[str, Any]]:
    document = document_of(declared()[code], fjordby.facts)
    return [item for section in document["afsnit"] for item in section["oplysninger"]]


def numbers(found: Any) -> list[dict[str, Any]]:
    """Every number somewhere in JSON."""
    if isinstance(found, dict):
        inner = [each for value in found.values() for each in numbers(value)]
        return [found, *inner] if "tal" in found else inner
    return [each for value in found for each in numbers(value)] if isinstance(found, list) else []


def test_each_document_that_is_owed_is_there() -> None:
    assert list(declared()) == [
        "modelkort", "datablad", "bilag-iv", "dpia", "fria", "fortegnelse", "risici", "klassifikation",
        "udbudsbilag", "kontroller", "stykliste", "offentlig",
    ]  # fmt: skip


def test_every_declared_fact_is_gathered_and_every_gathered_one_is_told(fjordby: Gathered) -> None:
    told = {key for each in declared().values() for section in each.sections for key in section.facts}
    # What the gate asks for by name stands with the gate; the documents tell those that they lean on.
    unused = {key for key in fjordby.facts if key not in told and not key.startswith("owed.")}

    assert told - set(fjordby.facts) == set()
    assert unused == set()


@pytest.mark.requirement("D-32")
def test_the_assessment_of_rights_fills_all_six_items_and_the_table_of_the_charter(
    fjordby: Gathered,
) -> None:
    document = document_of(declared()["fria"], fjordby.facts)
    six = {section["kode"]: section for section in document["afsnit"] if len(section["kode"]) == 1}
    rights = fjordby.facts["fria.rights"].rows

    assert list(six) == list("abcdef")
    for section in six.values():
        assert any(item["linjer"] or item["raekker"] or item["mangler"] for item in section["oplysninger"])
    # Period and frequency are the municipality's to say: without a phase that is what (b) says.
    filled = {
        code
        for code, section in six.items()
        if any(i["linjer"] or i["raekker"] for i in section["oplysninger"])
    }
    assert filled == set("acdef")
    assert all(item["mangler"] for item in six["b"]["oplysninger"])
    assert [str(row[0]).partition(":")[0].removeprefix("Artikel ") for row in rights] == CHARTER
    assert all(str(cell) for row in rights for cell in row)


def test_annex_four_has_its_nine_sections_and_the_assessment_its_order(fjordby: Gathered) -> None:
    def codes(code: str) -> list[str]:
        return [section.code for section in declared()[code].sections]

    assert codes("bilag-iv") == list("123456789")
    assert codes("dpia") == list("0123456")
    assert codes("fortegnelse") == list("abcdefg")
    for section in document_of(declared()["bilag-iv"], fjordby.facts)["afsnit"]:
        assert section["oplysninger"]


def test_every_estimate_in_every_document_has_n_interval_and_window(fjordby: Gathered) -> None:
    found = numbers(list(bundle.documents_of(fjordby).values()))

    assert {each["enhed"] for each in found} >= ESTIMATES
    for each in found:
        assert each["n"] is not None
        assert each["fra"] <= each["til"]
        if each["enhed"] in ESTIMATES:
            assert each["interval"][0] <= each["tal"] <= each["interval"][1]
            assert f"n = {each['n']}" in each["ord"]


def test_a_number_that_changes_changes_in_every_document_that_tells_it_and_in_no_other(
    fjordby: Gathered,
) -> None:
    before = bundle.documents_of(fjordby)
    planted = Number(0.123, (date(2026, 1, 1), date(2026, 1, 2)), 777, (0.1, 0.2), Unit.SHARE)
    for key in ("model.agreement", "model.coverage", "model.silence", "model.membership", "model.shown"):
        was = fjordby.facts[key]
        changed = Facts(
            Fact(key, was.label, was.source, (planted,)) if each == key else fact
            for each, fact in fjordby.facts.items()
        )
        telling = {
            code for code, each in declared().items() if key in {k for s in each.sections for k in s.facts}
        }
        after = {code: document_of(each, changed) for code, each in declared().items()}

        assert telling
        for code, document in after.items():
            assert (json.dumps(document).count('"n": 777') > 0) == (code in telling)
            assert (document != before[code]) == (code in telling)


def test_a_fact_that_is_deleted_is_missing_wherever_it_was_told(fjordby: Gathered) -> None:
    before = bundle.documents_of(fjordby)
    for key in fjordby.facts:
        lost = fjordby.facts.without(key, "prøve af hul")
        for code, document in declared().items():
            times = sum(section.facts.count(key) for section in document.sections)
            if not times:
                continue
            after = document_of(document, lost)
            already = len(fjordby.facts[key].missing) * times

            assert after["mangler"] == before[code]["mangler"] + times - already
            assert bundle.gaps_of(after).count(f"{MISSING}: prøve af hul") == times


def test_nothing_is_invented_where_nothing_is_known(empty: Gathered) -> None:
    documents = bundle.documents_of(empty)

    assert numbers(list(documents.values())) == []
    for code in ("modelkort", "fria", "dpia", "stykliste", "udbudsbilag"):
        assert documents[code]["mangler"] > 0
    for fact in empty.facts.values():
        if fact.key.startswith(("model.", "owed.", "product.", "annex.")):
            assert (fact.known, bool(fact.missing)) == (False, True), fact.key


def test_every_test_that_a_risk_a_right_or_a_control_names_exists() -> None:
    named = written_facts.tests_named()
    missing = []
    for each in named:
        file, _, name = each.partition("::")
        path = TESTS.parent / file
        functions = {
            node.name
            for node in ast.walk(ast.parse(path.read_text("utf-8") if path.is_file() else ""))
            if isinstance(node, ast.FunctionDef)
        }
        if name not in functions:
            missing.append(each)

    assert len(named) > 30
    assert missing == []


def test_every_risk_has_a_test_or_a_control_with_a_name_and_says_when_it_was_not_gone_through() -> None:
    risks = written_facts.written("risks")["risiko"]
    scale = set(written_facts.written("risks")["skala"])
    ids = [each["id"] for each in risks]

    assert len(set(ids)) == len(ids) >= 12
    for each in risks:
        assert each.get("proever") or each.get("kontrol"), each["id"]
        assert {each["alvor"], each["sandsynlighed"], each["rest"]} <= scale
        assert each["ejer"]
    facts = {fact.key: fact for fact in written_facts.written_facts(date(2026, 11, 22))}
    told = {str(row[0]).partition(" ")[0]: str(row[1]).split("\n") for row in facts["risk.tests"].rows}
    assert {each["id"]: each["proever"] for each in risks if "proever" in each}.items() <= told.items()
    assert "::" not in str(facts["risk.register"].rows) + str(facts["fria.rights"].rows)
    (first,) = (each for each in risks if each["id"] == "R15")
    due = written_facts.due_on(first)

    def late(day: date) -> tuple[str, ...]:
        facts = {fact.key: fact for fact in written_facts.written_facts(day)}
        return facts["risk.register"].missing

    assert due == date(2027, 2, 22)
    assert late(date(2027, 2, 21)) == ()
    (said,) = late(due)
    assert said.startswith("R15 ")


def test_the_same_moment_gives_the_same_documents(fjordby: Gathered) -> None:
    once, again = bundle.documents_of(fjordby), bundle.documents_of(fjordby)

    assert once == again
    assert bundle.machine_readable(fjordby) == bundle.machine_readable(fjordby)


@pytest.mark.requirement("R-30")
def test_whoever_lets_others_host_it_finds_every_point_of_the_agreement(fjordby: Gathered) -> None:
    annex = document_of(declared()["udbudsbilag"], fjordby.facts)
    hosted = next(section for section in annex["afsnit"] if section["kode"] == "drift")
    points = next(item["linjer"] for item in hosted["oplysninger"] if item["noegle"] == "use.hosting")
    running = (TESTS.parent / "README.md").read_text("utf-8").partition("## Running it for real")[2]

    assert [line.partition(")")[0] for line in points] == list("abcdefgh")
    assert "artikel 28, stk. 3" in hosted["indledning"]
    assert hosted["titel"] in running.partition("\n## ")[0]
