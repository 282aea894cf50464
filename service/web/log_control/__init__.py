"""The log control: draw a sample of look-ups, review each, and see in numbers how the control goes.

Here employees are named, so every page that is shown is an entry in the access log, before it is shown.
"""

from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service import log
from service.database import reading, writing
from service.errors import NotFound, Refused
from service.log import Event
from service.policy import Action
from service.tables.oversight import FINDINGS, LogSample
from service.web.current import now, runtime, today
from service.web.decision.planning_form import first_of
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field, typed_in
from service.web.guard import current_actor, guarded
from service.web.log_control.page import (
    look_up_page,
    overview_page,
    sample_lines,
    sample_page,
    waiting_after,
)
from service.web.log_control.words import finding_words, state_words
from service.workflow import log_control
from service.workflow.log_control.draw import MOST, newest_period
from service.workflow.log_control.look_ups import find
from service.workflow.log_control.reviews import find_sample, place_of

blueprint = Blueprint("log_control", __name__)

FROM, TO, COUNT, SEED = "fra", "til", "antal", "froe"
FINDING, NOTE, REPLACES = "fund", "note", "erstatter"
FIELDS = {
    "starts_on": FROM, "ends_on": TO, "wanted": COUNT, "seed": SEED, "finding": FINDING, "note": NOTE,
}  # fmt: skip
USUAL_COUNT = "20"


@dataclass(frozen=True)
class DrawForm:
    """The fields of a new sample, filled in so that it can be drawn at once."""

    starts_on: FieldView
    ends_on: FieldView
    count: FieldView
    seed: FieldView

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.starts_on, self.ends_on, self.count, self.seed))


@dataclass(frozen=True)
class ReviewForm:
    """The fields of a review, and which one it replaces ("" for none)."""

    finding: FieldView
    note: FieldView
    replaces: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.finding, self.note))


@blueprint.get("/logkontrol")
@guarded(Action.CONTROL_LOG)
def show() -> ResponseReturnValue:
    """Every sample, and a form to draw a new one."""
    return _list()


@blueprint.post("/logkontrol")
@guarded(Action.CONTROL_LOG)
def draw() -> ResponseReturnValue:
    """Draw a sample; the same again leads to the one that is there."""
    typed = typed_in(request.form)
    try:
        sample = log_control.draw(
            runtime().engine,
            starts_on=_date(typed, FROM, "starts_on"),
            ends_on=_date(typed, TO, "ends_on"),
            wanted=_count(typed),
            seed=first_of(typed, SEED).strip(),
            now=now(),
            by=current_actor(),
        )
    except Refused as refused:
        return _list(typed, {FIELDS[refused.field or "starts_on"]: refused.sentence})
    if sample.at == now():
        flash(gettext("Stikprøven er trukket: %(count)s opslag.", count=len(sample.lookups)))
    else:
        flash(gettext("Den stikprøve var trukket i forvejen."))
    return redirect(f"/logkontrol/{sample.id}", 303)


@blueprint.get("/logkontrol/overblik")
@guarded(Action.CONTROL_LOG)
def overview() -> str:
    """A year of control in numbers."""
    actor = current_actor()
    year = request.args.get("aar", "")
    chosen = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else today().year
    _record("overview")
    with reading(runtime().engine) as session:
        found = log_control.overview(session, actor.municipality_id, chosen)
        page = overview_page(session, found, actor)
    return render_template("log_control/overview.html", page=page)


@blueprint.get("/logkontrol/<sample_id>")
@guarded(Action.CONTROL_LOG)
def sample(sample_id: str) -> str:
    """The look-ups of a sample, and which of them wait."""
    with reading(runtime().engine) as session:
        found = find_sample(session, sample_id, current_actor())
    _record("sample", found)
    with reading(runtime().engine) as session:
        page = sample_page(session, found, current_actor())
    return render_template("log_control/sample.html", page=page, words=state_words())


@blueprint.get("/logkontrol/<sample_id>/<number>")
@guarded(Action.CONTROL_LOG)
def look_up(sample_id: str, number: str) -> ResponseReturnValue:
    """One look-up, and a form for what was found."""
    return _look_up(sample_id, _number(number))


