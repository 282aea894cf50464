"""Whether levels look judged by people or written by a system: what is found, and what it means in words.

A municipality's levels may have been written by a robot, by a rule or by nobody in particular, whatever the
file says of them. Cases are counted one by one, so a file of any length takes little memory.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import numpy as np

from models.case_columns import Cases, local_ordinal
from models.decided_case import DecidedCase
from models.declaration import Area, Kind
from models.instants import COPENHAGEN, day_text
from models.labels import TOLD_BY, label_of

FEWEST = 50
AT_A_TIME = 10_000
MIDNIGHT = -(1 << 62)
ONE_LEVEL = 0.98
"""So large a share of one level is no judgement of single cases."""
DECIDES = 0.995
"""One column that foretells so many levels is the rule by which they were written."""
ALWAYS = 0.99
USUAL = 0.9
ONE_SECOND = 5
"""So many decisions in one second are not a person's."""
MANY = 0.2
AROUND = 100
LEAST_STEP = 0.25
STEP_ERRORS = 5.0
"""A share has changed suddenly when it moved by so many standard errors, and by a quarter at least."""


@dataclass(frozen=True)
class Finding:
    """Something that looks like systematic writing, in Danish. Where `refuses`, no model may be learned."""

    code: str
    refuses: bool
    found: str
    means: str
    cure: str

    def to_json(self) -> dict[str, Any]:
        """The finding as plain JSON."""
        return asdict(self)


