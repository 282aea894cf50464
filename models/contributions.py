"""How the facts of one case pulled the score from one level towards another."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.answers import FactValue
from models.coding import Codebook
from models.declaration import Question
from models.messages import say
from models.tables import Floats

MOST, SOME, LITTLE = "mest", "en del", "lidt"
MOST_FROM, SOME_FROM, LITTLE_FROM = 0.25, 0.10, 0.03
MAX_SHOWN = 5
ADDITIVE_TO = 1e-9


class AdditivityFailed(ArithmeticError):
    """Contributions and base do not make the score; then no explanation may be shown."""


@dataclass(frozen=True)
class Contribution:
    """One question's pull in log-odds; `share` is of all pull in any direction, `toward` a level."""

    question: Question
    value: str
    known: bool
    log_odds: float
    share: float
    strength: str
    toward: str


@dataclass(frozen=True)
class Contributions:
    """The pull from one level to another: base + items + rest = score, all in log-odds between the two."""

    from_level: str
    to_level: str
    base: float
    score: float
    items: tuple[Contribution, ...]

    @property
    def rest(self) -> float:
        """What the questions that are not shown pulled together."""
        return self.score - self.base - sum(item.log_odds for item in self.items)


def check_additive(phi: Floats, base: Floats, scores: Floats) -> None:
    """Raises AdditivityFailed when contributions (K, Q) and base (K,) miss the scores by more than 1e-9."""
    difference = float(abs(phi.sum(axis=1) + base - scores).max())
    if not difference <= ADDITIVE_TO:
        raise AdditivityFailed(f"contributions and base miss the score by {difference:.3g}")


def contrast(
    book: Codebook,
    values: Mapping[str, FactValue | None],
    phi: Floats,
    base: Floats,
    scores: Floats,
    levels: tuple[str, str],
) -> Contributions:
    """The strongest contributions between two levels, strongest first, at most five.

    `phi` (K, Q), `base` and `scores` (K,) are per level in the area's order. Pulls under 3 % are not shown.
    """
    order = book.area.level_codes
    low, high = order.index(levels[0]), order.index(levels[1])
    pull = phi[high] - phi[low]
    total = float(abs(pull).sum())
    items = [
        _item(coding.question, values.get(coding.question.name), float(pull[column]), total, levels)
        for column, coding in enumerate(book.codings)
        if total > 0 and abs(float(pull[column])) / total >= LITTLE_FROM
    ]
    items.sort(key=lambda item: -abs(item.log_odds))  # stable: equal pulls stay in declared order
    return Contributions(
        levels[0],
        levels[1],
        float(base[high] - base[low]),
        float(scores[high] - scores[low]),
        tuple(items[:MAX_SHOWN]),
    )


def _item(
    question: Question, value: FactValue | None, pull: float, total: float, levels: tuple[str, str]
) -> Contribution:
    share = abs(pull) / total
    return Contribution(
        question,
        say(question, value),
        value is not None,
        pull,
        share,
        strength(share),
        levels[1] if pull > 0 else levels[0],
    )


def strength(share: float) -> str:
    """The word for a share of all pull; below 3 % there is none and ValueError is raised."""
    if share < LITTLE_FROM:
        raise ValueError("so small a share is not shown")
    if share >= MOST_FROM:
        return MOST
    return SOME if share >= SOME_FROM else LITTLE
