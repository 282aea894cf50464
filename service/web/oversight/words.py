"""The words of a case as those who oversee it read it: what happened, what was derived, what does not fit."""

import re
from dataclasses import dataclass

from flask_babel import gettext
from sqlmodel import Session

from models import areas
from models.declaration import Area, Code
from service import log
from service.errors import PartUnreadable
from service.log import Event
from service.tables.assessment import Assessment, Consultation
from service.tables.base import CaseStep
from service.tables.citizen import Letter
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, CaseClosure, FactsVersion
from service.tables.oversight import Erasure, LogReview
from service.tables.suggestion import Suggestion
from service.web.assessment.case_page import confidence_words
from service.web.danish import day_in_words, listed
from service.web.log_control.words import finding_words
from service.web.statistics.words import withheld_label
from service.workflow.decision.choice_words import choice_label
from service.workflow.oversight import Moment


@dataclass(frozen=True)
class Said:
    """One moment in words."""

    title: str
    said: str = ""
    details: tuple[str, ...] = ()


def said_of(session: Session, case: Case, moment: Moment) -> Said:
    """What happened, by the row; an entry without a row is told by its kind alone."""
    title, row, area = title_of(moment), moment.row, areas.get(case.area)
    match row:
        case Assessment():
            sure = dict(confidence_words()).get(row.confidence, row.confidence).lower()
            return Said(title, f"{choice_label(area, case.plan_type, row.choice, row.at)}, {sure}")
        case Suggestion():
            return Said(title, details=(_suggestion(row),))
        case Decision():
            said = choice_label(area, case.plan_type, row.choice, row.at)
            return Said(title, said, tuple(_decision(session, area, row)))
        case Planning():
            return Said(title, _first_up(listed(_labels(area.forms, row.forms))), tuple(_plan(area, row)))
        case FactsVersion():
            return Said(title, gettext("Udgave %(number)s", number=row.version))
        case CaseClosure():
            return Said(title, closure_words().get(row.kind, row.kind))
        case Consultation():
            before = row.stage == "before_evidence"
            return Said(title, gettext("Før grundlaget") if before else gettext("Efter grundlaget"))
        case Letter():
            return Said(title, letter_words().get(row.variant, row.variant))
        case LogReview():
            return Said(title, finding_words().get(row.finding, row.finding))
        case Erasure():
            return Said(title, details=(row.reason,))
        case _:
            return Said(title)


def title_of(moment: Moment) -> str:
    """The kind of a moment; one that nobody knows is called by its code."""
    return titles().get(moment.event, moment.event or gettext("Ukendt hændelse"))


def titles() -> dict[str, str]:
    """What can happen in a case."""
    return {
        Event.CASE_RECEIVED: gettext("Plan modtaget"),
        Event.FACTS_RECORDED: gettext("Oplysninger gemt"),
        Event.CASE_TAKEN: gettext("Sagen taget"),
        Event.CASE_CLOSED: gettext("Sagen lukket"),
        Event.RETURN_ANSWERED: gettext("Svar modtaget"),
        Event.ASSESSMENT_RECORDED: gettext("Vurdering gemt"),
        Event.ASSESSMENT_CORRECTED: gettext("Ny vurdering gemt"),
        Event.CONSULTATION_ASKED: gettext("Sparring ønsket"),
        Event.CONSULTATION_ANSWERED: gettext("Sparring givet"),
        Event.SUGGESTION_SHOWN: gettext("Grundlag vist"),
        Event.SUGGESTION_WITHHELD: gettext("Grundlag ikke vist"),
        Event.SUGGESTION_EXPLORED: gettext("Prøvet af med andre oplysninger (ikke en del af sagen)"),
        Event.DECISION_MADE: gettext("Beslutning gemt"),
        Event.DECISION_CORRECTED: gettext("Beslutning rettet"),
        Event.PLANNING_MADE: gettext("Forløb planlagt"),
        Event.PLANNING_CHANGED: gettext("Planlægning rettet"),
        Event.LETTER_WRITTEN: gettext("Brev til borgeren skrevet"),
        Event.CITIZEN_CODE_ISSUED: gettext("Engangskode givet til borgeren"),
        Event.CITIZEN_CODE_USED: gettext("Engangskode brugt"),
        Event.REPRESENTATION_RECORDED: gettext("Fuldmagt noteret"),
        Event.FACT_REPORTED: gettext("Borgeren har sagt, at en oplysning er forkert"),
        Event.FACT_REPORT_ANSWERED: gettext("Set på det, borgeren sagde"),
        Event.RIGHT_ASKED: gettext("Borgeren har brugt en rettighed"),
        Event.RIGHT_EXTENDED: gettext("Fristen for svar forlænget"),
        Event.RIGHT_ANSWERED: gettext("Borgerens anmodning besvaret"),
        Event.RIGHT_WITHDRAWN: gettext("Borgeren har taget sin anmodning tilbage"),
        Event.REVIEW_DRAWN: gettext("Udtrukket til skønsprøve"),
        Event.TRIAL_ALLOCATED: gettext("Lod trukket: med eller uden grundlag"),
        Event.REVIEW_JUDGED: gettext("Vurderet igen i en skønsprøve"),
        Event.ACCESS_REVIEWED: gettext("Opslag gennemgået"),
        Event.LAYER_ASKED: gettext("Bedt om at se, hvem der har set i sagen"),
        Event.LAYER_OPENED: gettext("Navne på dem, der har set i sagen, åbnet"),
        Event.ERASURE_REFUSED: gettext("Anmodning om sletning afslået"),
        Event.KEY_SHREDDED: gettext("Borgerens oplysninger slettet"),
    }