class Tally:
    """What the levels of many cases look like; add every case, then ask for the findings."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self.cases = 0
        self._unknown = 0
        self._judged = [each for each in area.learned if each.kind in (Kind.CHOICE, Kind.SCALE)]
        self._levels: Counter[int] = Counter()
        self._by_value: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        self._seconds = array("q")
        self._days: Counter[int] = Counter()
        self._high: Counter[int] = Counter()

    def add(self, case: DecidedCase) -> None:
        """Count one case."""
        self.add_all((case,))

    def add_all(self, cases: Sequence[DecidedCase]) -> None:
        """Count some cases, column by column; only a level that would be learned from is looked at."""
        self.cases += len(cases)
        self._unknown += sum(case.label_source == "unknown" for case in cases)
        labels = [(case, label_of(case).level) for case in cases]
        kept = [case for case, level in labels if level is not None]
        levels = [self.area.level_codes.index(level) for _, level in labels if level is not None]
        self._levels.update(levels)
        self._count("municipality", [case.municipality for case in kept], levels)
        for question in self._judged:
            self._count(question.name, [case.facts[question.name].known for case in kept], levels)
        days = [local_ordinal(case.decided_at) for case in kept]
        self._seconds.extend(at for at in (_second(case.decided_at) for case in kept) if at != MIDNIGHT)
        self._days.update(days)
        self._high.update(day for day, level in zip(days, levels, strict=True) if level > 0)

    def add_columns(self, cases: Cases) -> None:
        """Count cases that are in columns: as `add_all`, without looking at each of them."""
        self.cases += len(cases)
        self._unknown += cases.about("label_source").counts().get("unknown", 0)
        first, which = cases.alike_in(map(cases.about, TOLD_BY))
        codes = self.area.level_codes
        labels = [label_of(cases[int(row)]).level for row in first]
        level = np.array([-1 if each is None else codes.index(each) for each in labels], dtype=np.int64)[
            which
        ]
        rows = np.flatnonzero(level >= 0)
        level = level[rows]
        self._levels.update({each: n for each, n in enumerate(np.bincount(level).tolist()) if n})
        told = [("municipality", cases.about("municipality"))]
        told += [(question.name, cases.answers(question.name)) for question in self._judged]
        for name, column in told:
            counts = column.rows(rows).counts_by(level, len(codes)).tolist()
            for value, by_level in zip(column.values, counts, strict=True):
                for each, count in enumerate(by_level):
                    if count and value is not None:
                        self._by_value[name][str(value)][each] += count
        at = cases.about("decided_at").rows(rows)
        seconds = at.numbers(_second)
        self._seconds.extend(seconds[seconds != MIDNIGHT].tolist())
        days = at.numbers(local_ordinal)
        _count_days(self._days, days)
        _count_days(self._high, days[level > 0])

    def _count(self, column: str, values: Sequence[Any], levels: Sequence[int]) -> None:
        for (value, level), count in Counter(zip(values, levels, strict=True)).items():
            if value is not None:
                self._by_value[column][str(value)][level] += count

    @property
    def labelled(self) -> int:
        """How many cases carry a level that would be learned from."""
        return self._levels.total()

    def findings(self) -> tuple[Finding, ...]:
        """What was found, that which keeps a model from being learned first."""
        found = [*self._authors(), *self._one_level(), *self._columns(), *self._bursts(), *self._changes()]
        return tuple(sorted(found, key=lambda each: not each.refuses))

    def _authors(self) -> Iterator[Finding]:
        if self.cases and not self.labelled:
            yield Finding(
                "no_human", True,
                "Ingen af niveauerne er valgt af et menneske, så vidt filen siger.",
                "Et niveau, som en robot eller ingen kendt har skrevet, er ikke et fagligt skøn.",
                "Find sager, hvor et menneske har valgt niveauet, og skriv legacy_human i label_source.",
            )  # fmt: skip
        elif self._unknown > 0.1 * self.cases:
            yield Finding(
                "unknown_author", False,
                f"{self._unknown} af {self.cases} niveauer har ukendt kilde.",
                "De indgår ikke. Er det bestemte slags sager, lærer modellen skævt af resten.",
                "Find ud af, hvem der skrev dem.",
            )  # fmt: skip

    def _one_level(self) -> Iterator[Finding]:
        if self.labelled < FEWEST:
            return
        level, count = self._levels.most_common(1)[0]
        if count >= ONE_LEVEL * self.labelled:
            yield Finding(
                "one_level", True,
                f"{count} af {self.labelled} niveauer er {self._name(level)}.",
                "Et niveau, der næsten altid er det samme, er skrevet fast af et system, eller det er kun "
                "en del af sagerne. Der er ikke noget at lære af det.",
                "Find de sager, der mangler, eller skriv robot som label_source for dem, et system skrev.",
            )  # fmt: skip

    def _columns(self) -> Iterator[Finding]:
        """A column that decides the level, or one of its values; the facts of need may well do the latter."""
        if self.labelled < 2 * FEWEST or self._levels.most_common(1)[0][1] >= ONE_LEVEL * self.labelled:
            return
        for column, values in self._by_value.items():
            known = sum(each.total() for each in values.values())
            foretold = sum(max(each.values()) for each in values.values())
            if known >= MANY * self.labelled and known >= 2 * FEWEST and foretold >= DECIDES * known > 0:
                if self._levels.most_common(1)[0][1] < DECIDES * self.labelled and len(values) > 1:
                    yield self._rule(column, foretold, known)
            elif column not in self.area.need and not self._is_scale(column):
                yield from self._values(column, values)

    def _rule(self, column: str, foretold: int, known: int) -> Finding:
        return Finding(
            "one_column_decides", True,
            f"{self._label(column)} alene afgør niveauet i {foretold} af {known} sager.",
            "Så fast en sammenhæng er en regel, et system har skrevet niveauet efter, og ikke et skøn.",
            "Find reglen, og skriv robot som label_source for de sager, den har skrevet.",
        )  # fmt: skip

    def _values(self, column: str, values: dict[str, Counter[int]]) -> Iterator[Finding]:
        for value, levels in sorted(values.items()):
            level, count = levels.most_common(1)[0]
            usual = self._levels[level] / self.labelled
            if levels.total() >= FEWEST and count >= ALWAYS * levels.total() and usual <= USUAL:
                yield Finding(
                    "one_value_decides", False,
                    f"{self._label(column)} {self._word(column, value)}: {count} af {levels.total()} sager "
                    f"fik niveauet {self._name(level)}. I alle sager er det {usual:.0%}.".replace("%", " %"),
                    "Det kan være sager, som altid er ens. Det kan også være en afsender eller et sted, hvor "
                    "niveauet bliver skrevet uden et skøn.",
                    "Spørg nogen, der kender sagerne.",
                )  # fmt: skip

    def _bursts(self) -> Iterator[Finding]:
        together = _in_company(np.asarray(self._seconds))
        if not together:
            return
        refuses = together >= MANY * self.labelled and self.labelled >= FEWEST
        yield Finding(
            "same_second", refuses,
            f"{together} af {len(self._seconds)} beslutninger er skrevet i samme sekund som mindst "
            f"{ONE_SECOND - 1} andre.",
            "Så hurtigt skriver kun et system. Det kan være en robot, eller tidspunktet er sat ved en "
            "flytning af data.",
            "Skriv robot som label_source for dem, en robot skrev. Er kun dagen kendt, så skriv tidspunktet "
            "00:00.",
        )  # fmt: skip

    def _changes(self) -> Iterator[Finding]:
        step = _sharpest_step(self._days, self._high)
        if step is not None:
            day, before, after = step
            yield Finding(
                "sudden_change", False,
                f"Omkring {day_text(day)} ændrede andelen over {self._name(0)} sig fra {before:.0%} til "
                f"{after:.0%}.".replace("%", " %"),
                "Det ligner en ny praksis (en lov, en vejledning) eller en ny måde at skrive niveauet på. "
                "Ældre sager lærer så modellen noget, der ikke gælder mere.",
                f"Gælder der en ny praksis, så træn med --practice-change {day.isoformat()}.",
            )  # fmt: skip

    def _is_scale(self, column: str) -> bool:
        return column in self.area.by_name and self.area.by_name[column].kind is Kind.SCALE

    def _name(self, level: int) -> str:
        return self.area.levels[level].label.lower()

    def _label(self, column: str) -> str:
        return "Kommunen" if column == "municipality" else self.area.by_name[column].label

    def _word(self, column: str, value: str) -> str:
        return value if column == "municipality" else self.area.by_name[column].code_label(value)


def findings_of(area: Area, cases: Iterable[DecidedCase]) -> tuple[Finding, ...]:
    """The findings of some cases."""
    tally, rest = Tally(area), iter(cases)
    if isinstance(cases, Cases):
        tally.add_columns(cases)
        return tally.findings()
    while some := tuple(islice(rest, AT_A_TIME)):
        tally.add_all(some)
    return tally.findings()


def _second(at: datetime) -> int:
    """The second of an instant since 1970, or MIDNIGHT: then only the day is known."""
    here = at.astimezone(COPENHAGEN)
    return MIDNIGHT if (here.hour, here.minute, here.second) == (0, 0, 0) else int(here.timestamp())


def _count_days(counts: Counter[int], days: Any) -> None:
    for day, count in zip(*(each.tolist() for each in np.unique(days, return_counts=True)), strict=True):
        counts[day] += count


def _in_company(seconds: Any) -> int:
    """How many decisions fell in one second with at least four others; sorts in place, to copy none."""
    seconds.sort()
    first = seconds[ONE_SECOND - 1 :] == seconds[: 1 - ONE_SECOND]
    among = np.zeros(len(seconds), dtype=bool)
    for place in range(ONE_SECOND):
        among[place : place + len(first)] |= first
    return int(among.sum())


def _sharpest_step(days: Counter[int], high: Counter[int]) -> tuple[date, float, float] | None:
    """The day from which a share was another, if it changed suddenly.

    Before and after are as many whole days as hold 100 cases: what came when on one day tells nothing.
    """
    ordered = sorted(days)
    cases = np.cumsum([0, *(days[day] for day in ordered)])
    above = np.cumsum([0, *(high[day] for day in ordered)])
    at = np.flatnonzero((cases >= AROUND) & (cases <= cases[-1] - AROUND))
    if not len(at):
        return None
    start = np.searchsorted(cases, cases[at] - AROUND, side="right") - 1
    end = np.searchsorted(cases, cases[at] + AROUND, side="left")
    earlier, later = cases[at] - cases[start], cases[end] - cases[at]
    before, after = (above[at] - above[start]) / earlier, (above[end] - above[at]) / later
    middle = np.clip((before + after) / 2, 1 / AROUND, 1 - 1 / AROUND)
    errors = np.abs(after - before) / np.sqrt(middle * (1 - middle) * (1 / earlier + 1 / later))
    sharpest = int(errors.argmax())
    if errors[sharpest] < STEP_ERRORS or abs(after - before)[sharpest] < LEAST_STEP:
        return None
    return date.fromordinal(ordered[at[sharpest]]), float(before[sharpest]), float(after[sharpest])
