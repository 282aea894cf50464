"""The decision export: what travels, what does not, and that it comes back as it went."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from models import areas
from models.labels import label_of
from models.record import DecidedCase, RecordRefused, columns, from_json_line, to_json_line
from service.clock import local_date
from service.database import for_reading, reading, writing
from service.log.vault import vault_of
from service.tables.intake import Case
from service.workflow import assessment, decision, export, governance, suggestion
from service.workflow.case_file import open_file
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.quarter import STEP, decide_case
from tests.shelves import FixedShelf

AREA = areas.get("genoptraening")
DOCUMENT = Path(__file__).parents[3] / "service" / "workflow" / "EXPORT.md"


@pytest.fixture(autouse=True)
def admitted(cast: Cast) -> None:
    """A model is in use."""
    an_admission(cast.engine, cast.dan)


def exported(engine: Engine, municipality_id: str | None = None) -> list[DecidedCase]:
    """Everything that is exported."""
    return list(export.decisions(engine, municipality_id))


def judge_again(engine: Engine, cast: Cast, case: Case, choice: str) -> None:
    """Alma corrects her judgement and then her decision, after the evidence was shown."""
    later = NOW + timedelta(hours=2)
    with reading(engine) as session:
        file = open_file(session, case.id)
    assert file.assessment is not None
    assert file.decision is not None
    with writing(engine) as session:
        judged = assessment.record(
            session, case.id, facts_id=file.facts_version.id, choice=choice, confidence="sikker",
            wants_evidence=True, opened_at=later, key="again", now=later, by=cast.alma,
            replaces=file.assessment.id,
        )  # fmt: skip
    suggestion.answer(
        engine, judged.id, shelf=FixedShelf(), render=lambda payload, mode: "<p></p>", template_version="t/1",
        now=later, by=cast.alma,
    )  # fmt: skip
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice=choice, reason_code="praksis", key="decided again", now=later,
            by=cast.alma, replaces=file.decision.id,
        )  # fmt: skip


def test_a_decided_case_travels_with_judgement_evidence_decision_and_plan(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, own="basal", reason="praksis")
    (case,) = exported(engine)
    assert (case.own_level, case.reference_level, case.final_level) == ("basal", "avanceret", "avanceret")
    assert (case.shown, case.arm, case.origin) == (True, "evidence", "skoen")
    assert case.label_source == "own_judgement"
    assert (case.municipality, case.reason_code, case.team) == ("0999", "praksis", "ortopaedisk")
    assert case.facts["funk_mobilitet"].value == "3"
    assert case.decided_at == NOW + STEP


def test_it_comes_back_from_a_line_as_it_went(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    decide_case(engine, cast.bent, 2, wants_evidence=False)
    for case in exported(engine):
        line = to_json_line(AREA, case)
        assert "\n" not in line
        assert from_json_line(AREA, line) == case


def test_a_case_decided_before_the_planned_discharge_comes_back_too(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    (case,) = exported(engine)
    sent_ahead = replace(case, discharged_on=case.received_on + timedelta(days=3), contact_to=None)
    facts = {
        **sent_ahead.facts,
        "dage_siden_udskrivning": replace(case.facts["dage_siden_udskrivning"], value=-3),
    }
    for name in ("kontakttype", "indlaeggelsesdage"):
        facts[name] = replace(facts[name], value=None, known_at=None)
    sent_ahead = replace(sent_ahead, facts=facts)
    assert from_json_line(AREA, to_json_line(AREA, sent_ahead)) == sent_ahead
    with pytest.raises(RecordRefused):
        from_json_line(AREA, to_json_line(AREA, replace(sent_ahead, origin="history")))


def test_nobody_is_in_it(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    line = to_json_line(AREA, exported(engine)[0])
    with reading(engine) as session:
        case = session.exec(select(Case)).one()
    secret = ["7102479995", "710247", "Agnes", "Prøvevej", "Hente posten", "Efter samtale", "Alma", case.id,
              case.citizen_id, cast.alma.person_id, cast.alma.unit_id]  # fmt: skip
    assert [word for word in secret if word in line] == []


def test_a_case_that_waits_for_an_answer_is_not_in_it(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, choice="retur", reason="oplysning_mangler")
    assert exported(engine) == []


def test_one_municipality_is_exported_without_the_other(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    assert len(exported(engine, cast.alma.municipality_id)) == 1
    assert exported(engine, cast.carla.municipality_id) == []


def test_a_judgement_corrected_after_evidence_is_told_and_never_a_label(engine: Engine, cast: Cast) -> None:
    case = decide_case(engine, cast.alma, 1, own="basal", choice="basal", reason="borgerens_maal")
    judge_again(engine, cast, case, "avanceret")
    (found,) = exported(engine)
    assert found.own_level == "basal"  # the judgement before evidence stands in the record
    assert found.own_corrected_after_evidence
    assert found.final_level == "avanceret"
    assert label_of(found).level is None


def test_the_blind_judgement_is_the_label(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, own="basal", reason="praksis")
    (found,) = exported(engine)
    assert label_of(found).level == "basal"
    assert label_of(replace(found, arm="control")).level is None


def erase(engine: Engine, part_id: str) -> None:
    """Take a personal part away past every guard, as if its key had been erased."""
    raw = sqlite3.connect(str(engine.url.database))
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")
    raw.execute("DELETE FROM personal_parts WHERE id = ?", (part_id,))
    raw.commit()
    raw.close()


def test_a_case_whose_facts_are_erased_is_left_out_and_told_of(engine: Engine, cast: Cast) -> None:
    case = decide_case(engine, cast.alma, 1)
    decide_case(engine, cast.alma, 2)
    with reading(engine) as session:
        part = open_file(session, case.id).judged_facts
    assert part is not None
    erase(engine, part.part_id)
    told: list[str] = []
    found = [each.request_id for each in export.decisions(engine, left_out=told.append)]
    assert (found, told) == (["request-2"], ["request-1"])


def test_every_field_is_explained() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    facts = {question.name for question in AREA.questions}
    assert [name for name in columns(AREA) if name not in facts and f"`{name}`" not in text] == []


def test_what_was_computed_in_shadow_is_not_in_it(engine: Engine, cast: Cast) -> None:
    a_phase(engine, cast, "skygge")
    decide_case(engine, cast.alma, 1, own="basal")
    (case,) = exported(engine)
    assert (case.shown, case.withheld_reason, case.phase) == (False, "shadow", "skygge")
    assert (case.reference_level, case.model_level) == (None, None)
    assert label_of(case).level == "basal"


def test_it_says_on_what_legal_basis_and_from_when_practice_is_another(engine: Engine, cast: Cast) -> None:
    a_phase(engine, cast, "pilot")
    with reading(engine) as session:
        found = {each.municipality: each for each in export.grounds(session, local_date(NOW))}
        long_ago = export.grounds(session, date(2015, 1, 1), cast.alma.municipality_id)
    assert (found["0999"].phase, found["0999"].legal_basis) == ("pilot", "Sundhedsloven § 140")
    assert found["0998"].phase == "oevelse"
    assert [(each.municipality, each.phase, each.legal_basis) for each in long_ago] == [("0999", None, "")]


def test_the_source_of_a_label_follows_from_the_row(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, own="basal", choice="avanceret", reason="borgerens_maal")
    decide_case(engine, cast.bent, 2, own="kan_ikke_afgoeres", wants_evidence=False)
    first, second = sorted(exported(engine), key=lambda case: case.request_id)
    assert first.label_source == "decision_after_evidence"
    assert label_of(first).level == "avanceret"
    assert second.label_source == "decision_without_evidence"
    assert label_of(second).level is None
    assert first.judged_at is not None
    assert first.judged_at < first.decided_at


def a_phase(engine: Engine, cast: Cast, phase: str) -> None:
    """Alma's municipality enters a phase beyond practice."""
    with writing(engine) as session:
        governance.change_phase(
            session, cast.alma.municipality_id, phase, legal_basis="Sundhedsloven § 140",
            approved_by="Dorte", valid_from=NOW.date(), now=NOW - timedelta(hours=1), by=None,
        )  # fmt: skip


def test_nobody_waits_to_write_and_what_is_decided_meanwhile_is_in_the_next(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million may be exported: each part is read by itself, and still they are those of one moment."""
    played = [decide_case(engine, cast.alma, each, own="basal", reason="praksis") for each in range(1, 6)]
    before = exported(engine)
    monkeypatch.setattr(export, "AT_A_TIME", 2)

    found = export.decisions(engine)
    first = next(found)
    for case in (played[0], played[4]):
        judge_again(engine, cast, case, "basal")
    decide_case(engine, cast.alma, 6)

    assert [first, *found] == before
    assert len(exported(engine)) == 6
    assert {case.final_level for case in exported(engine)} == {"basal", "avanceret"}


def test_more_cases_in_a_part_take_no_more_statements(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    asked: list[str] = []
    for each in (for_reading(engine), for_reading(vault_of(engine).keystore.engine)):
        event.listen(each, "before_cursor_execute", lambda *told: asked.append(told[2]))

    exported(engine)
    of_one = len(asked)
    for number in range(2, 9):
        decide_case(engine, cast.alma, number)
    asked.clear()

    assert len(exported(engine)) == 8
    assert len(asked) == of_one
