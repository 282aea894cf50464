"""Words that several rooms say: a choice as it was made, and when a fact is known."""

from flask_babel import gettext

from models.declaration import Stage
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.workflow.case_file import CaseFile
from service.workflow.decision.choice_words import choice_label


def option_label(file: CaseFile, made: Assessment | Decision) -> str:
    """What was judged or decided, in the words of its own day."""
    return choice_label(file.area, file.case.plan_type, made.choice, made.at)


def stage_words(stage: Stage) -> str:
    """When a fact is known, in words."""
    return {
        Stage.PLAN: gettext("når planen sendes"),
        Stage.RECEIPT: gettext("når planen modtages"),
        Stage.VISITATION: gettext("når planen læses"),
    }[stage]
