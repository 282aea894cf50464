"""Choices in the words they were made in."""

from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.workflow.case_file import CaseFile
from service.workflow.decision.choice_words import choice_label


def option_label(file: CaseFile, made: Assessment | Decision) -> str:
    """What was judged or decided, in the words of its own day."""
    return choice_label(file.area, file.case.plan_type, made.choice, made.at)
