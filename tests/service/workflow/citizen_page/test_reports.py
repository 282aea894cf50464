"""A fact is said to be wrong: it stops counting at once, and evidence waits for a human look (F-28, D-19)."""

import json

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.log import Event
from service.tables.log import LogEntry
from service.workflow import decision
from service.workflow.case_file import open_file
from service.workflow.caseload import MINE, inbox
from service.workflow.citizen_page import reports
from service.workflow.citizen_page.speaker import PHONE, Speaker
from tests.answered import a_decision, an_answered_case, answer
from tests.builders import a_case, a_judgement
from tests.cast import NOW, TODAY, Cast
from tests.mine import RESTRICTION, a_power, a_report, by_phone, looked_at
from tests.refusals import refuses

SAID = {"choice": "avanceret", "reason_code": "funktion_nu", "key": "decision-9", "now": NOW}


def entries(engine: Engine, event: Event) -> list[dict[str, str]]:
    """What the log says of one kind of event."""
    with reading(engine) as session:
        return [
            json.loads(text) for text in session.exec(select(LogEntry.entry).where(LogEntry.event == event))
        ]


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("findes_ikke", ""),
        ("dage_siden_udskrivning", "Det er regnet forkert."),
        ("funk_mobilitet", "Den er ikke udfyldt endnu."),
        (RESTRICTION, "x" * 1001),
    ],
)
def test_what_cannot_be_wrong_is_refused(question: str, note: str, engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    refuses(
        engine, Refused,
        lambda s: reports.report_wrong(s, case.id, question, note=note, speaker=Speaker(), now=NOW, by=None),
    )  # fmt: skip


def test_a_fact_is_not_said_to_be_wrong_twice_before_somebody_looked(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    a_report(engine, case)
    refuses(
        engine, Refused,
        lambda s: reports.report_wrong(s, case.id, RESTRICTION, note="", speaker=Speaker(), now=NOW, by=None),
    )  # fmt: skip


def test_on_the_phone_it_is_read_back_by_whoever_may_know_the_case(engine: Engine, cast: Cast) -> None:
    case, phone = a_case(engine), Speaker(channel=PHONE)
    for error, by, read_back in (
        (Refused, cast.alma, False), (NotFound, cast.freja, True), (Forbidden, cast.tove, True),
        (ValueError, None, True),
    ):  # fmt: skip
        refuses(
            engine, error,
            lambda s, by=by, read_back=read_back: reports.report_wrong(
                s, case.id, RESTRICTION, note="", speaker=phone, now=NOW, by=by, read_back=read_back
            ),
        )  # fmt: skip


def test_a_representative_without_power_changes_nothing(engine: Engine, cast: Cast) -> None:
    case, other = a_case(engine), a_case(engine, request_id="request-2")
    elsewhere = Speaker(representation_id=a_power(engine, other, cast.alma).id)
    refuses(
        engine, Refused,
        lambda s: reports.report_wrong(s, case.id, RESTRICTION, note="", speaker=elsewhere, now=NOW, by=None),
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "kept", "note": "  "},
        {"outcome": "glemt", "note": "x"},
        {"outcome": "corrected", "value": "findes_ikke", "note": ""},
        {"outcome": "kept", "note": "x" * 1001},
    ],
    ids=["no reason", "no outcome", "no such answer", "too long"],
)
def test_a_look_that_says_nothing_is_refused(said: dict[str, str], engine: Engine, cast: Cast) -> None:
    report = a_report(engine, a_case(engine))
    refuses(
        engine, Refused,
        lambda s: reports.answer_report(s, report.case_id, report.id, now=NOW, by=cast.alma, **said),
    )  # fmt: skip


def test_only_casework_looks_and_only_once(engine: Engine, cast: Cast) -> None:
    report, other = a_report(engine, a_case(engine)), a_case(engine, request_id="request-2")
    said = {"outcome": "kept", "note": "Det står i planen.", "now": NOW}
    refuses(
        engine, Forbidden,
        lambda s: reports.answer_report(s, report.case_id, report.id, by=cast.dorte, **said),
    )  # fmt: skip
    refuses(
        engine, NotFound, lambda s: reports.answer_report(s, other.id, report.id, by=cast.alma, **said)
    )  # fmt: skip
    looked_at(engine, report, cast.alma)
    refuses(
        engine, Conflict, lambda s: reports.answer_report(s, report.case_id, report.id, by=cast.bent, **said)
    )  # fmt: skip


