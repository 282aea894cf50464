"""A player who holds every file of the statistics and subtracts, to find what was held back.

What is unknown to the player are the counts of small groups of cases; every number in a file is a sum of
some of them. A held-back number is found when it follows from the numbers told. The player knows how the
tables add up and that no count is negative (a sum of nothing is nothing throughout), but no single case.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from service.workflow.statistics.suppression import Key

Atom = tuple[str, ...]
"""Unit, quarter, the table it is of, and its place there."""
Where = Callable[[Atom], bool]

STATES = {
    "apart": ("switched", "kept", "third"),
    "alike": ("stayed", "away"),
    "uncompared": ("tie", "declined", "abstained", "control_arm"),
}
DECIDED = {
    "override": ("kept", "third", "away"),
    "agreement": ("switched", "stayed"),
    "uncompared": STATES["uncompared"],
}
GROUP_OF = {state: group for group, states in DECIDED.items() for state in states}
ENDS = ("completed", "stopped", "running")
STARTS = ("in time", "late", "unplanned")
SEEN = ("apart switched", "apart override", "alike stayed", "alike away", "uncompared")


@dataclass(frozen=True)
class Town:
    """The names that everybody knows: units with what a lead of each is called, quarters, and the codes."""

    units: tuple[str, ...]
    quarters: tuple[str, ...]
    types: tuple[str, ...]
    reasons: tuple[str, ...]
    owns: tuple[str, ...]
    levels: tuple[str, ...]
    bins: tuple[str, ...]

    def atoms(self) -> list[Atom]:
        """Every group of cases that could be counted, in four tables for each unit and quarter."""
        found: list[Atom] = []
        for unit, quarter in product(self.units, self.quarters):
            start = (unit, quarter)
            for case_type in self.types:
                found += [(*start, "type", case_type, state, "", "") for state in self._plain_states()]
                found += [
                    (*start, "type", case_type, state, own, level)
                    for own, level in product(self.owns, self.levels)
                    if own != level
                    for state in (("switched", "third") if own not in self.levels else ("switched", "kept"))
                ]
                found += [(*start, "start", case_type, each) for each in STARTS]
            found += [(*start, "month", month, each) for month in months_in(quarter) for each in DECIDED]
            found += [(*start, "reason", *each) for each in product(self.reasons, SEEN)]
            found += [(*start, "bin", *each) for each in product(self.bins, ("override", "agreement"), ENDS)]
        return found

    def _plain_states(self) -> tuple[str, ...]:
        return (*STATES["alike"], *STATES["uncompared"])


def months_in(quarter: str) -> tuple[str, ...]:
    """The months of "2026-K2"."""
    year, number = quarter.split("-K")
    return tuple(f"{year}-{month:02d}" for month in range(3 * int(number) - 2, 3 * int(number) + 1))


def in_cell(key: Key) -> Where:
    """The atoms of a cell, within whatever units and quarters."""
    name, *rest = key
    if name in MEASURES:
        return lambda atom: _of_type(atom, rest[0]) and MEASURES[name](atom)
    if name == "planned":
        return lambda atom: atom[2] == "start" and rest[0] in ("alle", atom[3]) and atom[4] != "unplanned"
    if name == "month":
        return lambda atom: atom[2] == "month" and atom[3] == rest[0] and atom[4] != "uncompared"
    if name == "reason":
        return lambda atom: atom[2] == "reason" and atom[3] == rest[1] and _in_column(atom[4], rest[0])
    if name == "withheld":
        return lambda atom: atom[2] == "type" and atom[4] == rest[0]
    if name == "apart by reason":
        return lambda atom: atom[2] == "reason" and atom[3] == rest[0] and atom[4].startswith("apart")
    if name == "differing":
        return lambda atom: atom[2] == "type" and (atom[3], *atom[5:]) == tuple(rest)
    if name == "ended":
        return lambda atom: atom[2] == "bin" and atom[4] == rest[0] and atom[5] != "running"
    ended = name == "bin ended"
    return lambda atom: atom[2] == "bin" and atom[3] == rest[0] and not (ended and atom[5] == "running")


MEASURES: dict[str, Where] = {
    "decided": lambda atom: True,
    "with": lambda atom: atom[4] in ("tie", *STATES["apart"], *STATES["alike"]),
    "without": lambda atom: atom[4] in STATES["uncompared"][1:],
    "compared": lambda atom: atom[4] not in STATES["uncompared"],
    "apart": lambda atom: atom[4] in STATES["apart"],
    "alike": lambda atom: atom[4] in STATES["alike"],
}


def _of_type(atom: Atom, name: str) -> bool:
    return atom[2] == "type" and name in ("alle", atom[3])


def _in_column(seen: str, column: str) -> bool:
    sides = {
        "all": SEEN, "agreement": (SEEN[0], SEEN[2]), "override": (SEEN[1], SEEN[3]), "uncompared": SEEN[4:]
    }  # fmt: skip
    return seen in sides[column]


def _states(*states: str) -> Where:
    return lambda atom: atom[4] in states


def told(name: str, category: str, case_type: str) -> tuple[Key, Where] | None:
    """The cell that a row of a file is about and which of its cases it counts; None for what is no count."""
    override, agreement = DECIDED["override"], DECIDED["agreement"]
    everything: Where = lambda atom: True  # noqa: E731
    rows: dict[str, tuple[Key, Where]] = {
        "afgjort": (("decided", case_type), everything),
        "med grundlag": (("with", case_type), everything),
        "uden grundlag": (("withheld", category) if category else ("without", case_type), everything),
        "andel uden grundlag": (("decided", case_type), MEASURES["without"]),
        "anderledes": (("compared", case_type), _states(*override)),
        "anderledes pr. sagstype": (("compared", category), _states(*override)),
        "egen vurdering anderledes pr. sagstype": (("compared", category), MEASURES["apart"]),
        "anderledes pr. måned": (("month", category), _states("override")),
        "egen vurdering anderledes": (("compared", case_type), MEASURES["apart"]),
        "ændret mod": (("apart", case_type), _states("switched")),
        "noget tredje": (("apart", case_type), _states("third")),
        "ændret væk": (("alike", case_type), _states("away")),
        "grund, alle": (("decided", "alle"), everything),
        "inden fristen": (("planned", case_type), _states("in time")),
        "besluttet som grundlaget, pr. tiendedel": (("bin", category), _states("agreement")),
        "gennemført, pr. tiendedel": (("bin ended", category), lambda atom: atom[5] == "completed"),
        "gennemført, anderledes": (("ended", "override"), lambda atom: atom[5] == "completed"),
        "gennemført, på linje": (("ended", "agreement"), lambda atom: atom[5] == "completed"),
        "begyndte anderledes, besluttet som flest": (
            ("differing", *category.split("/")), _states(*agreement),
        ),
        "fastholdt, egen vurdering først": (
            ("apart" if category == "anden" else "alike", case_type), _states("kept", "stayed"),
        ),
    }  # fmt: skip
    return rows.get(name)


PARTS = {
    "grund, alle": ("reason", "all"),
    "grund, på linje": ("reason", "agreement"),
    "grund, anderledes": ("reason", "override"),
    "begyndte anderledes, grund": ("apart by reason",),
}
"""Rows that give a cell and, as what it is of, a number that stands elsewhere in the file too."""


@dataclass
class Adversary:
    """Takes in files and says which groups of cases follow from them."""

    town: Town
    _sums: dict[tuple[int, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._atoms = self.town.atoms()
        self._number = {atom: number for number, atom in enumerate(self._atoms)}

    def read(self, units: Iterable[str], file: bytes) -> None:
        """Take in every count of a file about these units."""
        text = file.decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text), delimiter=";"):
            if row["antal"]:
                self._take_in(tuple(units), row)

    def _take_in(self, units: tuple[str, ...], row: dict[str, str]) -> None:
        hits, of = int(row["antal"]), int(row["af"] or row["antal"])
        within = self._within(units, row["periode"])
        if row["tal"] in PARTS:
            self._learn(within, in_cell((*PARTS[row["tal"]], row["kategori"])), hits)
            return
        about = told(row["tal"], row["kategori"], row["sagstype"])
        if about is not None:
            key, hit = about
            cell = in_cell(key)
            self._learn(within, cell, of)
            self._learn(within, lambda atom: cell(atom) and hit(atom), hits)
            self._learn(within, lambda atom: cell(atom) and not hit(atom), of - hits)

    def group(self, units: Iterable[str], period: str, *where: Where) -> tuple[int, ...]:
        """The numbers of the atoms of a group of cases."""
        within = self._within(tuple(units), period)
        return tuple(number for number in within if all(each(self._atoms[number]) for each in where))

    def _within(self, units: tuple[str, ...], period: str) -> list[int]:
        return [
            number for atom, number in self._number.items() if atom[0] in units and atom[1].startswith(period)
        ]

    def _learn(self, within: list[int], where: Where, count: int) -> None:
        self._sums[tuple(number for number in within if where(self._atoms[number]))] = count

    def finds(self, groups: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Those of the groups whose size follows from what was taken in."""
        nothing = {number for group, count in self._sums.items() if count == 0 for number in group}
        column = {n: place for place, n in enumerate(n for n in range(len(self._atoms)) if n not in nothing)}
        given = [self._vector(column, group) for group in self._sums]
        given += [self._vector(column, one) - self._vector(column, other) for one, other in self._links()]
        vectors = np.unique(np.array(given), axis=0)
        sizes, directions = np.linalg.eigh(vectors.T @ vectors)
        basis = directions.T[sizes > 1e-6]
        asked = list(groups)
        wanted = np.array([self._vector(column, group) for group in asked])
        left = np.linalg.norm(wanted - (wanted @ basis.T) @ basis, axis=1)
        return [group for group, rest in zip(asked, left, strict=True) if rest < 1e-6]

    def _vector(self, column: dict[int, int], group: tuple[int, ...]) -> np.ndarray:
        vector = np.zeros(len(column))
        vector[[column[number] for number in group if number in column]] = 1
        return vector

    def _links(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Groups of equal size in different tables: who is counted by type is counted by month, and so on."""
        for unit, quarter in product(self.town.units, self.town.quarters):
            within = self._within((unit,), quarter)

            def those(table: str, *where: Where, within: list[int] = within) -> tuple[int, ...]:
                atoms = self._atoms
                return tuple(
                    n for n in within if atoms[n][2] == table and all(each(atoms[n]) for each in where)
                )

            for name, states in DECIDED.items():
                side = those("type", _states(*states))
                yield side, those("month", _states(name))
                yield side, those("reason", lambda atom, name=name: _in_column(atom[4], name))  # type: ignore[misc]
                if name != "uncompared":
                    yield side, those("bin", _states(name))
            yield those("type", _states("switched")), those("reason", _states("apart switched"))
            yield those("type", _states("away")), those("reason", _states("alike away"))
            for case_type in self.town.types:
                of_type: Where = lambda atom, t=case_type: atom[3] == t  # type: ignore[misc] # noqa: E731
                yield those("type", of_type), those("start", of_type)
