"""Saving reading and judgement in one step; a refused one leaves nothing behind but what was typed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.tables.assessment import Assessment
from service.tables.intake import Draft, FactsVersion
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.workflow import intake
from service.workflow.case_file import open_file
from tests.answered import rows
from tests.builders import a_case, an_admission
from tests.cast import NOW, Cast
from tests.parts.web import Clock, Visitor

Visit = Callable[[str], Visitor]
HIDDEN = re.compile(r'<input type="hidden" name="(noegle|aabnet|version)" value="([^"]+)">')
ANSWERS = {"oplysning.funk_mobilitet": "3", "oplysning.funk_krop": "ukendt"}
JUDGEMENT = {"valg": "avanceret", "sikkerhed": "sikker"}


@pytest.fixture
def case_id(engine: Engine, cast: Cast) -> str:
    an_admission(engine, cast.dan)
    return a_case(engine).id


def hidden_of(visitor: Visitor, case_id: str) -> dict[str, str]:
    """What the page of a case sends along unseen."""
    return dict(HIDDEN.findall(visitor.get(f"/sag/{case_id}").text))


def judge(visitor: Visitor, case_id: str, form: dict[str, Any]) -> Any:
    return visitor.post(f"/sag/{case_id}/vurdering", {**hidden_of(visitor, case_id), **form})


def written(engine: Engine) -> tuple[int, ...]:
    return tuple(rows(engine, table) for table in (Assessment, FactsVersion, Suggestion))


@pytest.mark.requirement("F-09")
def test_what_speaks_for_and_against_is_asked_before_the_evidence_and_sealed(
    visit: Visit, engine: Engine, case_id: str
) -> None:
    alma, thought = visit("alma"), "For: hun bor alene. Imod: god hjælp af datteren."
    before = alma.get(f"/sag/{case_id}").text
    assert "Hvad taler for, og hvad taler imod?" in before and "lignende sager</h2>" not in before
    assert alma.get(f"/sag/{case_id}/grundlag").headers["Location"] == f"/sag/{case_id}"

    answer = judge(alma, case_id, {**ANSWERS, **JUDGEMENT, "overvejelse": thought})

    assert answer.headers["Location"] == f"/sag/{case_id}/grundlag"
    assert thought in alma.get(f"/sag/{case_id}/ret").text
    with reading(engine) as session:
        judged = session.exec(select(Assessment)).one()
        assert log.open_part(session, judged)["reflection"] == thought
        assert not [entry for entry in session.exec(select(LogEntry)) if "datteren" in entry.entry]


def test_a_thought_that_is_too_long_is_refused_and_stays_in_the_form(
    visit: Visit, engine: Engine, case_id: str
) -> None:
    alma, before = visit("alma"), written(engine)
    answer = judge(alma, case_id, {**ANSWERS, **JUDGEMENT, "overvejelse": "x" * 4001})

    assert answer.status_code == 422 and "Overvejelsen må højst være på 4000 tegn." in answer.text
    assert "x" * 4001 in answer.text and written(engine) == before


def test_one_form_stores_reading_judgement_and_answer(visit: Visit, engine: Engine, case_id: str) -> None:
    answer = judge(visit("alma"), case_id, {**ANSWERS, **JUDGEMENT})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case_id}/grundlag")
    with reading(engine) as session:
        file = open_file(session, case_id)
    assert file.facts["funk_mobilitet"].value == "3"
    assert file.facts["funk_krop"].value == "ukendt"
    assert file.assessment is not None
    assert (file.assessment.choice, file.assessment.confidence) == ("avanceret", "sikker")
    assert file.assessment.facts_id == file.facts_version.id
    assert file.suggestion is not None
    assert file.suggestion.outcome == "shown"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Vælg, hvad borgeren har brug for."),
        ({"valg": "basal"}, "Vælg, hvor sikker du er."),
        ({"sikkerhed": "sikker"}, "Vælg, hvad borgeren har brug for."),
        ({**JUDGEMENT, "valg": "guld"}, "Vælg, hvad borgeren har brug for."),
        ({**JUDGEMENT, "valg": "rehabilitering"}, "Vælg, hvad borgeren har brug for."),
        ({**JUDGEMENT, "sikkerhed": "100 %"}, "Angiv, hvor sikker du er."),
        ({**JUDGEMENT, "oplysning.funk_krop": "9"}, "Vælg ét svar ved Begrænsning i kroppen"),
        ({**JUDGEMENT, "aabnet": "i går"}, "Siden er ufuldstændig."),
        ({**JUDGEMENT, "noegle": ""}, "Formularen mangler sit nummer."),
    ],
    ids=[
        "nothing",
        "no-confidence",
        "no-level",
        "no-such-level",
        "unlawful",
        "percent",
        "code",
        "time",
        "key",
    ],
)
def test_what_cannot_be_saved_writes_nothing_and_keeps_what_was_typed(
    form: dict[str, str], sentence: str, visit: Visit, engine: Engine, case_id: str
) -> None:
    before = written(engine)
    answer = judge(visit("alma"), case_id, {"oplysning.funk_mobilitet": "4", **form})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert written(engine) == before
    assert re.search(r'name="oplysning.funk_mobilitet" value="4"( checked|>)', answer.text)


def test_the_faults_stand_on_top_and_lead_to_their_fields(visit: Visit, case_id: str) -> None:
    page = judge(visit("alma"), case_id, {}).text

    assert re.search(r'class="error-summary"[^>]* autofocus', page)
    for anchor in ("valg-1", "sikkerhed-1"):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_she_can_save_without_being_shown_anything(visit: Visit, engine: Engine, case_id: str) -> None:
    judge(visit("alma"), case_id, {**JUDGEMENT, "grundlag": "uden"})

    with reading(engine) as session:
        (row,) = session.exec(select(Suggestion)).all()
    assert (row.outcome, row.reason) == ("withheld", "declined")


def test_sending_twice_is_one_judgement(visit: Visit, engine: Engine, case_id: str) -> None:
    alma = visit("alma")
    form = {**hidden_of(alma, case_id), **ANSWERS, **JUDGEMENT}
    first, second = (alma.post(f"/sag/{case_id}/vurdering", form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"] == f"/sag/{case_id}/grundlag"
    assert rows(engine, Assessment) == 1


def test_facts_that_came_while_she_read_are_shown_before_anything_is_saved(
    visit: Visit, engine: Engine, cast: Cast, case_id: str
) -> None:
    alma = visit("alma")
    form = {**hidden_of(alma, case_id), **ANSWERS, **JUDGEMENT}
    with writing(engine) as session:
        intake.record_reading(session, case_id, {"funk_foer": "delvis"}, now=NOW, by=cast.bent)
    answer = alma.post(f"/sag/{case_id}/vurdering", form)

    assert answer.status_code == 409
    assert "Der er kommet nye oplysninger" in answer.text
    assert rows(engine, Assessment) == 0
    assert 'name="oplysning.funk_mobilitet" value="3" checked' in answer.text
    assert 'name="oplysning.funk_foer" value="delvis" checked' in answer.text

    again = alma.post(f"/sag/{case_id}/vurdering", {**form, **dict(HIDDEN.findall(answer.text))})
    assert again.status_code == 303


def test_a_case_that_a_colleague_judged_in_the_meantime_is_not_judged_twice(
    visit: Visit, engine: Engine, cast: Cast, case_id: str
) -> None:
    alma, bent = visit("alma"), visit("bent")
    form = {**hidden_of(alma, case_id), **ANSWERS, **JUDGEMENT}
    judge(bent, case_id, {**ANSWERS, **JUDGEMENT})
    answer = alma.post(f"/sag/{case_id}/vurdering", form)

    assert answer.status_code == 409
    assert "Sagen er vurderet, mens du læste" in answer.text
    assert "Den er nu hos Bent Krogh. Det, du skrev, er ikke gemt." in answer.text
    assert "Det, du havde skrevet, står der stadig" not in answer.text
    assert rows(engine, Assessment) == 1


def test_the_judgement_takes_the_case_and_clears_the_draft(
    visit: Visit, engine: Engine, cast: Cast, case_id: str
) -> None:
    alma = visit("alma")
    alma.get(f"/sag/{case_id}")
    alma.post(f"/sag/{case_id}/kladde", {"valg": "basal"})
    judge(alma, case_id, JUDGEMENT)

    assert rows(engine, Draft) == 0  # type: ignore[arg-type]
    with reading(engine) as session:
        file = open_file(session, case_id)
    assert file.taking is not None
    assert file.taking.person_id == cast.alma.person_id


def test_the_facts_can_be_saved_alone_and_the_judgement_stays_a_draft(
    visit: Visit, engine: Engine, case_id: str
) -> None:
    alma = visit("alma")
    form = {**hidden_of(alma, case_id), **ANSWERS, "valg": "basal"}
    assert alma.post(f"/sag/{case_id}/oplysninger", form).status_code == 303

    assert rows(engine, Assessment) == 0
    page = alma.get(f"/sag/{case_id}").text
    assert 'name="valg" value="basal" checked' in page
    assert 'name="oplysning.funk_mobilitet" value="3" checked' in page


def test_before_the_judgement_nothing_of_an_answer_is_on_the_page(visit: Visit, case_id: str) -> None:
    page = visit("alma").get(f"/sag/{case_id}")

    for word in ("lignende sager", "13 af 20", "trak beregningen", "peger mod"):
        assert word not in page.text
        assert word not in str(page.headers)


def test_an_answer_that_cannot_be_logged_is_not_shown_and_the_judgement_stands(
    visit: Visit, engine: Engine, case_id: str
) -> None:
    alma = visit("alma")
    form = {**hidden_of(alma, case_id), **ANSWERS, **JUDGEMENT}
    with engine.connect() as blocker:
        blocker.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries WHEN NEW.event LIKE 'suggestion:%'"
            " BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
        blocker.commit()
    answer = alma.post(f"/sag/{case_id}/vurdering", form)

    assert answer.status_code == 503
    assert "Din vurdering er gemt." in answer.text
    assert "Intet er gemt" not in answer.text
    assert 'name="valg" value="avanceret"' in answer.text
    assert rows(engine, Suggestion) == 0
    assert rows(engine, Assessment) == 1


def test_when_she_began_reading_is_kept(visit: Visit, engine: Engine, case_id: str, clock: Clock) -> None:
    alma = visit("alma")
    form = {**hidden_of(alma, case_id), **JUDGEMENT}
    clock.at += timedelta(minutes=7)
    alma.post(f"/sag/{case_id}/vurdering", form)

    with reading(engine) as session:
        (judged,) = session.exec(select(Assessment)).all()
    assert judged.at - judged.opened_at == timedelta(minutes=7)
    assert judged.opened_at == NOW


def test_no_typed_word_reaches_the_open_log(visit: Visit, engine: Engine, case_id: str) -> None:
    judge(visit("alma"), case_id, {**ANSWERS, **JUDGEMENT})

    with reading(engine) as session:
        entries = "".join(entry.entry for entry in session.exec(select(LogEntry)))
    for word in ("funk_mobilitet", "Agnes", "7102479995", "avanceret"):
        assert word not in entries
