"""What may be learned from the reasons people give, so that experience is gathered and not only kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """A queue of learning: a stable ASCII code, the words people read, and the codes of its reasons."""

    code: str
    label: str
    reasons: tuple[str, ...]


def by_lesson(lessons: Iterable[Lesson], counts: Mapping[str, int | None]) -> dict[str, int | None]:
    """How many cases each queue holds, by its code, from the cases by reason.

    A reason that nobody gave is absent. One that is hidden (None) hides its whole queue, so that a queue
    never tells more than its reasons do.
    """
    found: dict[str, int | None] = {}
    for lesson in lessons:
        held = [counts.get(reason, 0) for reason in lesson.reasons]
        shown = [count for count in held if count is not None]
        found[lesson.code] = sum(shown) if len(shown) == len(held) else None
    return found
