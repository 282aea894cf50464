"""Which of the invented courses are reported on, and how each of their stories goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.record import DecidedCase, Outcome
from training.chance import stream
from training.delivery_reports import STORIES, Report, reports_of
from training.plan_text import diagnosis_text
from training.referrals import InventedReferral, citizen_of
from training.report_resources import Course
from training.scene import Scene

RECENT = 400
CLEAR = 2.0
"""Log-odds from which a need is so clear that the level decided here can be told beforehand."""
CHANGED = "changed"
"""Beside the stories: a completed course whose level was changed on the way."""
ELSEWHERE_FROM = 10
ELSEWHERE = 2
"""From this many courses on, so many have their level set by somebody else while the case waits here."""


@dataclass(frozen=True)
class Told:
    """The referrals, marked where a report sets their level, and the reports in the order they were sent."""

    referrals: tuple[InventedReferral, ...]
    files: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class _Candidate:
    row: int
    outcome: Outcome
    level: str | None
    forms: tuple[str, ...]
    offset: int
    decided_later: bool = False


def invent_reports(
    scene: Scene, history: tuple[DecidedCase, ...], referrals: tuple[InventedReferral, ...], courses: int
) -> Told:
    """Reports on so many courses of the first municipality; none where the area has no report codes."""
    if courses == 0 or "reports" not in scene.assumed.words:
        return Told(referrals, ())
    elsewhere = _elsewhere(scene, referrals) if courses >= ELSEWHERE_FROM else ()
    chosen = list(_chosen(scene, history, referrals, courses - len(elsewhere)))
    chosen += [(each, "elsewhere") for each in elsewhere]
    reports = [report for candidate, story in chosen for report in _reports(scene, candidate, story)]
    ordered = sorted(reports, key=lambda pair: (pair[1].sent_on, pair[0], pair[1].name))
    files = tuple(
        (f"{report.sent_on.isoformat()}-{number:03d}-{report.name}.json", report.bundle)
        for number, (_, report) in enumerate(ordered, start=1)
    )
    return Told(_marked(scene, referrals, elsewhere), files)


def _reports(scene: Scene, candidate: _Candidate, story: str) -> list[tuple[str, Report]]:
    rng = stream(scene.seed, f"reports {candidate.row}")
    course = _course(scene, candidate, story)
    return [
        (course.request_id, report) for report in reports_of(scene.assumed.words, course, scene.as_of, rng)
    ]


def _course(scene: Scene, candidate: _Candidate, story: str) -> Course:
    arrival = scene.people.arrivals[candidate.row]
    term = _term(scene, candidate.row)
    offered = max(arrival.received_on + timedelta(days=candidate.offset), arrival.discharged_on)
    return Course(
        request_id=scene.request_ids[candidate.row],
        citizen=citizen_of(scene, candidate.row),
        plan_type=scene.assumed.area.plan_types[0].code,
        diagnosis=term,
        diagnosis_text=diagnosis_text(scene.assumed.words, term),
        received_on=arrival.received_on,
        discharged_on=arrival.discharged_on,
        offered_on=_weekday(offered),
        level=candidate.level,
        decided_later=candidate.decided_later,
        changed_to=_changed_to(scene, candidate),
        forms=candidate.forms,
        story=story,
    )


def _changed_to(scene: Scene, candidate: _Candidate) -> str | None:
    if candidate.level is None or not candidate.outcome.level_changed:
        return None
    codes = scene.assumed.area.level_codes
    return codes[(codes.index(candidate.level) + 1) % len(codes)]


def _term(scene: Scene, row: int) -> str:
    codes = {code for group in scene.assumed.groups.values() for code in group["codes"]}
    return next(
        value for value in scene.people.true[row].values() if isinstance(value, str) and value in codes
    )


def _chosen(
    scene: Scene, history: tuple[DecidedCase, ...], referrals: tuple[InventedReferral, ...], courses: int
) -> Iterator[tuple[_Candidate, str]]:
    """The stories in turn, each told of a course that went that way, plans that wait here first."""
    called = scene.assumed["practice"]["outcomes"]
    waiting = [*_from_referrals(scene, referrals), *_from_history(scene, history)]
    stories = (*STORIES, CHANGED)
    for number in range(courses):
        story = stories[number % len(stories)]
        is_changed = story == CHANGED
        story = "completed" if is_changed else story
        status = called.get("under_way" if story == "withdrawn" else story)
        fits = (
            each
            for each in waiting
            if each.outcome.status == status and (_changed_to(scene, each) is not None or not is_changed)
        )
        found = next(fits, None)
        if found is None:
            continue
        waiting.remove(found)
        yield found, story


def _from_referrals(scene: Scene, referrals: tuple[InventedReferral, ...]) -> Iterator[_Candidate]:
    """Plans that wait here are decided here; reports tell clear levels and changed ones afterwards."""
    for each in referrals:
        if each.row < scene.inbox_from and scene.people.municipality[each.row] == 0:
            fitting = int(scene.need.fitting_level()[each.row])
            given = scene.given(each.row, fitting)
            is_clear = abs(float(scene.need.log_odds[each.row])) >= CLEAR
            is_told = is_clear or given.outcome.level_changed
            level = scene.assumed.area.level_codes[fitting] if is_told else None
            yield _Candidate(each.row, given.outcome, level, given.forms, given.offset, decided_later=True)


def _from_history(scene: Scene, history: tuple[DecidedCase, ...]) -> Iterator[_Candidate]:
    place = {request_id: row for row, request_id in enumerate(scene.request_ids)}
    first = scene.assumed["municipalities"]["codes"][0]
    for case in history[-RECENT:]:
        if case.municipality == first:
            row = place[case.request_id]
            level = scene.assumed.area.level_codes.index(str(case.final_level))
            given = scene.given(row, level)
            yield _Candidate(row, case.outcome, case.final_level, given.forms, given.offset)


def _elsewhere(scene: Scene, referrals: tuple[InventedReferral, ...]) -> tuple[_Candidate, ...]:
    """The last plans before the inbox whose level somebody else has set."""
    mine = [
        each for each in referrals if each.row < scene.inbox_from and scene.people.municipality[each.row] == 0
    ]
    found = []
    for each in mine[-ELSEWHERE:]:
        level = int(scene.need.fitting_level()[each.row])
        given = scene.given(each.row, level)
        code = scene.assumed.area.level_codes[level]
        found.append(_Candidate(each.row, given.outcome, code, given.forms, given.offset))
    return tuple(found)


def _marked(
    scene: Scene, referrals: tuple[InventedReferral, ...], elsewhere: tuple[_Candidate, ...]
) -> tuple[InventedReferral, ...]:
    levels = {candidate.row: candidate.level for candidate in elsewhere}
    return tuple(
        replace(each, simulation=each.simulation | {"level_elsewhere": levels.get(each.row)})
        for each in referrals
    )


def _weekday(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
