"""What decisions against the evidence may teach: the reasons people gave, gathered by what they are about."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from models.decided_case import DecidedCase
from models.declaration import Area
from models.lesson import by_lesson


def lessons_in(area: Area, cases: Iterable[DecidedCase]) -> dict[str, Any]:
    """Cases decided otherwise than most similar cases shown, counted by the area's queues of learning.

    A case counts when something was shown, it had a most common level, and a level was decided.
    """
    compared = [
        case for case in cases
        if case.shown and case.reference_level is not None and case.final_level in area.level_codes
    ]  # fmt: skip
    otherwise = [case for case in compared if case.final_level != case.reference_level]
    given = Counter(case.reason_code for case in otherwise if case.reason_code is not None)
    counts = by_lesson(area.lessons, given)
    labels = {reason.code: reason.label for reason in area.reasons}
    return {
        "compared": len(compared),
        "otherwise": len(otherwise),
        "lessons": [
            {
                "code": each.code,
                "label": each.label,
                "cases": counts[each.code],
                "reasons": [f"{labels[code]}: {given[code]}" for code in each.reasons if given[code]],
            }
            for each in area.lessons
        ],
    }