@blueprint.post("/logkontrol/<sample_id>/<number>")
@guarded(Action.CONTROL_LOG)
def review(sample_id: str, number: str) -> ResponseReturnValue:
    """Store what was found, and go on with the next that waits."""
    typed, chosen, actor = typed_in(request.form), _number(number), current_actor()
    try:
        with writing(runtime().engine) as session:
            log_control.review(
                session,
                sample_id,
                chosen,
                finding=first_of(typed, FINDING),
                note=first_of(typed, NOTE),
                replaces=first_of(typed, REPLACES) or None,
                now=now(),
                by=actor,
            )
    except Refused as refused:
        return _look_up(sample_id, chosen, typed, {FIELDS[refused.field or "finding"]: refused.sentence})
    with reading(runtime().engine) as session:
        onward = waiting_after(session, find_sample(session, sample_id, actor), chosen, actor)
    if onward is not None:
        return redirect(f"/logkontrol/{sample_id}/{onward}", 303)
    flash(gettext("Gemt. Der er ikke flere opslag, som du mangler at gennemgå i stikprøven."))
    return redirect(f"/logkontrol/{sample_id}", 303)


def _list(typed: Typed | None = None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    _record("list")
    with reading(runtime().engine) as session:
        lines = sample_lines(session, current_actor())
    form = _draw_form(typed, errors or {})
    page = render_template("log_control/list.html", lines=lines, form=form)
    return make_response(page, 422 if errors else 200)


def _look_up(
    sample_id: str, number: int, typed: Typed | None = None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    with reading(runtime().engine) as session:
        found = find_sample(session, sample_id, current_actor())
        looked = find(session, *place_of(found, number))
    _record("look_up", found)
    with reading(runtime().engine) as session:
        page = look_up_page(session, found, number, looked, current_actor())
    form = _review_form(page.review.id if page.review else "", typed, errors or {})
    html = render_template(
        "log_control/look_up.html", page=page, form=form, words=state_words(), is_open=page.review is None
    )
    return make_response(html, 422 if errors else 200)


def _record(what: str, of: LogSample | None = None) -> None:
    """Write to the access log who reads it; if it cannot be written, nothing is shown."""
    with writing(runtime().engine) as session:
        log.append(
            session, Event.ACCESS_READ, at=now(), by=current_actor(), what=what, sample=of.id if of else None
        )
        session.commit()


def _draw_form(typed: Typed | None, errors: dict[str, str]) -> DrawForm:
    start, end = newest_period(today())
    usual = {FROM: [start.isoformat()], TO: [end.isoformat()], COUNT: [USUAL_COUNT], SEED: [token_hex(6)]}
    held = {**usual, **(typed or {})}

    def field(name: str, label: str, help_: str = "", type_: str = "text") -> FieldView:
        return text_field(name, label, held, errors.get(name, ""), help_, type_)

    return DrawForm(
        starts_on=field(FROM, gettext("Fra og med"), type_="date"),
        ends_on=field(TO, gettext("Til og med"), type_="date"),
        count=field(COUNT, gettext("Antal opslag (1–%(most)s)", most=MOST), type_="number"),
        seed=field(SEED, gettext("Frø"), gettext("Afgør lodtrækningen. Samme frø giver samme stikprøve.")),
    )


def _review_form(current: str, typed: Typed | None, errors: dict[str, str]) -> ReviewForm:
    options = [(code, finding_words()[code]) for code in FINDINGS]
    return ReviewForm(
        finding=choice_field(
            FINDING, gettext("Hvad fandt du?"), options, typed, errors.get(FINDING, "")
        ),
        note=text_field(
            NOTE, gettext("Note"), typed, errors.get(NOTE, ""),
            gettext("Skal skrives, medmindre alt er i orden. Den forsegles sammen med sagen."),
        ),
        replaces=first_of(typed, REPLACES) if typed else current,
    )  # fmt: skip


def _date(typed: Typed, field: str, name: str) -> date:
    try:
        return date.fromisoformat(first_of(typed, field).strip())
    except ValueError:
        raise Refused(gettext("Skriv en dato."), field=name) from None


def _count(typed: Typed) -> int:
    text = first_of(typed, COUNT).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise NotFound
    return int(text)
