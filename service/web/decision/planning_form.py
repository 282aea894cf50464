"""The planning form: how the decision is carried out. Nothing is chosen beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext

from models.answers import read_date
from models.declaration import Area, Code
from service.errors import Refused
from service.tables.decision import Planning
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field

FORMS, TEAM, PLACE, START, FIRST = "forms", "team", "place", "start_status", "first_date"
"""The fields, named as the workflow names them."""


@dataclass(frozen=True)
class PlanningForm:
    """The form as the page shows it."""

    forms: FieldView
    team: FieldView
    place: FieldView
    start: FieldView
    first: FieldView

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.forms, self.team, self.place, self.start, self.first))


def planning_form(area: Area, typed: Typed | None, errors: Mapping[str, str]) -> PlanningForm:
    """The form of a case; only what was typed, or planned before, is chosen in it."""

    def one_of(field: str, label: str, codes: tuple[Code, ...]) -> FieldView:
        listed = [(code.code, code.label) for code in codes]
        return choice_field(field, label, listed, typed, errors.get(field, ""))

    forms = one_of(FORMS, gettext("Form (vælg gerne flere)"), area.forms)
    first = text_field(
        FIRST,
        gettext("Første aftale"),
        typed,
        errors.get(FIRST, ""),
        gettext("Kan stå tom, når opstarten ikke er aftalt endnu."),
        "date",
    )
    return PlanningForm(
        forms=replace(forms, widget="boxes"),
        team=one_of(TEAM, gettext("Team"), area.teams),
        place=one_of(PLACE, gettext("Sted"), area.places),
        start=one_of(START, gettext("Opstart"), area.start_statuses),
        first=first,
    )


def as_typed(planning: Planning | None) -> Typed | None:
    """What was planned before, as the form would send it; None before there is a plan."""
    if planning is None:
        return None
    return {
        FORMS: planning.forms,
        TEAM: [planning.team],
        PLACE: [planning.place],
        START: [planning.start_status],
        FIRST: [planning.first_date.isoformat() if planning.first_date else ""],
    }


def missing(typed: Typed) -> dict[str, str]:
    """The sentences for what was not filled in, so that everything is said at once."""
    sentences = {
        FORMS: gettext("Vælg mindst én form."),
        TEAM: gettext("Vælg team."),
        PLACE: gettext("Vælg sted."),
        START: gettext("Vælg, hvordan opstarten er aftalt."),
    }
    return {field: sentence for field, sentence in sentences.items() if not any(typed.get(field, ()))}


def first_date_in(typed: Typed) -> date | None:
    """The date that was typed, None for none; anything that is no date is refused."""
    text = first_of(typed, FIRST).strip()
    if not text:
        return None
    try:
        return read_date(text)
    except ValueError as error:
        raise Refused(gettext("Skriv datoen som dag-måned-år, for eksempel 23-11-2026."), FIRST) from error


def first_of(typed: Typed, field: str) -> str:
    """The first value of a field, "" when it was not sent."""
    return next(iter(typed.get(field, ())), "")
