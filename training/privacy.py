"""What a version's evaluation says of the privacy of those it learned from, for the gate to read."""

from typing import Any

from models.artifact import Artifact
from training.candidates import Candidate, Rows
from training.kept import Kept
from training.labelled import Labelled
from training.membership import membership
from training.shown_of_others import shown_of_others


def privacy(
    draft: Artifact, candidate: Candidate, rows: Rows, tested: Labelled, rare: int, kept: Kept
) -> dict[str, Any]:
    """Both numbers: whether the tables tell who was learned from, and how many share what is shown.

    `draft` holds only the learned cases as reference: a later case is never its own neighbour.
    """
    return {
        "membership": membership(candidate, rows, draft.manifest.seed, rare, kept),
        "shown": shown_of_others(draft, tested),
    }
