"""Rows of decided cases: what is refused, what is filled in, and that they read back as written."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.areas import get
from models.declaration import Area
from models.record import (
    RecordRefused,
    columns,
    from_json_line,
    from_row,
    protected_columns,
    protected_from_row,
    to_json_line,
    to_row,
)
from tests.models.strategies import DECIDED, decided_cases
from tests.models.workbench import REPAIR

GENOPTRAENING = get("genoptraening")
BOTH = pytest.mark.parametrize("area", [GENOPTRAENING, REPAIR], ids=lambda area: area.name)

NO_INSTANT = "er ikke et tidspunkt med tidszone (ÅÅÅÅ-MM-DDTTT:MM:SSZ)"

ROW = {
    "request_id": "r-1", "area": "genoptraening", "municipality": "0999", "received_on": "2026-03-02",
    "discharged_on": "2026-02-27", "contact_from": "2026-02-20", "contact_to": "2026-02-27",
    "plan_type": "almen", "decided_at": "2026-03-04T09:30:00Z", "final_level": "basal", "arm": "none",
    "label_source": "human", "origin": "history", "aktionsdiagnose_sks": "DS721",
}  # fmt: skip


def refused(**cells: Any) -> RecordRefused:
    """The refusal of the row with some cells changed."""
    with pytest.raises(RecordRefused) as caught:
        from_row(GENOPTRAENING, {**ROW, **cells})
    return caught.value


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"request_id": ""}, "request_id", "mangler"),
        ({"request_id": "a b"}, "request_id", "er ikke et id"),
        ({"municipality": "999"}, "municipality", "er ikke en kommunekode på fire cifre"),
        ({"area": "reparation"}, "area", "er en ukendt kode"),
        ({"plan_type": "alm"}, "plan_type", "er en ukendt kode"),
        ({"received_on": "2026-02-30"}, "received_on", "er ikke en dato (ÅÅÅÅ-MM-DD)"),
        ({"received_on": "1026-03-02"}, "received_on", "ligger før 2007-01-01"),
        ({"discharged_on": "2026-03-05"}, "discharged_on", "ligger efter beslutningen den 2026-03-04"),
        ({"received_on": "2026-03-05"}, "received_on", "ligger efter beslutningen den 2026-03-04"),
        ({"contact_from": "2026-02-28"}, "contact_from", "ligger efter contact_to 2026-02-27"),
        ({"decided_at": "2026-03-04"}, "decided_at", NO_INSTANT),
        ({"decided_at": "2026-03-04T09:30"}, "decided_at", NO_INSTANT),
        ({"final_level": "hoej"}, "final_level", "er ikke et niveau eller et andet muligt svar"),
        ({"reference_level": "retur"}, "reference_level", "er en ukendt kode"),
        ({"reason_code": "x"}, "reason_code", "er en ukendt kode"),
        ({"forms": "gruppe+cirkus"}, "forms", "er en ukendt kode"),
        ({"shown": "yes"}, "shown", "skal være ja eller nej"),
        ({"shown": "ja", "withheld_reason": "declined"}, "withheld_reason",
         "passer ikke med, at grundlaget blev vist"),
        ({"sessions": "-1"}, "sessions", "skal være et helt tal mellem 0 og 1000"),
        ({"cpr": "x"}, "cpr", "er en ukendt kolonne"),
        ({"koen": "kvinde"}, "koen", "er en ukendt kolonne"),
        ({"hjemmepleje__source": "rygte"}, "hjemmepleje__source", "er en ukendt kode"),
    ],
    ids=lambda value: str(value)[:50] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_row_is_refused_with_field_and_reason(cells: dict[str, Any], field: str, reason: str) -> None:
    refusal = refused(**cells)
    assert (refusal.field, refusal.reason) == (field, reason)


@pytest.mark.requirement("D-45")
def test_a_fact_known_after_the_decision_is_refused() -> None:
    refusal = refused(hjemmepleje="ja", hjemmepleje__known_at="2026-03-04T09:30:01Z")
    assert refusal.field == "hjemmepleje"
    assert refusal.reason == (
        "blev først kendt efter beslutningen 2026-03-04T09:30:00Z; "
        "skriv det, man vidste da, eller lad cellen stå tom"
    )
    assert refusal.found == "2026-03-04T09:30:01Z"


def test_a_fact_known_at_the_very_decision_is_taken() -> None:
    case = from_row(GENOPTRAENING, {**ROW, "hjemmepleje": "ja", "hjemmepleje__known_at": ROW["decided_at"]})
    assert case.facts["hjemmepleje"].known_at == DECIDED


def test_an_impossible_fact_is_refused_in_the_words_of_the_form() -> None:
    refusal = refused(bidiagnoser_antal="25")
    assert refusal.field == "bidiagnoser_antal"
    assert refusal.reason == "Antal bidiagnoser skal være et helt tal mellem 0 og 20. Du skrev '25'."


def test_a_date_outside_its_window_is_refused() -> None:
    assert refused(opstart_tidligst="2031-01-01").field == "opstart_tidligst"


def test_a_computed_column_that_contradicts_its_formula_is_refused_with_both_values() -> None:
    refusal = refused(diagnosegruppe="knae")
    assert refusal.field == "diagnosegruppe"
    assert refusal.reason == "passer ikke med formlen, som giver 'hoftenær fraktur'"
    assert refusal.found == "knæ"


def test_a_computed_column_is_filled_in_when_it_is_absent_empty_or_unknown() -> None:
    for cells in ({}, {"diagnosegruppe": ""}, {"diagnosegruppe": "ukendt"}):
        case = from_row(GENOPTRAENING, {**ROW, **cells})
        assert case.facts["diagnosegruppe"].value == "hoftebrud"


def test_a_computed_column_without_the_formulas_input_stands() -> None:
    case = from_row(GENOPTRAENING, {**ROW, "aktionsdiagnose_sks": "", "diagnosegruppe": "knae"})
    assert case.facts["diagnosegruppe"].value == "knae"


def test_a_share_rounded_to_two_decimals_agrees_with_its_formula() -> None:
    share = from_row(GENOPTRAENING, ROW).facts["gop_komplet"].value
    assert from_row(GENOPTRAENING, {**ROW, "gop_komplet": f"{share:.2f}"})
    assert refused(gop_komplet="0.9").field == "gop_komplet"


def test_native_values_of_a_parquet_file_are_read() -> None:
    row = {
        **ROW,
        "received_on": from_row(GENOPTRAENING, ROW).received_on,
        "decided_at": DECIDED,
        "shown": False,
    }
    row |= {
        "bidiagnoser_antal": 3.0,
        "funk_mobilitet": 2,
        "hjemmepleje": None,
        "smerte_beskrevet": float("nan"),
    }
    row |= {"forms": ["gruppe"], "sessions": 4.0}
    facts = from_row(GENOPTRAENING, row).facts
    assert facts["bidiagnoser_antal"].value == 3
    assert facts["funk_mobilitet"].value == "2"
    assert facts["smerte_beskrevet"].value is None


@pytest.mark.parametrize("line", ["", "[]", "{", "{}", '{"facts": []}', '{"facts": {}, "navn": 1}'], ids=repr)
def test_a_line_that_is_no_case_is_refused(line: str) -> None:
    with pytest.raises(RecordRefused):
        from_json_line(GENOPTRAENING, line)


def test_a_line_with_a_strange_fact_is_refused() -> None:
    entry = json.loads(to_json_line(GENOPTRAENING, from_row(GENOPTRAENING, ROW)))
    for facts in ({"cpr": {"value": "x"}}, {"hjemmepleje": {"value": "måske"}}, {"hjemmepleje": "ja"}):
        with pytest.raises(RecordRefused):
            from_json_line(GENOPTRAENING, json.dumps({**entry, "facts": facts}))


@BOTH
@given(st.data())
def test_a_row_reads_back_as_it_was_written(area: Area, data: st.DataObject) -> None:
    case = data.draw(decided_cases(area))
    row = to_row(area, case, companions=True)
    assert tuple(row) == columns(area, companions=True)
    assert from_row(area, row) == case


@BOTH
@given(st.data())
def test_a_line_reads_back_as_it_was_written(area: Area, data: st.DataObject) -> None:
    case = data.draw(decided_cases(area))
    line = to_json_line(area, case)
    assert "\n" not in line
    assert from_json_line(area, line) == case


@BOTH
@given(st.data())
def test_without_companions_a_row_keeps_the_values(area: Area, data: st.DataObject) -> None:
    case = data.draw(decided_cases(area))
    plain = {name: replace(fact, marked_wrong=False) for name, fact in case.facts.items()}
    row = to_row(area, replace(case, facts=plain))
    assert tuple(row) == columns(area)
    for question in area.questions:
        if not question.computed:
            assert (
                from_row(area, {**row, **_cleared(area)}).facts[question.name].value
                == plain[question.name].value
            )


def _cleared(area: Area) -> dict[str, str]:
    """Empty cells for computed questions: facts marked wrong may have changed what the formula gives."""
    return {question.name: "" for question in area.questions if question.computed}


def test_a_cell_of_text_is_never_a_leak_of_time() -> None:
    row = {**ROW, "hjemmepleje": "ja", "hjemmepleje__known_at": (DECIDED + timedelta(days=1)).isoformat()}
    with pytest.raises(RecordRefused, match="efter beslutningen"):
        from_row(GENOPTRAENING, row)


def test_protected_attributes_travel_in_a_file_of_their_own() -> None:
    names = protected_columns(GENOPTRAENING)
    assert names[0] == "request_id"
    assert not set(names[1:]) & set(columns(GENOPTRAENING, companions=True))
    row = {"request_id": "r-1", "koen": "kvinde", "aldersgruppe": "ukendt"}
    assert protected_from_row(GENOPTRAENING, row)[1]["koen"] == "kvinde"
    with pytest.raises(RecordRefused):
        protected_from_row(GENOPTRAENING, {**row, "cpr": "x"})
    with pytest.raises(RecordRefused):
        protected_from_row(GENOPTRAENING, {**row, "koen": "x"})
