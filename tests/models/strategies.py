"""Hypothesis strategies: answers and decided cases of any area."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from models.decided_case import LEGACY_SOURCES
from models.declaration import UNKNOWN, Area, Arrival, Kind, Question, Source
from models.export_head import PHASES
from models.facts import Fact, complete
from models.instants import local_date
from models.labels import source_of
from models.record import DecidedCase, Outcome

RECEIVED = date(2026, 3, 2)
DECIDED = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
TERMS = {"aktionsdiagnose_sks": ("DS721", "DI639", "DM171"), "maerke": ("AB1", "XY9")}


def known_values(question: Question, received_on: date = RECEIVED) -> st.SearchStrategy[Any]:
    """Values a question takes, UNKNOWN and None left out."""
    if question.kind in (Kind.CHOICE, Kind.SCALE):
        return st.sampled_from(question.code_values)
    if question.kind is Kind.COUNT:
        return st.integers(question.low, question.high)
    if question.kind is Kind.SHARE:
        return st.floats(0, 1)
    if question.kind is Kind.SET:
        return st.frozensets(st.sampled_from(question.code_values))
    if question.kind is Kind.DATE:
        return st.integers(question.low, question.high).map(lambda days: received_on + timedelta(days))
    return st.sampled_from(TERMS[question.name])


def values(question: Question) -> st.SearchStrategy[Any]:
    """Values a question takes, with not answered and not known."""
    return st.none() | st.just(UNKNOWN) | known_values(question)


@st.composite
def asked(draw: st.DrawFn, area: Area) -> dict[str, Fact]:
    """Answers to the questions that are asked, each known before the decision."""
    times = st.none() | st.integers(0, 10**7).map(lambda ago: DECIDED - timedelta(seconds=ago))
    return {
        question.name: Fact(
            draw(values(question)), draw(st.sampled_from(Source)), draw(times), draw(st.booleans())
        )
        for question in area.questions
        if not question.computed
    }


@st.composite
def decided_cases(draw: st.DrawFn, area: Area) -> DecidedCase:
    """Decided cases that do not contradict themselves."""
    arrival = Arrival(RECEIVED, RECEIVED - timedelta(draw(st.integers(0, 30))), None, None, None)
    plan_type = area.plan_types[0].code if area.plan_types else ""
    choices = [option.code for option in area.options(plan_type, local_date(DECIDED))]
    levels, maybe = st.sampled_from(area.level_codes), st.none
    shown = draw(st.booleans())
    case = DecidedCase(
        request_id=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,20}", fullmatch=True)),
        area=area.name,
        municipality="0999",
        received_on=arrival.received_on,
        discharged_on=arrival.discharged_on,
        start_after=draw(maybe() | st.dates(RECEIVED, date(2026, 12, 31))),
        contact_from=None,
        contact_to=None,
        plan_type=plan_type,
        decided_at=DECIDED,
        facts=complete(area, draw(asked(area)), arrival, DECIDED),
        own_level=draw(maybe() | st.sampled_from(choices)),
        own_corrected_after_evidence=draw(st.booleans()),
        reference_level=draw(maybe() | levels),
        model_level=draw(maybe() | levels),
        model_version=draw(maybe() | st.just("v-1")),
        final_level=draw(maybe() | st.sampled_from(choices)),
        reason_code=draw(maybe() | st.sampled_from([code.code for code in area.reasons])),
        arm=draw(st.sampled_from(("evidence", "control", "none"))),
        shown=shown,
        withheld_reason=None if shown else draw(maybe() | st.just("declined")),
        label_source="unknown",
        phase=draw(maybe() | st.sampled_from(PHASES)),
        origin=draw(st.sampled_from(("history", "skoen"))),
        forms=tuple(code.code for code in area.forms if draw(st.booleans())),
        team=draw(maybe() | st.sampled_from([code.code for code in area.teams])),
        place=draw(maybe() | st.sampled_from([code.code for code in area.places])),
        outcome=Outcome(
            draw(maybe() | st.sampled_from([code.code for code in area.outcomes])),
            draw(maybe() | st.booleans()),
            draw(maybe() | st.booleans()),
            draw(maybe() | st.integers(0, 90)),
            draw(maybe() | st.integers(0, 60)),
        ),
    )
    sources = LEGACY_SOURCES if case.origin == "history" else (source_of(area, case), "unknown")
    judged = maybe() if case.own_level is None else maybe() | st.just(DECIDED - timedelta(hours=1))
    return replace(case, label_source=draw(st.sampled_from(sources)), judged_at=draw(judged))
