"""Once, on the later cases: how the chosen facts do beside all of them, in the same kind of model."""

from typing import Any

from models.coding import Codes
from training.candidates import KINDS, Candidate, Rows
from training.choosing import COMPARED_ON
from training.codebook import fit_codebook
from training.kept import Kept
from training.measures import evenly, losses, mean_of
from training.proportion import FactsChosen
from training.select import Split
from training.settling import settled
from training.spread import Task, fit_all


def beside_all(
    facts: FactsChosen, candidate: Candidate, rows: Rows, later: Codes, split: Split,
    seed: int, rare: int, kept: Kept,
) -> dict[str, Any] | None:  # fmt: skip
    """How far the loss with the chosen facts lies `behind` that with all, case by case; None if all are used.

    It chooses nothing. Of more than COMPARED_ON cases so many are learned from by both, evenly over time.
    """
    if not rows.book.left_out or candidate.name == "prior":
        return None
    places = evenly(len(rows.level), COMPARED_ON)
    learned = split.learned.rows(places)
    book = fit_codebook(learned, rare)
    whole = Rows(book, learned.codes(book), learned.level, learned.weight)
    whole_loss = _losses(
        candidate.name, "all-facts", whole, split.tested.codes(book), split, seed, rare, kept
    )
    if len(places) == len(rows.level):
        loss = losses(candidate.tables.probabilities(later), split.tested.level)
    else:
        loss = _losses(candidate.name, "chosen-facts", rows.drawn(places), later, split, seed, rare, kept)
    return {
        "kind": candidate.name,
        "learned_from": len(places),
        "measured_on": len(loss),
        "facts": len(facts.used),
        "all": len(book.names),
        "behind": mean_of(loss - whole_loss).to_json(),
    }


def _losses(
    kind: str, name: str, rows: Rows, later: Codes, split: Split, seed: int, rare: int, kept: Kept
) -> Any:
    ((tables, _),) = fit_all([Task(f"{name}-{kind}", kind, rows, KINDS[kind][1], seed)], kept)
    tables = settled(tables, rows.book, rows.codes, rare)
    return losses(tables.probabilities(later), split.tested.level)
