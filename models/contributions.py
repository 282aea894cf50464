"""How the facts of one case pulled the score from one level towards another."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.answers import FactValue
from models.coding import Codebook
from models.declaration import Question
from models.messages import say
from models.stability import ranks_of, reach_of
from models.tables import Floats

MOST, SOME, LITTLE = "mest", "en del", "lidt"
MOST_FROM, SOME_FROM, LITTLE_FROM = 0.25, 0.10, 0.03
MAX_SHOWN = 5
TOGETHER_FROM = 0.10
"""From this share of all pull on, what two facts give only together is named."""
ALONE = -1
ADDITIVE_TO = 1e-9


class AdditivityFailed(ArithmeticError):
    """Contributions and base do not make the score; then no explanation may be shown."""


@dataclass(frozen=True)
class Contribution:
    """One question's pull in log-odds; `share` is of all pull in any direction, `toward` a level.

    `reach` is how far the pull may lie from what it is, by the refitted models; of those with the same `rank`
    any may be the strongest. `with_question` is the
    question it pulled together with, and `with_value` its answer, where that matters.
    """

    question: Question
    value: str
    known: bool
    log_odds: float
    share: float
    strength: str
    toward: str
    reach: float = 0.0
    rank: int = 1
    with_question: Question | None = None
    with_value: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """Where the pull lies with 90 % certainty, in log-odds."""
        return self.log_odds - self.reach, self.log_odds + self.reach

    @property
    def certain(self) -> bool:
        """Whether its direction holds in the whole interval; only then may a sentence name it."""
        return abs(self.log_odds) > self.reach


@dataclass(frozen=True)
class Pull:
    """What the tables say of one case between two levels, in log-odds.

    `of` is (Q,), each question's pull, and `again` (models, Q) the same in refitted models. `together` (Q, Q)
    is what two questions give only together. `base` is the mean over the background, `score` base and all
    pulls.
    """

    of: Floats
    again: Floats
    together: Floats
    base: float
    score: float


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
    book: Codebook, values: Mapping[str, FactValue | None], pull: Pull, levels: tuple[str, str]
) -> Contributions:
    """The strongest contributions between two levels, at most five: by rank, and else in declared order.

    Pulls under 3 % of all pull are not shown.
    """
    total, sizes = float(abs(pull.of).sum()), abs(pull.of).tolist()
    shown = [column for column, size in enumerate(sizes) if total > 0 and size / total >= LITTLE_FROM]
    shown.sort(key=lambda column: -sizes[column])  # stable: equal pulls stay in declared order
    shown = shown[:MAX_SHOWN]
    again = pull.again[:, shown]
    ranks, reach, partners = ranks_of(pull.of[shown], again), reach_of(again), _partners(pull, shown, total)
    found = sorted(zip(ranks, shown, reach.tolist(), partners, strict=True))
    items = tuple(
        _item(book, values, column, float(pull.of[column]), total, levels, far, rank, partner)
        for rank, column, far, partner in found
    )
    return Contributions(levels[0], levels[1], pull.base, pull.score, items)


def _item(
    book: Codebook,
    values: Mapping[str, FactValue | None],
    column: int,
    of: float,
    total: float,
    levels: tuple[str, str],
    reach: float,
    rank: int,
    partner: int,
) -> Contribution:
    question = book.codings[column].question
    other = None if partner == ALONE else book.codings[partner].question
    value = values.get(question.name)
    return Contribution(
        question,
        say(question, value),
        value is not None,
        of,
        abs(of) / total,
        strength(abs(of) / total),
        levels[1] if of > 0 else levels[0],
        reach,
        rank,
        other,
        say(other, values.get(other.name)) if other else "",
    )


def _partners(pull: Pull, shown: list[int], total: float) -> list[int]:
    """For each shown question that with which it gives most beyond what each gives alone, if that is much."""
    beyond = abs(pull.together[shown])
    strongest = zip(beyond.argmax(axis=1).tolist(), beyond.max(axis=1).tolist(), strict=True)
    return [ALONE if size / total < TOGETHER_FROM else column for column, size in strongest]


def strength(share: float) -> str:
    """The word for a share of all pull; below 3 % there is none and ValueError is raised."""
    if share < LITTLE_FROM:
        raise ValueError("so small a share is not shown")
    if share >= MOST_FROM:
        return MOST
    return SOME if share >= SOME_FROM else LITTLE
