"""A fact that cannot be seen to add anything is used only where somebody has decided so, with a reason."""

from collections.abc import Iterable, Sequence

from service.tables.governance import RegisterEntry

KIND = "dilemma"
KEPT = "beholdte_oplysninger"
"""The field of a dilemma that names the facts a version keeps all the same."""


def undecided(entries: Iterable[RegisterEntry], version: str, facts: Sequence[str]) -> tuple[str, ...]:
    """Those of the facts that no dilemma about the version keeps."""
    kept = {
        name
        for entry in entries
        if entry.kind == KIND and entry.subject == f"model:{version}"
        for name in entry.content.get(KEPT, ())
    }
    return tuple(name for name in facts if name not in kept)
