"""Writing rows of decided cases, one after the other, of one area: the cells in the order of the columns."""

from operator import attrgetter

from models.cells import cell, fact_cell
from models.decided_case import CASE_COLUMNS, OUTCOME_COLUMNS, DecidedCase, columns
from models.declaration import Area, Source
from models.facts import Fact

_OF_CASE = attrgetter(*CASE_COLUMNS)
_OF_OUTCOME = attrgetter(*("status" if each == "outcome_status" else each for each in OUTCOME_COLUMNS))
_SOURCE_ALONE = {source: ("", source.value, "") for source in Source}


class RowWriter:
    """Writes the rows of an area; only with companions is everything kept."""

    def __init__(self, area: Area, companions: bool = False) -> None:
        self.columns = columns(area, companions)
        self._names = tuple(question.name for question in area.questions)
        self._companions = companions

    def cells(self, case: DecidedCase) -> list[str]:
        """The CSV cells of a case, as many as there are columns."""
        row = [cell(value) for value in (*_OF_CASE(case), *_OF_OUTCOME(case.outcome))]
        facts = [case.facts[name] for name in self._names]
        row += [fact_cell(fact.value) for fact in facts]
        if self._companions:
            for fact in facts:
                row += _companion_cells(fact)
        return row


def _companion_cells(fact: Fact) -> tuple[str, str, str]:
    """The cells of COMPANIONS: when it was known, from where, and whether it is marked wrong."""
    if fact.known_at is None and not fact.marked_wrong:
        return _SOURCE_ALONE[fact.source]
    return cell(fact.known_at), fact.source.value, cell(fact.marked_wrong or None)
