"""What may be learned from the reasons people give, so that experience is gathered and not only kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """A queue of learning: a stable ASCII code, the words people read, and the codes of its reasons."""

    code: str
    label: str
    reasons: tuple[str, ...]
