"""A case as those who oversee it see it: every entry in order, and whatever was changed does not fit."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from service import log
from service.database import reading, writing
from service.errors import NotFound
from service.log import Event
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.oversight import Retirement
from service.workflow import assessment, decision, erasure
from service.workflow.case_file import open_file
from service.workflow.oversight import find_by_serial, looks_at
from service.workflow.oversight.proof import Content
from tests.answered import an_answered_case, answer
from tests.cast import NOW, Cast
from tests.look_ups import at, look
from tests.overseen import of_event, seen
from tests.parts.citizens import STEP, plant
from tests.parts.town import ORDER
from tests.service.signer.bench import Bench, tampered

Tampering = tuple[str, str, str]
REPLACED = "UPDATE log_entries SET entry = replace(entry, {}, {}) WHERE shard = :shard AND seq = :seq"


def test_every_entry_of_the_case_stands_there_once_in_the_order_of_the_log(
    engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    an_answered_case(engine, cast, number=2)
    found = seen(engine, decided.case_id, bench)

    with engine.connect() as connection:
        query = text("SELECT shard, seq FROM log_entries WHERE entry LIKE :case AND shard LIKE 'decisions/%'"
                     " ORDER BY shard, seq")  # fmt: skip
        there = [tuple(row) for row in connection.execute(query, {"case": f"%{decided.case_id}%"})]
    assert [(moment.shard, moment.seq) for moment in found.moments] == there
    assert [moment.number for moment in found.moments] == list(range(1, len(there) + 1))
    assert [moment.event for moment in found.moments][-3:] == [
        "assessment:recorded", "suggestion:shown", "decision:made",
    ]  # fmt: skip
    assert {moment.proof.content for moment in found.moments} == {Content.FITS}
    assert found.broken == ()
    assert of_event(found, "decision:made").person_id == cast.alma.person_id


@pytest.mark.requirement("F-17", "SK-17")
def test_the_order_of_the_entries_proves_that_the_judgement_came_first(
    engine: Engine, decided: Decision, bench: Bench
) -> None:
    found = seen(engine, decided.case_id, bench)
    judged, shown = of_event(found, "assessment:recorded"), of_event(found, "suggestion:shown")

    assert judged.number < shown.number
    assert judged.judged_first and found.judged_first
    assert not any(moment.judged_first for moment in found.moments if moment is not judged)


def test_where_nothing_was_shown_nothing_is_said_of_the_order(
    engine: Engine, cast: Cast, bench: Bench
) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    found = seen(engine, case.id, bench)

    assert of_event(found, "suggestion:withheld")
    assert not found.judged_first
    assert not any(moment.judged_first for moment in found.moments)


TAMPERINGS: dict[str, Tampering] = {
    "a decision": ("UPDATE decisions SET choice = 'basal' WHERE id = :id", "decision:made", "choice"),
    "who decided": ("UPDATE decisions SET person_id = :other WHERE id = :id", "decision:made", "person_id"),
    "the judgement": (
        "UPDATE assessments SET choice = 'basal' WHERE case_id = :case", "assessment:recorded", "choice",
    ),
    "that it was blind": (
        "UPDATE assessments SET confidence = 'tvivl' WHERE case_id = :case", "assessment:recorded",
        "confidence",
    ),
    "what most cases got": (
        "UPDATE suggestions SET reference_level = 'basal' WHERE case_id = :case", "suggestion:shown",
        "reference_level",
    ),
}  # fmt: skip


@pytest.mark.requirement("K-20")
@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_row_does_not_fit_and_the_log_says_what_was_written(
    what: str, engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    statement, event, column = TAMPERINGS[what]
    before = seen(engine, decided.case_id, bench)
    values = {"id": decided.id, "case": decided.case_id, "other": cast.bent.person_id}
    tampered(engine, statement, **{name: value for name, value in values.items() if f":{name}" in statement})
    found = seen(engine, decided.case_id, bench)

    (broken,) = found.broken
    assert broken.event == event
    (difference,) = broken.proof.differences
    written = getattr(of_event(before, event).row, column)
    assert (difference.column, difference.proved) == (column, str(written))
    assert difference.stands != difference.proved


@pytest.mark.parametrize("event", ["assessment:recorded", "suggestion:shown"])
def test_a_changed_row_proves_nothing_of_the_order(
    event: str, engine: Engine, decided: Decision, bench: Bench
) -> None:
    column = {"assessment:recorded": ("assessments", "confidence", "tvivl"),
              "suggestion:shown": ("suggestions", "mode", "forslag")}[event]  # fmt: skip
    table, name, value = column
    tampered(engine, f"UPDATE {table} SET {name} = '{value}' WHERE case_id = :case", case=decided.case_id)
    found = seen(engine, decided.case_id, bench)

    assert [moment.event for moment in found.broken] == [event]
    assert not found.judged_first


def test_a_row_that_is_gone_is_missed(engine: Engine, decided: Decision, bench: Bench) -> None:
    tampered(engine, "DELETE FROM decisions WHERE id = :id", id=decided.id)
    (broken,) = seen(engine, decided.case_id, bench).broken

    assert broken.event == "decision:made"
    assert broken.proof.findings == ("the row in decisions is missing",)


def test_an_entry_that_is_gone_is_missed_by_its_row(engine: Engine, decided: Decision, bench: Bench) -> None:
    where = {"shard": decided.shard, "seq": decided.log_seq}
    tampered(engine, "DELETE FROM log_entries WHERE shard = :shard AND seq = :seq", **where)
    (broken,) = seen(engine, decided.case_id, bench).broken

    assert (broken.seq, broken.at, broken.event) == (decided.log_seq, None, "")
    assert broken.proof.findings == ("the entry is missing",)


def test_a_part_that_does_not_open_says_so(engine: Engine, decided: Decision, bench: Bench) -> None:
    tampered(engine, "UPDATE personal_parts SET content = zeroblob(64) WHERE id = :id", id=decided.part_id)
    (broken,) = seen(engine, decided.case_id, bench).broken

    assert "cannot be opened" in " ".join(broken.proof.findings)
    assert broken.proof.differences == ()


def test_a_correction_stands_beside_what_it_replaces(
    engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    with writing(engine) as session:
        decision.decide(
            session, decided.case_id, choice="basal", reason_code="kapacitet", key="again", now=NOW,
            by=cast.alma, replaces=decided.id,
        )  # fmt: skip
    found = seen(engine, decided.case_id, bench)
    first, second = of_event(found, "decision:made"), of_event(found, "decision:corrected")

    assert (second.replaces, first.replaced_by) == (first.number, second.number)
    assert (first.replaces, second.replaced_by) == (None, None)
    assert found.broken == ()


def test_a_judgement_after_the_evidence_is_not_called_first(
    engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    with writing(engine) as session:
        file = open_file(session, decided.case_id)
        assert file.assessment is not None
        again = assessment.record(
            session, decided.case_id, facts_id=file.facts_version.id, choice="basal", confidence="tvivl",
            wants_evidence=True, opened_at=NOW, key="again", now=NOW, by=cast.alma,
            replaces=file.assessment.id,
        )  # fmt: skip
    answer(engine, again.id, cast.alma)
    found = seen(engine, decided.case_id, bench)

    assert [moment.judged_first for moment in found.moments if isinstance(moment.row, Assessment)] == [
        True, False,
    ]  # fmt: skip


def test_an_erased_case_has_its_entries_and_nothing_else(
    engine: Engine, cast: Cast, bench: Bench, tmp_path: Path
) -> None:
    an_answered_case(engine, cast)
    person = plant(engine, cast.alma, 777)
    bench.seal()
    erasure.erase(engine, tmp_path / "seals" / "e.jsonl", [person.citizen_id], ORDER, now=NOW + 5 * STEP)
    found = seen(engine, person.case.id, bench)

    assert found.erased and found.broken == ()
    erased = [moment for moment in found.moments if moment.proof.content is Content.ERASED]
    assert len(erased) == len(found.moments) - 1
    assert found.moments[-1].event == "key:shredded"
    assert found.sealed == len(erased)
    assert not found.judged_first  # nothing can be held against its row any more


def test_a_case_is_found_by_its_number_in_ones_own_municipality(
    engine: Engine, cast: Cast, decided: Decision
) -> None:
    with reading(engine) as session:
        case = open_file(session, decided.case_id).case
        assert find_by_serial(session, case.serial, cast.dorte).id == case.id
        for serial, by in ((case.serial, cast.carla), (case.serial + 1, cast.dorte)):
            with pytest.raises(NotFound):
                find_by_serial(session, serial, by)


def test_who_looked_is_gathered_by_person_day_and_purpose(
    engine: Engine, cast: Cast, decided: Decision
) -> None:
    other = an_answered_case(engine, cast, number=2)
    with reading(engine) as session:
        case = open_file(session, decided.case_id).case
    look(engine, cast.alma, case, at(4), at(4, 10, 20), at(5))
    look(engine, cast.dorte, case, at(28), purpose="klage")
    look(engine, cast.bent, other, at(6))
    with reading(engine) as session:
        found = looks_at(session, case.id).looks

    told = [(each.person_id, len(each.times), each.purpose) for each in found]
    assert told == [
        (cast.alma.person_id, 2, "sagsbehandling"), (cast.alma.person_id, 1, "sagsbehandling"),
        (cast.dorte.person_id, 1, "klage"),
    ]  # fmt: skip


def test_an_entry_that_was_made_to_name_another_case_is_found_by_its_row(
    engine: Engine, decided: Decision, bench: Bench
) -> None:
    other = "0" * 32
    tampered(
        engine, REPLACED.format(":case", ":other"),
        case=decided.case_id, other=other, shard=decided.shard, seq=decided.log_seq,
    )  # fmt: skip
    (broken,) = seen(engine, decided.case_id, bench).broken

    assert broken.seq == decided.log_seq
    assert "decisions.case_id is not the entry's case" in broken.proof.findings
    assert "the entry does not fit its leaf hash" in broken.proof.findings


def test_a_look_that_was_changed_says_nothing(engine: Engine, cast: Cast, decided: Decision) -> None:
    with reading(engine) as session:
        case = open_file(session, decided.case_id).case
    first, second = look(engine, cast.alma, case, at(4), at(5))
    tampered(
        engine, REPLACED.format(":hers", ":his"),
        hers=cast.alma.person_id, his=cast.bent.person_id, shard=first.shard, seq=first.seq,
    )  # fmt: skip
    with reading(engine) as session:
        found = looks_at(session, case.id)

    assert found.damaged == ((first.shard, first.seq),)
    assert [(one.person_id, one.seq) for one in found.looks] == [(cast.alma.person_id, second.seq)]


def test_where_a_year_is_retired_its_numbers_and_seals_stand(
    engine: Engine, cast: Cast, bench: Bench, tmp_path: Path
) -> None:
    """What retirement leaves of an erased case: no text to prove anything with, and nothing that is wrong."""
    an_answered_case(engine, cast)
    person = plant(engine, cast.alma, 777)
    bench.seal()
    erasure.erase(engine, tmp_path / "e.jsonl", [person.citizen_id], ORDER, now=NOW + 5 * STEP)
    size = bench.checkpoint(person.case.shard).size  # type: ignore[union-attr]
    row = Retirement(
        at=NOW + timedelta(days=800), retired_shard=person.case.shard, size=size, root="", checkpoint="",
        reason="Fristen er udløbet.", operator="uid:0",
    )  # fmt: skip
    with writing(engine) as session:
        log.append(session, Event.SHARD_RETIRED, at=row.at, by=None, row=row)
        session.commit()
    tampered(engine, "UPDATE log_entries SET entry = '' WHERE shard = :shard", shard=person.case.shard)
    found = seen(engine, person.case.id, bench)

    assert found.broken == ()
    assert {moment.proof.content for moment in found.moments} == {Content.RETIRED}
    assert found.sealed == len(found.moments) - 1  # the erasure itself was not sealed yet
    assert all(moment.at is not None for moment in found.moments)
