"""A referral is read whole or refused with every one of its problems."""

import copy
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.declaration import Source
from service.intake_formats import referral as format_module
from service.intake_formats.problem import Refused
from service.intake_formats.referral import read_referral
from service.workflow.intake.referral import Citizen

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
README = Path(format_module.__file__).with_name("README.md")


def documented() -> dict[str, Any]:
    """The example in the documentation of the format."""
    block = re.search(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    found: dict[str, Any] = json.loads(block[1])
    return found


def changed(path: str, value: Any) -> dict[str, Any]:
    """The example with one thing different; a value of ... removes it."""
    data = copy.deepcopy(documented())
    *parents, last = path.split("/")
    inner = data
    for parent in parents:
        inner = inner[parent]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return data


def test_the_documented_example_is_read() -> None:
    referral = read_referral(documented(), now=NOW)

    assert referral.request_id == "7d3c5a52-0b1e-4a77-9d5e-1f6a3f0f5c11"
    assert (referral.municipality_code, referral.unit_name) == ("0999", "Træning Nord")
    assert (referral.received_on, referral.discharged_on) == (date(2026, 6, 29), date(2026, 6, 28))
    assert referral.citizen == Citizen("7102479995", "Agnes Prøve", "Prøvevej 1, 9999 Fjordby", "00 00 00 00")
    assert referral.facts["komorbiditet_flag"].value == frozenset({"hjerte"})
    assert referral.facts["hjemmepleje"].source is Source.MUNICIPALITY
    assert referral.facts["hjemmepleje"].known_at == datetime(2026, 6, 29, 5, 30, tzinfo=UTC)
    assert set(referral.sections) == {
        "helbred", "funktion_foer", "funktion_nu", "behov", "praktisk", "sikkerhed",
    }  # fmt: skip
    assert referral.operational["maal"] == "Selv hente posten."
    assert referral.origin == "referral"


def test_every_field_of_the_format_is_documented() -> None:
    text = README.read_text(encoding="utf-8")

    assert all(f'"{name}"' in text for name in format_module.FIELDS)


def test_a_later_start_becomes_a_fact_with_a_time_that_does_not_change() -> None:
    data = changed("start_after", "2026-07-06")

    first = read_referral(data, now=NOW)
    later = read_referral(data, now=datetime(2026, 8, 1, tzinfo=UTC))

    assert first.facts["opstart_tidligst"].value == date(2026, 7, 6)
    assert first == later


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("format", "skoen-referral/2", "format"),
        ("extra", "x", "extra"),
        ("request_id", ..., "request_id"),
        ("request_id", "a b", "request_id"),
        ("request_id", "7102479995", "request_id"),
        ("municipality", "99", "municipality"),
        ("unit", 7, "unit"),
        ("area", "ukendt", "area"),
        ("received_on", "2026-02-30", "received_on"),
        ("received_on", "2026-7-1", "received_on"),
        ("received_on", "2026-07-01", "received_on"),
        ("discharged_on", None, "discharged_on"),
        ("discharged_on", "2016-06-28", "discharged_on"),
        ("start_after", "ukendt", "start_after"),
        ("start_after", "2029-01-01", "facts.opstart_tidligst.value"),
        ("contact", [], "contact"),
        ("contact/to", "2026-06-01", "contact.to"),
        ("contact/until", "2026-06-28", "contact.until"),
        ("plan_type", "basal", "plan_type"),
        ("level", "basal", "level"),
        ("citizen", None, "citizen"),
        ("citizen/cpr", "3102479995", "citizen.cpr"),
        ("citizen/cpr", "710247" + "999", "citizen.cpr"),
        ("citizen/cpr", 7102479995, "citizen.cpr"),
        ("citizen/name", "", "citizen.name"),
        ("citizen/name", "x" * 201, "citizen.name"),
        ("citizen/email", "x", "citizen.email"),
        ("facts/alder", {"value": 80}, "facts.alder"),
        ("facts/bidiagnoser_antal", 2, "facts.bidiagnoser_antal"),
        ("facts/bidiagnoser_antal/value", 99, "facts.bidiagnoser_antal.value"),
        ("facts/aktionsdiagnose_sks/value", "S721", "facts.aktionsdiagnose_sks.value"),
        ("facts/hjemmepleje/value", "måske", "facts.hjemmepleje.value"),
        ("facts/hjemmepleje/source", "computed", "facts.hjemmepleje.source"),
        ("facts/hjemmepleje/known_at", "2026-06-29", "facts.hjemmepleje.known_at"),
        ("facts/hjemmepleje/known_at", "2026-06-29T07:30:00", "facts.hjemmepleje.known_at"),
        ("facts/hjemmepleje/known_at", "2026-07-29T07:30:00Z", "facts.hjemmepleje.known_at"),
        ("facts/hjemmepleje/known_at", 5, "facts.hjemmepleje.known_at"),
        ("facts/hjemmepleje/note", "x", "facts.hjemmepleje.note"),
        ("facts/diagnosegruppe", {"value": "hoftebrud", "source": "plan_coded",
                                  "known_at": "2026-06-28T09:00:00Z"}, "facts.diagnosegruppe.value"),
        ("sections/alder", "80", "sections.alder"),
        ("sections/behov", "x" * 20_001, "sections.behov"),
        ("operational/tolk", "engelsk", "operational.tolk"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_one_problem_that_names_it(path: str, value: Any, field: str) -> None:
    if "/" in path and path.split("/")[0] == "citizen" and value is None:
        value = {}
    with pytest.raises(Refused) as refused:
        read_referral(changed(path, value), now=NOW)

    named = {problem.field for problem in refused.value.problems}
    assert field in named
    assert len(refused.value.problems) == (3 if path == "citizen" else 1)
    assert all(problem.where == "henvisning" for problem in refused.value.problems)


def test_all_problems_are_told_at_once() -> None:
    data = changed("plan_type", "x") | {"received_on": "x", "request_id": ""}

    with pytest.raises(Refused) as refused:
        read_referral(data, now=NOW)

    assert [problem.field for problem in refused.value.problems] == ["received_on", "request_id", "plan_type"]


def test_an_impossible_cpr_number_is_never_repeated() -> None:
    number = "3102479995"

    with pytest.raises(Refused) as refused:
        read_referral(changed("citizen/cpr", number), now=NOW)

    assert number not in refused.value.problems[0].line()
