"""Who may do what: one table of role and action, with the relation to the case that the action needs.

What is not in the table is refused. Evidence before one's own judgement is for nobody, whatever stands
here: the workflow and the database see to that.
"""

from enum import StrEnum
from typing import Protocol

from service.errors import Forbidden, NotFound
from service.identity import Actor


class Action(StrEnum):
    """Everything somebody may want to do."""

    SEE_INBOX = "see_inbox"
    OPEN_CASE = "open_case"
    OPEN_BY_HAND = "open_by_hand"
    TAKE_CASE = "take_case"
    RECORD_FACTS = "record_facts"
    JUDGE = "judge"
    SEE_EVIDENCE = "see_evidence"
    EXPLORE = "explore"
    DECIDE = "decide"
    PLAN = "plan"
    WRITE_LETTER = "write_letter"
    ASSIST_CITIZEN = "assist_citizen"
    CORRECT = "correct"
    CONSULT = "consult"
    ANSWER_CONSULTATION = "answer_consultation"
    ANSWER_RETURN = "answer_return"
    PRESS_STOP = "press_stop"
    RELEASE_STOP = "release_stop"
    STOP_ALL_UNITS = "stop_all_units"
    SET_MODE = "set_mode"
    READ_STATISTICS = "read_statistics"
    EXPORT_STATISTICS = "export_statistics"
    READ_MODEL = "read_model"
    READ_CATALOGUE = "read_catalogue"
    READ_REGISTERS = "read_registers"
    READ_LOG = "read_log"
    CONTROL_LOG = "control_log"
    OVERSEE_CASE = "oversee_case"
    SEE_OWN_PATTERN = "see_own_pattern"
    DRAW_REVIEW = "draw_review"
    REVIEW_BLIND = "review_blind"
    SEE_RIGHTS = "see_rights"
    HANDLE_RIGHTS = "handle_rights"
    SEE_CAPACITY = "see_capacity"
    ENTER_CAPACITY = "enter_capacity"
    ANSWER_SURVEY = "answer_survey"
    OPEN_SURVEY = "open_survey"
    PRACTISE = "practise"
    TAKE_QUIZ = "take_quiz"
    UNSEAL_SHADOW = "unseal_shadow"
    READ_TRIALS = "read_trials"
    RUN_TRIAL = "run_trial"
    ACKNOWLEDGE_RULES = "acknowledge_rules"
    READ_LEADERSHIP = "read_leadership"
    READ_POLITICAL = "read_political"
    SEE_PROTECTION = "see_protection"
    SEE_OPERATIONS = "see_operations"
    MANAGE_USERS = "manage_users"
    MANAGE_MODEL = "manage_model"
    USE_API = "use_api"


class Relation(StrEnum):
    """How near a person is to the case, nearest first; ANY is for what concerns no case."""

    OWN = "own"
    TEAM = "team"
    MUNICIPALITY = "municipality"
    ANY = "any"


class Placed(Protocol):
    """A case, as far as the policy sees it."""

    municipality_id: str
    unit_id: str


ON_A_CASE = frozenset(
    {
        Action.OPEN_CASE, Action.TAKE_CASE, Action.RECORD_FACTS, Action.JUDGE, Action.SEE_EVIDENCE,
        Action.EXPLORE, Action.DECIDE, Action.PLAN, Action.CORRECT, Action.CONSULT,
        Action.ANSWER_CONSULTATION, Action.ANSWER_RETURN, Action.WRITE_LETTER, Action.ASSIST_CITIZEN,
        Action.OVERSEE_CASE, Action.HANDLE_RIGHTS,
    }
)  # fmt: skip

ALSO_ERASED = frozenset({Action.OVERSEE_CASE})
"""What may be done about a case of which nothing personal is left."""

WITHOUT_RULES = frozenset(
    {Action.ACKNOWLEDGE_RULES, Action.READ_MODEL, Action.READ_CATALOGUE, Action.PRESS_STOP}
)
"""What one may do before the rules of access are acknowledged: nothing here shows a citizen, and the stop
button is never locked."""

