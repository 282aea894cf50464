"""A version that weighs its strongest facts otherwise is a dilemma until each of them has been discussed."""

from collections.abc import Iterable, Sequence

from models.rule_change import Changed
from service.tables.governance import RegisterEntry

KIND = "dilemma"
WEIGHED = "aendret_vaegt"
"""The field of a dilemma that names the facts whose change was discussed."""


def unweighed(
    entries: Iterable[RegisterEntry], version: str, changed: Sequence[Changed]
) -> tuple[Changed, ...]:
    """The changed facts that no dilemma about the version names."""
    named = {
        name
        for entry in entries
        if entry.kind == KIND and entry.subject == f"model:{version}"
        for name in entry.content.get(WEIGHED, ())
    }
    return tuple(each for each in changed if each.name not in named)