def closure_words() -> dict[str, str]:
    """Why a case ended without a decision here."""
    return {
        "level_set_elsewhere": gettext("Niveauet er fastsat et andet sted"),
        "entered_in_error": gettext("Oprettet ved en fejl"),
        "moved": gettext("Borgeren er flyttet"),
        "handled_elsewhere": gettext("Behandlet et andet sted"),
    }


def letter_words() -> dict[str, str]:
    """What a letter tells of the evidence."""
    return {
        "shown": gettext("Grundlag var vist"),
        "not_shown": gettext("Grundlag var ikke vist"),
        "other_than_most": gettext("Besluttet anderledes end flest lignende sager"),
        "control_arm": gettext("Stikprøve uden grundlag"),
    }


def change_words() -> dict[str, str]:
    """How a decision stands to the own judgement."""
    return {"kept": gettext("fastholdt"), "changed": gettext("ændret")}


def agreement_words() -> dict[str, str]:
    """How a decision stands to the most common level among the similar cases shown."""
    return {
        "agreement": gettext("på linje med flest lignende sager"),
        "override": gettext("anderledes end flest lignende sager"),
        "no_reference": gettext("uden et flertal at holde op imod"),
    }


def _suggestion(row: Suggestion) -> str:
    if row.outcome == "withheld":
        return gettext("%(reason)s.", reason=withheld_label(row.reason or ""))
    return gettext(
        "Beregningsmodel %(model)s, skabelon %(template)s.",
        model=row.model_version, template=row.template_version,
    )  # fmt: skip


def _decision(session: Session, area: Area, row: Decision) -> list[str]:
    codes = [code for code in (row.reason_code, row.second_reason_code) if code]
    weighed = [label.lower() for label in _labels(area.reasons, codes)]
    derived = [change_words().get(row.change, ""), agreement_words().get(row.agreement, "")]
    said = [gettext("Lagt vægt på: %(reasons)s.", reasons=listed(weighed))]
    if text := _text(session, row):
        said.append(gettext("Begrundelse: »%(text)s«", text=text))
    if view := _text(session, row, "citizens_view"):
        said.append(gettext("Borgeren selv: »%(text)s«", text=view))
    if any(derived):
        said.append(gettext("Udledt: %(derived)s.", derived=", ".join(word for word in derived if word)))
    return said


def _plan(area: Area, row: Planning) -> list[str]:
    (team,) = _labels(area.teams, [row.team])
    if not row.place:  # an erasure blanks it, and the date with it
        return [gettext("Team: %(team)s. Sted og dato er slettet.", team=team)]
    (place,) = _labels(area.places, [row.place])
    first = day_in_words(row.first_date) if row.first_date else gettext("ikke aftalt")
    return [
        gettext("Team: %(team)s. Sted: %(place)s.", team=team, place=place),
        gettext("Første aftale: %(day)s.", day=first),
    ]


def _text(session: Session, row: CaseStep, name: str = "text") -> str:
    """The words of a step; "" when there are none, or when they are gone."""
    try:
        return str(log.open_part(session, row).get(name, ""))
    except PartUnreadable:
        return ""


def _labels(codes: tuple[Code, ...], wanted: list[str]) -> list[str]:
    """The labels of some codes; one that stands in no list is named by its code."""
    known = {code.code: code.label for code in codes}
    return [known.get(code, code) for code in wanted]


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


COLUMN = re.compile(r"\w+\.(?P<column>\w+) is not what the log proves")
LEFT = re.compile(r"was to be erased and is not|were to be erased and are not")


def misfit_words(finding: str) -> str:
    """What the verifier found, in Danish; what it seldom says is one sentence for all."""
    if found := COLUMN.fullmatch(finding):
        return gettext(
            "Feltet %(column)s er ændret, efter at posten blev skrevet.", column=found["column"]
        )  # fmt: skip
    if LEFT.search(finding):
        return gettext("Oplysninger, der skulle være slettet, er her endnu.")
    whole = {
        "the entry is missing": gettext("Posten mangler i loggen, men rækken er her."),
        "the entry does not fit its leaf hash": gettext("Posten passer ikke til sit fingeraftryk."),
        "the entry is not canonical JSON": gettext("Posten er ødelagt og kan ikke læses."),
    }
    if finding in whole:
        return whole[finding]
    if finding.startswith("the row in") and finding.endswith("is missing"):
        return gettext("Rækken mangler, men posten er her.")
    return gettext("Række, personligt indhold og post passer ikke sammen.")
