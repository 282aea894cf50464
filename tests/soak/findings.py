"""What is left after the harm: held against what caseworkers wrote down, pair by pair and by the verifier."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from service import log
from service.database import reading
from service.log.append import ENTRIES
from service.tables import METADATA
from service.tables.base import table_of
from service.tables.decision import Decision
from service.tables.log import STEPS
from tests.soak.caseworker import Book

DECISIONS = table_of(Decision)


@dataclass(frozen=True)
class Findings:
    """Counts; everything but `decisions` and `found_again` must be nothing.

    `found_again` are decisions that were stored although their first sending got no answer: sending them
    again found them.
    """

    decisions: int
    found_again: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    orphans: int
    problems: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled, half-written or changed."""
        return not (self.lost or self.doubled or self.orphans or self.problems)

    def __str__(self) -> str:
        lost, doubled, problems = len(self.lost), len(self.doubled), len(self.problems)
        return f"{lost} lost, {doubled} doubled, {self.orphans} orphans, {problems} problems"


def examine(engine: Engine, books: Iterable[Book]) -> Findings:
    """Look at everything; the problems begin with what the verifier says."""
    books = list(books)
    acknowledged = {key: case_id for book in books for key, case_id in book.acknowledged.items()}
    resent = {key: at for book in books for key, at in book.resent.items()}
    with reading(engine) as session:
        columns = DECISIONS.c.idempotency_key, DECISIONS.c.case_id, DECISIONS.c.at
        stored = {row.idempotency_key: row for row in session.execute(select(*columns))}
        often = select(DECISIONS.c.case_id).group_by(DECISIONS.c.case_id).having(func.count() > 1)
        doubled = tuple(session.execute(often).scalars())
    there = {(key, row.case_id) for key, row in stored.items()}
    return Findings(
        decisions=len(stored),
        found_again=sum(key in stored and stored[key].at < at for key, at in resent.items()),
        lost=tuple(key for key, case_id in acknowledged.items() if (key, case_id) not in there),
        doubled=doubled,
        orphans=orphans(engine),
        problems=tuple(log.verify(engine).problems),
    )


def orphans(engine: Engine) -> int:
    """Rows without their entry and entries without their row, counted with no help from the verifier."""
    count = 0
    with reading(engine) as session:
        for step, name in STEPS.items():
            row = METADATA.tables[name]
            pair = (row.c.shard == ENTRIES.c.shard) & (row.c.log_seq == ENTRIES.c.seq)
            for left, right, missing in (
                (row, ENTRIES, ENTRIES.c.seq.is_(None)),
                (ENTRIES, row, (ENTRIES.c.step == step) & row.c.id.is_(None)),
            ):
                on = pair & (ENTRIES.c.step == step) if right is ENTRIES else pair
                joined = select(func.count()).select_from(left.join(right, on, isouter=True)).where(missing)
                count += session.execute(joined).scalar_one()
    return count