@pytest.mark.requirement("F-28")
def test_evidence_is_withheld_in_its_own_words_until_a_human_has_looked(admitted: Engine, cast: Cast) -> None:
    case = a_case(admitted)
    report = a_report(admitted, case)
    first = a_judgement(admitted, case, cast.alma, read_version=2)
    assert answer(admitted, first.id, cast.alma).reason == "reported_wrong"
    refuses(admitted, Conflict, lambda s: decision.decide(s, case.id, by=cast.alma, **SAID))

    looked_at(admitted, report, cast.alma)
    with reading(admitted) as session:
        version = open_file(session, case.id).facts_version.version
    again = a_judgement(admitted, case, cast.alma, key="again", read_version=version)
    assert answer(admitted, again.id, cast.alma).outcome == "shown"


@pytest.mark.requirement("F-28")
def test_evidence_that_was_shown_is_withdrawn_and_asked_again(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    report = a_report(engine, case)
    refuses(engine, Conflict, lambda s: decision.decide(s, case.id, by=cast.alma, **SAID))
    with reading(engine) as session:
        file = open_file(session, case.id)
        assert (file.evidence_withdrawn, file.waits_for_a_look) == (True, True)
        assert file.facts[RESTRICTION].known is None

    looked_at(engine, report, cast.bent, outcome="corrected", value="delvis", note="")
    refuses(engine, Conflict, lambda s: decision.decide(s, case.id, by=cast.alma, **SAID))
    again = a_judgement(engine, case, cast.alma, key="again", read_version=4)
    assert answer(engine, again.id, cast.alma).outcome == "shown"
    with reading(engine) as session:
        fact = open_file(session, case.id).facts[RESTRICTION]
    assert (fact.value, fact.source, fact.marked_wrong) == ("delvis", "citizen", False)


def test_what_is_kept_stands_as_it_stood(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    with reading(engine) as session:
        before = open_file(session, case.id).facts
    looked_at(engine, a_report(engine, case), cast.alma)
    with reading(engine) as session:
        assert open_file(session, case.id).facts == before


@pytest.mark.requirement("K-10")
def test_it_stands_in_the_inbox_also_when_the_case_is_over(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    with writing(engine) as session:
        decision.plan(
            session, case.id, forms=("gruppe",), team="ortopaedisk", place="center", start_status="frit_valg",
            first_date=None, now=NOW, by=cast.alma,
        )  # fmt: skip
    assert waiting(engine, cast) == []
    report = a_report(engine, case)
    assert waiting(engine, cast) == [case.id]
    looked_at(engine, report, cast.alma)
    assert waiting(engine, cast) == []


def waiting(engine: Engine, cast: Cast) -> list[str]:
    """The cases in Alma's inbox that wait for a look."""
    with reading(engine) as session:
        rows = inbox(session, cast.alma, whose=MINE, search=None, today=TODAY)
    return [row.case_id for row in rows if row.waits_for_a_look]


@pytest.mark.requirement("D-19")
def test_the_log_marks_who_spoke_and_how(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    power = a_power(engine, case, cast.alma)
    a_report(engine, case)
    a_report(engine, case, "faldrisiko", **by_phone(cast.alma))
    a_report(engine, case, "smerte_beskrevet", speaker=Speaker(representation_id=power.id))
    said = [
        (entry["channel"], entry["speaker"], entry.get("actor"), entry.get("read_back"))
        for entry in entries(engine, Event.FACT_REPORTED)
    ]
    assert said == [
        ("own", "citizen", None, None),
        ("phone", "citizen", cast.alma.person_id, True),
        ("own", "representative", None, None),
    ]


def test_no_word_of_it_stands_in_the_open_log(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    report = a_report(engine, case, note="Hemmeligt ord.")
    answered = looked_at(engine, report, cast.alma, note="Endnu et hemmeligt ord.")
    with reading(engine) as session:
        texts = session.exec(select(LogEntry.entry)).all()
        assert log.open_part(session, answered)["text"] == "Endnu et hemmeligt ord."
    assert not [text for text in texts if "emmeligt" in text or RESTRICTION in text]
