"""The words of the log control: why a look-up was drawn, what was found, what somebody did in a case."""

from datetime import datetime

from flask_babel import gettext

from service.clock import local, local_date
from service.web.purposes import PURPOSES, REOPENED_FOR
from service.workflow.log_control.overview import GONE, OPEN
from service.workflow.log_control.rules import RANDOM, RULES
from service.workflow.log_control.traces import Trace

OWN = "own"
"""The state of an open look-up for whoever made it."""


def rule_words() -> dict[str, str]:
    """Why a look-up was drawn, in a few words."""
    return {
        "without_own_step": gettext("uden eget skridt"),
        "on_many_days": gettext("flere dage"),
        "outside_hours": gettext("uden for dagtid"),
        "of_a_case_at_rest": gettext("afsluttet sag"),
        "of_many_cases": gettext("mange sager"),
        "for_a_chosen_purpose": gettext("valgt formål"),
        RANDOM: gettext("tilfældigt"),
    }


def finding_words() -> dict[str, str]:
    """What can be found about a look-up, in words."""
    return {
        "in_order": gettext("I orden"),
        "to_examine": gettext("Skal undersøges"),
        "breach": gettext("Uberettiget"),
    }


def state_words() -> dict[str, str]:
    """How far a look-up of a sample has come."""
    return {
        **finding_words(),
        OPEN: gettext("Mangler"),
        OWN: gettext("Dit eget"),
        GONE: gettext("Slettet"),
    }


def purpose_words() -> dict[str, str]:
    """What a case can have been opened for."""
    of_roles = {"sagsbehandling": gettext("Sagsbehandling"), "faglig_ledelse": gettext("Faglig ledelse")}
    others = {"borgerens_oensker": gettext("På borgerens vegne"), "skoensproeve": gettext("Skønsprøve")}
    return {**of_roles, **others, **REOPENED_FOR, **PURPOSES}


def step_words() -> dict[str, str]:
    """What somebody did in a case."""
    return {
        "received": gettext("oprettede sagen"),
        "facts": gettext("registrerede oplysninger"),
        "taken": gettext("tog sagen"),
        "consultation": gettext("bad om sparring"),
        "consultation_answer": gettext("svarede på sparring"),
        "assessment": gettext("vurderede"),
        "decision": gettext("besluttede"),
        "planning": gettext("planlagde"),
        "returned_answer": gettext("registrerede svar"),
        "closed": gettext("lukkede sagen"),
        "right_request": gettext("registrerede en rettighed"),
        "right_step": gettext("behandlede en rettighed"),
    }


def sentence_of(code: str) -> str:
    """Why a look-up was drawn, as a sentence."""
    sentences = {rule.code: rule.danish for rule in RULES}
    return sentences.get(code, gettext("Tilfældigt, blandt alle opslag i perioden."))


def time_of_day(at: datetime) -> str:
    """kl. 9.05, in Danish time."""
    there = local(at)
    return gettext("kl. %(hour)s.%(minute)s", hour=there.hour, minute=f"{there.minute:02d}")


def said_at(trace: Trace) -> str:
    """A step with the time of day."""
    return f"{step_words()[trace.step]} {time_of_day(trace.at)}"


def said_on(trace: Trace) -> str:
    """A step with its date."""
    day = local_date(trace.at)
    return gettext("%(step)s %(day)s.%(month)s.", step=step_words()[trace.step], day=day.day, month=day.month)
