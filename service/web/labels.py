"""Choices in the words they were chosen by."""

from service.workflow.case_file import CaseFile


def option_label(file: CaseFile, choice: str) -> str:
    """A choice in the words of its options; a level that is no option any more keeps its name."""
    options = file.area.options(file.case.plan_type, file.case.received_on)
    known = {option.code: option.label for option in options}
    return known[choice] if choice in known else file.area.level_label(choice)
