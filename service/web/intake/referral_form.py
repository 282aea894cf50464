"""A plan that came by post or by phone, typed in: from a form to a referral, or what to mend in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from models.answers import read_date
from models.declaration import Area, Question
from models.facts import Fact, FactValue
from service.cpr import CprRefused, parse
from service.intake_formats.referral import EARLIEST_START
from service.tables.base import new_id
from service.web.forms import (
    Fault,
    FieldView,
    Typed,
    choice_field,
    faults_of,
    question_field,
    read_answers,
    text_field,
)
from service.workflow.intake.referral import Citizen, Referral

T = TypeVar("T")
CPR, NAME, ADDRESS, PHONE = "cpr", "navn", "adresse", "telefon"
PLAN_TYPE = "plantype"
RECEIVED, DISCHARGED, START_AFTER = "modtaget", "udskrevet", "tidligst"
CONTACT_FROM, CONTACT_TO = "kontakt_fra", "kontakt_til"
SECTION = "afsnit."
WORKFLOW_FIELDS = {"received_on": RECEIVED, "discharged_on": DISCHARGED, "contact.to": CONTACT_TO, "cpr": CPR}
"""The workflow's names of fields it may refuse, and the form's."""


@dataclass(frozen=True)
class ReferralForm:
    """The form as the page shows it, part by part."""

    citizen: tuple[FieldView, ...]
    plan_type: FieldView
    dates: tuple[FieldView, ...]
    sections: tuple[FieldView, ...]
    questions: tuple[FieldView, ...]
    faults: tuple[Fault, ...]


def referral_form(area: Area, typed: Typed | None, errors: dict[str, str]) -> ReferralForm:
    """The fields, with what was typed and what must be mended."""

    def text(field: str, label: str, type_: str = "text", help_: str = "") -> FieldView:
        return text_field(field, label, typed, errors.get(field, ""), help_, type_)

    citizen = (
        text(CPR, gettext("CPR-nummer, ti cifre")),
        text(NAME, gettext("Navn")),
        text(ADDRESS, gettext("Adresse (kan udelades)")),
        text(PHONE, gettext("Telefon (kan udelades)")),
    )
    types = [(code.code, code.label) for code in area.plan_types]
    plan_type = choice_field(PLAN_TYPE, gettext("Plantype"), types, typed, errors.get(PLAN_TYPE, ""))
    dates = (
        text(RECEIVED, gettext("Planen er modtaget"), "date"),
        text(DISCHARGED, gettext("Borgeren er udskrevet"), "date"),
        text(START_AFTER, gettext("Tidligste opstart, hvis planen siger det"), "date"),
        text(CONTACT_FROM, gettext("Hospitalskontakten begyndte (kan udelades)"), "date"),
        text(CONTACT_TO, gettext("Hospitalskontakten sluttede (kan udelades)"), "date"),
    )
    questions = tuple(
        question_field(question, None, typed, errors.get(question.name, "")) for question in asked_in(area)
    )
    return ReferralForm(
        citizen=citizen,
        plan_type=plan_type,
        dates=dates,
        sections=tuple(text(SECTION + section.code, section.label) for section in area.plan_sections),
        questions=questions,
        faults=faults_of((*citizen, plan_type, *dates, *questions)),
    )


def read_referral(
    area: Area, form: MultiDict[str, str], municipality_code: str, unit_name: str, now: datetime
) -> tuple[Referral | None, dict[str, str]]:
    """The referral, or None with a sentence for every field that cannot be taken."""
    errors: dict[str, str] = {}

    def reading(field: str, read: Callable[[str], T], sentence: str) -> T | None:
        try:
            return read(form.get(field, "").strip())
        except (ValueError, CprRefused):
            errors[field] = sentence
            return None

    cpr = reading(CPR, parse, CprRefused.sentence)
    name = reading(NAME, _something, gettext("Skriv borgerens navn."))
    no_date = gettext("Skriv en dato, for eksempel 23.11.2026.")
    received = reading(RECEIVED, read_date, no_date)
    discharged = reading(DISCHARGED, read_date, no_date)
    start_after, began, ended = (
        reading(field, _date_or_none, no_date) for field in (START_AFTER, CONTACT_FROM, CONTACT_TO)
    )
    plan_type = form.get(PLAN_TYPE, "")
    if plan_type not in {code.code for code in area.plan_types}:
        errors[PLAN_TYPE] = gettext("Vælg plantypen.")
    asked = asked_in(area)
    answers, refused = read_answers(asked, form)
    errors |= refused
    if errors or cpr is None or name is None or received is None or discharged is None:
        return None, errors
    referral = Referral(
        request_id=new_id(),
        municipality_code=municipality_code,
        unit_name=unit_name,
        area=area.name,
        received_on=received,
        discharged_on=discharged,
        start_after=start_after,
        contact_from=began,
        contact_to=ended,
        plan_type=plan_type,
        citizen=Citizen(cpr, name, form.get(ADDRESS, "").strip(), form.get(PHONE, "").strip()),
        facts=_facts(area, answers, start_after, now),
        sections=_sections(area, form),
        operational={},
        origin="by_hand",
    )
    return referral, {}


def asked_in(area: Area) -> list[Question]:
    """What the plan has coded or the municipality knows; what stands in the text is read in the case."""
    return [
        question
        for question in area.questions
        if not question.computed and not question.read_from_text and question.name != EARLIEST_START
    ]


def _facts(
    area: Area, answers: Mapping[str, FactValue | None], start_after: date | None, now: datetime
) -> dict[str, Fact]:
    """The answers as facts; a later start stands in the plan's dates and is a fact too."""
    facts = {
        name: Fact(value, area.by_name[name].source, now)
        for name, value in answers.items()
        if value is not None
    }
    if start_after is not None and EARLIEST_START in area.by_name:
        facts[EARLIEST_START] = Fact(start_after, area.by_name[EARLIEST_START].source, now)
    return facts


def _something(text: str) -> str:
    if not text:
        raise ValueError("nothing")
    return text


def _date_or_none(text: str) -> date | None:
    return read_date(text) if text else None


def _sections(area: Area, form: MultiDict[str, str]) -> dict[str, str]:
    texts = {section.code: form.get(SECTION + section.code, "").strip() for section in area.plan_sections}
    return {code: text for code, text in texts.items() if text}