# Whoever is on duty in the unit goes on with a colleague's case, so casework asks for TEAM, not OWN.
_CASEWORK = dict.fromkeys(ON_A_CASE - ALSO_ERASED, Relation.TEAM)
_OPEN_TO_ALL = {
    Action.READ_MODEL: Relation.ANY,
    Action.READ_CATALOGUE: Relation.ANY,
    Action.ACKNOWLEDGE_RULES: Relation.ANY,
}
_BY_ROLE: dict[str, dict[Action, Relation]] = {
    "visitator": {
        **_OPEN_TO_ALL,
        **_CASEWORK,
        Action.SEE_INBOX: Relation.ANY,
        Action.OPEN_BY_HAND: Relation.ANY,
        Action.PRESS_STOP: Relation.ANY,
        Action.SEE_OWN_PATTERN: Relation.ANY,
        Action.REVIEW_BLIND: Relation.ANY,
        Action.SEE_RIGHTS: Relation.ANY,
        Action.PRACTISE: Relation.ANY,
        Action.TAKE_QUIZ: Relation.ANY,
        Action.ANSWER_SURVEY: Relation.ANY,
        Action.USE_API: Relation.ANY,
    },
    "teamleder": {
        **_OPEN_TO_ALL,
        Action.READ_STATISTICS: Relation.ANY,
        Action.EXPORT_STATISTICS: Relation.ANY,
        Action.DRAW_REVIEW: Relation.ANY,
        Action.READ_TRIALS: Relation.ANY,
        Action.SEE_CAPACITY: Relation.ANY,
        Action.ENTER_CAPACITY: Relation.ANY,
        Action.OPEN_SURVEY: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
        Action.PRESS_STOP: Relation.ANY,
        Action.RELEASE_STOP: Relation.ANY,
        Action.SET_MODE: Relation.ANY,
    },
    "datamedarbejder": {
        **_OPEN_TO_ALL,
        Action.MANAGE_MODEL: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
        Action.READ_TRIALS: Relation.ANY,
        Action.RUN_TRIAL: Relation.ANY,
    },
    "tilsyn": {
        **_OPEN_TO_ALL,
        Action.SEE_INBOX: Relation.ANY,
        Action.OPEN_CASE: Relation.MUNICIPALITY,
        Action.SEE_EVIDENCE: Relation.MUNICIPALITY,
        Action.READ_STATISTICS: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
        Action.READ_LOG: Relation.ANY,
        Action.CONTROL_LOG: Relation.ANY,
        Action.READ_TRIALS: Relation.ANY,
        Action.OVERSEE_CASE: Relation.MUNICIPALITY,
        Action.UNSEAL_SHADOW: Relation.ANY,
        Action.SEE_PROTECTION: Relation.ANY,
        Action.SEE_OPERATIONS: Relation.ANY,
    },
    "direktoer": {
        **_OPEN_TO_ALL,
        Action.READ_LEADERSHIP: Relation.ANY,
        Action.READ_STATISTICS: Relation.ANY,
        Action.READ_TRIALS: Relation.ANY,
        Action.RUN_TRIAL: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
    },
    "dpo": {
        **_OPEN_TO_ALL,
        Action.SEE_PROTECTION: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
        Action.SEE_OPERATIONS: Relation.ANY,
    },
    "politiker": {**_OPEN_TO_ALL, Action.READ_POLITICAL: Relation.ANY, Action.READ_REGISTERS: Relation.ANY},
    "leverandoer": {**_OPEN_TO_ALL, Action.SEE_OPERATIONS: Relation.ANY},
    "forsker": {**_OPEN_TO_ALL, Action.READ_STATISTICS: Relation.ANY},
    "administrator": {
        **_OPEN_TO_ALL,
        Action.MANAGE_USERS: Relation.ANY,
        Action.STOP_ALL_UNITS: Relation.ANY,
        Action.UNSEAL_SHADOW: Relation.ANY,
        Action.READ_REGISTERS: Relation.ANY,
        Action.PRESS_STOP: Relation.ANY,
        Action.RELEASE_STOP: Relation.ANY,
        Action.SET_MODE: Relation.ANY,
        Action.SEE_OPERATIONS: Relation.ANY,
    },
}
POLICY = {(role, action): needed for role, row in _BY_ROLE.items() for action, needed in row.items()}
"""The whole table. A pair that is missing is refused."""


def permits(actor: Actor, action: Action) -> bool:
    """Whether the role includes the action at all; for a case, `authorize` decides."""
    return (actor.role, action) in POLICY


def authorize(
    actor: Actor, action: Action, case: Placed | None = None, *, taken_by: str | None = None
) -> None:
    """Return when the actor may do it; `taken_by` is the person whose case it is.

    Raises NotFound for a case the person may not know of, Forbidden when the role does not include the
    action, and ValueError when an action on a case is asked about without one.
    """
    needed = POLICY.get((actor.role, action))
    if action not in ON_A_CASE:
        if needed is None:
            raise Forbidden
        return
    if case is None:
        raise ValueError(f"{action} needs the case it is about")
    if case.municipality_id != actor.municipality_id:
        raise NotFound
    if needed is None:
        raise Forbidden
    if needed in (Relation.TEAM, Relation.OWN) and case.unit_id != actor.unit_id:
        raise NotFound
    if needed is Relation.OWN and taken_by != actor.person_id:
        raise Forbidden
