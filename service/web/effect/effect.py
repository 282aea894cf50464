"""The effect before and after a stated day, as a page and as a table for a spreadsheet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from sqlmodel import Session

from service.database import reading
from service.errors import NotFound
from service.log import Event
from service.policy import Action
from service.web.current import runtime, today
from service.web.effect.parts import (
    ArmLine,
    arms_of,
    survey_lines,
    table_of_process,
    table_of_sides,
    trust_heads,
    trust_lines,
)
from service.web.effect.reading import (
    Option,
    csv_answer,
    options_of,
    quarter_asked,
    record,
    refuse_other_questions,
    scope_of,
)
from service.web.effect.spreadsheet import effect_csv
from service.web.effect.words import periods_words, saved_words, stop_label
from service.web.forms import FieldView, Typed, text_field
from service.web.guard import current_actor, guarded
from service.web.statistics.parts import Line
from service.workflow.effect import budget, survey, trust
from service.workflow.effect.effect import Effect, effect
from service.workflow.effect.followed import WINDOWS
from service.workflow.effect.quarters import Quarters, read_quarters
from service.workflow.effect.survey import Result
from service.workflow.effect.trust import LEAST_ANSWERS, Trust
from service.workflow.statistics.periods import Period

blueprint = Blueprint("effect", __name__)

FIRST, WEEKS, OPENS, CLOSES = "fra", "uger", "aabner", "lukker"


@dataclass(frozen=True)
class Rounds:
    """The rounds of the survey: those that are over, with their results, and the one that is open."""

    results: tuple[Result, ...]
    lines: tuple[Line, ...]
    open_until: date | None
    fields: tuple[FieldView, ...]
    error: str


@dataclass(frozen=True)
class EffectPage:
    """The page; `found` is None while there is nothing to count."""

    whose: str
    found: Effect | None
    rounds: Rounds
    firsts: tuple[Option, ...] = ()
    windows: tuple[Option, ...] = ()
    before: str = ""
    after: str = ""
    hidden: str = ""
    lines: tuple[Line, ...] = ()
    steps: tuple[Line, ...] = ()
    stopped: tuple[Line, ...] = ()
    arms: tuple[ArmLine, ...] = ()
    saved: str = ""
    trust: Trust | None = None
    trust_heads: tuple[str, ...] = ()
    trust_lines: tuple[Line, ...] = ()
    least_answers: int = LEAST_ANSWERS
    budget: tuple[int, int] = (budget.KEYS_TO_DECIDE, budget.MOST_KEYS_WHOLE_CASE)


@blueprint.get("/effekt")
@guarded(Action.READ_STATISTICS)
def show() -> str:
    """Before and after. That it was read is an entry in the log."""
    return effect_page(None, "")


@blueprint.get("/effekt.csv")
@guarded(Action.EXPORT_STATISTICS)
def download() -> Response:
    """The same numbers as a table, under the same suppression."""
    page = _read(None, "")
    if page.found is None:
        raise NotFound("Der er ingen tal at hente endnu.")
    content = effect_csv(page.found, page.rounds.results, page.trust)
    record(Event.EXPORTED, "effect", page.found.first_after, hashlib.sha256(content).hexdigest())
    return csv_answer(content, f"effekt-{page.found.first_after.code}-{page.found.weeks}-uger")


def effect_page(typed: Typed | None, error: str) -> str:
    """The page, also when a round could not be opened."""
    page = _read(typed, error)
    record(Event.STATISTICS_READ, "effect", page.found.first_after if page.found else None)
    return render_template("effect/effect.html", page=page)


def _read(typed: Typed | None, error: str) -> EffectPage:
    refuse_other_questions(FIRST, WEEKS)
    weeks = _weeks_asked()
    with reading(runtime().engine) as session:
        scope, rounds = scope_of(session), _rounds(session, typed, error)
        first = quarter_asked(scope.quarters.offered, scope.quarters.newest, FIRST)
        if first is None:
            return EffectPage(scope.whose, None, rounds)
        wanted = [each for each in scope.quarters.offered if _is_near(each, first, scope.quarters)]
        cases = read_quarters(session, scope.units, scope.area, wanted, scope.quarters.until)
        found = effect(cases, first, weeks)
        trusted = trust.results(
            session, current_actor().municipality_id, found.after.quarters, scope.quarters.until
        )
    hidden = (*found.before.hidden, *found.after.hidden)
    return EffectPage(
        whose=scope.whose,
        found=found,
        rounds=rounds,
        firsts=options_of(scope.quarters.offered, first),
        windows=tuple(
            Option(str(each), gettext("%(weeks)s uger", weeks=each), each == weeks) for each in WINDOWS
        ),
        before=periods_words(found.before.quarters),
        after=periods_words(found.after.quarters),
        hidden=periods_words(hidden) if hidden else "",
        lines=table_of_sides(found),
        steps=table_of_process(found),
        stopped=_stopped(found),
        arms=arms_of(found),
        saved=saved_words(found),
        trust=trusted,
        trust_heads=trust_heads(),
        trust_lines=trust_lines(trusted),
    )


def _is_near(quarter: Period, first: Period, quarters: Quarters) -> bool:
    """Whether a quarter lies within the year on either side."""
    ordered = sorted(quarters.offered, key=lambda each: each.start)
    return -4 <= ordered.index(quarter) - ordered.index(first) < 4


def _weeks_asked() -> int:
    asked = request.args.get(WEEKS, "") or str(WINDOWS[0])
    if asked not in map(str, WINDOWS):
        raise NotFound("Vælg seks eller otte uger.")
    return int(asked)


def _stopped(found: Effect) -> tuple[Line, ...]:
    sides = [{each.code: each.count for each in side.stopped} for side in (found.before, found.after)]
    codes = sorted({code for side in sides for code in side}, key=stop_label)
    return tuple(
        Line(stop_label(code), tuple(str(side[code]) if code in side else "–" for side in sides))
        for code in codes
    )


def _rounds(session: Session, typed: Typed | None, error: str) -> Rounds:
    actor = current_actor()
    results: Sequence[Result] = survey.results(session, actor.municipality_id, today())
    opened = survey.open_to(session, actor, today())
    return Rounds(
        results=tuple(results),
        lines=survey_lines(results),
        open_until=opened.closes_on if opened else None,
        fields=(
            text_field(OPENS, gettext("Åbner"), typed, type_="date"),
            text_field(CLOSES, gettext("Lukker"), typed, error, type_="date"),
        ),
        error=error,
    )
