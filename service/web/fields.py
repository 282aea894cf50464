"""What each form may hold: a field that its page does not have is refused, and nothing is done.

Nobody can then send along what the page never asked, in the hope that it is stored. Bodies of the API refuse
by themselves (`service.api.bodies`). A NUL is no text anywhere: one of our databases keeps it, one does not.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cache

from flask import Flask, request

from models import areas
from service.errors import NotFound, SkoenError
from service.web import access_rules
from service.web.assessment.case_page import CHOICE, CONFIDENCE, EVIDENCE, REFLECTION
from service.web.citizen_page import trust as citizen_trust
from service.web.competence import FIELD as QUIZ_ANSWER
from service.web.decision import form as decision_form
from service.web.decision import planning_form
from service.web.forms import PREFIX
from service.web.intake import referral_form
from service.web.letter import form as letter_form
from service.web.resend import CARRIED
from service.web.rights import form as rights_form
from service.workflow.competence import quiz
from service.workflow.effect.questions import QUESTIONS
from service.workflow.suggestion.exploration import WHOSE

NUL = "\0"
MOST_VALUES = 1000
"""Answers in one form; the longest that people see has about a hundred."""


class Many(Enum):
    """Fields of which there are as many as something has parts."""

    READING = "the questions of an area"
    SECTIONS = "the sections of a plan"
    CARRIED = "a form carried over the sign-in"


_CASE: set[str | Many] = {
    CHOICE, CONFIDENCE, REFLECTION, EVIDENCE, "videre", "noegle", "aabnet", "version", Many.READING,
}  # fmt: skip
_DECISION: set[str | Many] = {
    decision_form.CHOICE, decision_form.REASON, decision_form.SECOND, decision_form.TEXT, decision_form.VIEW,
    decision_form.KEY,
}  # fmt: skip
_REFERRAL: set[str | Many] = {
    referral_form.CPR, referral_form.NAME, referral_form.ADDRESS, referral_form.PHONE,
    referral_form.PLAN_TYPE, referral_form.RECEIVED, referral_form.DISCHARGED, referral_form.START_AFTER,
    referral_form.CONTACT_FROM, referral_form.CONTACT_TO, "omraade", Many.READING, Many.SECTIONS,
}  # fmt: skip

FIELDS: Mapping[str, AbstractSet[str | Many]] = {
    "sign_in.enter": {"brugernavn", "adgangskode", "videre", Many.CARRIED},
    "sign_in.leave": frozenset(),
    "access_rules.acknowledge": set(access_rules.FIELDS),
    "access_rules.open_in_emergency": {access_rules.REASON},
    "inbox.search": {"soegning"},
    "intake.open_by_hand": _REFERRAL,
    "intake.answer": {"note", Many.READING},
    "case.take": {"videre"},
    "case.keep_draft": _CASE,
    "case.mark_wrong": {"oplysning", "note"},
    "case.choose_purpose": {"formaal", "videre"},
    "assessment.save_facts": _CASE,
    "assessment.judge": _CASE,
    "consultation.ask": {"tekst"},
    "consultation.answer": {"tekst"},
    "suggestion.ask_again": frozenset(),
    "exploration.explore": {WHOSE, Many.READING},
    "decision.decide": _DECISION,
    "decision.keep_draft": _DECISION,
    "planning.plan": {
        planning_form.FORMS, planning_form.TEAM, planning_form.PLACE, planning_form.START,
        planning_form.FIRST,
    },
    "letter.sign": {
        letter_form.WEIGHED, letter_form.WISH, letter_form.FACTS, letter_form.LAW, letter_form.CONFIRMED,
        letter_form.DECISION, letter_form.REPLACES, letter_form.TASK,
    },
    "citizen_page.enter": {"kode"},
    "citizen_page.choose": {"sag"},
    "citizen_page.leave": frozenset(),
    "citizen_page.say_wrong": {"oplysning", "note"},
    "citizen_trust.answer": set(citizen_trust.FIELDS),
    "citizen_rights.ask": {"rettighed", "ord"},
    "citizen_rights.choose": {"rettighed", "svar"},
    "citizen_help.issue": {"hvem"},
    "citizen_help.record_power": {"navn", "dokument", "fra", "til"},
    "citizen_help.withdraw_power": frozenset(),
    "citizen_help.say_wrong": {"hvem", "oplysning", "note", "oplaest"},
    "citizen_reports.answer": {"melding", "resultat", "note", Many.READING},
    "rights.register": {
        rights_form.KIND, rights_form.CHANNEL, rights_form.SPEAKER, rights_form.BEHALF, rights_form.RECEIVED,
        rights_form.FACT, rights_form.WORDS,
    },
    "rights.answer": {rights_form.OUTCOME, rights_form.GROUND, rights_form.ANSWER},
    "rights.extend": {rights_form.WHY},
    "rights.lift": {rights_form.WHY},
    "rights.withdraw": frozenset(),
    "rights.extract": frozenset(),
    "correction.correct_decision": {*_DECISION, "replaces"},
    "correction.correct_judgement": {CHOICE, CONFIDENCE, "key", "replaces"},
    "practice_room.judge": {"choice"},
    "practice_room.decide": {"choice"},
    "practice_room.again": frozenset(),
    "practice_room.forget": frozenset(),
    "quiz.answer": {QUIZ_ANSWER + question.code for question in quiz.declared().questions},
    "capacity.enter": {"tilbud", "dato", "pladser", "ledige", "venter", "ventedage"},
    "survey.answer": {"runde", *(f"spoergsmaal.{each.code}" for each in QUESTIONS)},
    "survey.open_round": {"aabner", "lukker"},
    "double_review.draw": {"kvartal"},
    "double_review.judge": {"valg"},
    "trial.start": frozenset(),
    "trial.stop": {"begrundelse"},
    "trial.unseal": {"begrundelse"},
    "unit.stop": {"begrundelse"},
    "unit.release": {"begrundelse"},
    "unit.set_mode": {"visning"},
    "all_units.stop": {"begrundelse_alle"},
    "all_units.release": {"begrundelse_alle"},
    "oversight.find": {"sagsnummer", "formaal"},
    "oversight.choose_purpose": {"formaal", "videre"},
    "oversight.take_out": {"aabnet"},
    "protection.ask": {"sagsnummer", "formaal"},
    "protection.open_names": frozenset(),
    "breach.ask": {"fra", "til", "enhed", "opdaget"},
    "log_control.draw": {"fra", "til", "antal", "froe"},
    "log_control.review": {"fund", "note", "erstatter"},
}  # fmt: skip
"""The fields of each form, by the endpoint that takes it. A form that is not here may hold none."""


class FieldUnknown(SkoenError):
    """The form holds a field, or a file, that its page does not have; it is not offered to be sent again."""

    status = 400
    sentence = "Det, der blev sendt, passer ikke til siden. Intet er gemt. Åbn siden igen."


def install(app: Flask) -> None:
    """Refuse after the token was seen to be right, and before the route does anything."""
    app.before_request(refuse_nul)
    app.before_request(refuse_unknown)


def refuse_nul() -> None:
    """Raise NotFound for an address with a NUL in it, FieldUnknown for a form."""
    if NUL in request.path or any(NUL in text for text in request.args.values()):
        raise NotFound
    if any(NUL in text for _, text in request.form.items(multi=True)):
        raise FieldUnknown


def refuse_unknown() -> None:
    """Raise FieldUnknown for a form with a field or a file that the page does not have, or with too much."""
    if request.endpoint is None or request.blueprint == "api":
        return
    values = sum(len(held) for _, held in request.form.lists())
    known = all(may_hold(request.endpoint, name) for name in request.form)
    if request.files or values > MOST_VALUES or not known:
        raise FieldUnknown


def may_hold(endpoint: str, name: str) -> bool:
    """Whether a form for this endpoint may hold the field."""
    wanted = FIELDS.get(endpoint, frozenset())
    return (
        name == "csrf_token"
        or name in wanted
        or (Many.READING in wanted and name in _questions())
        or (Many.SECTIONS in wanted and name in _sections())
        or (Many.CARRIED in wanted and name.startswith(CARRIED))
    )


@cache
def _questions() -> frozenset[str]:
    found = (question for name in areas.names() for question in areas.get(name).questions)
    return frozenset(PREFIX + question.name for question in found)


@cache
def _sections() -> frozenset[str]:
    found = (section for name in areas.names() for section in areas.get(name).plan_sections)
    return frozenset(referral_form.SECTION + section.code for section in found)
