"""A town whose old decisions gave one group too little, and whose staff often follow what they are shown.

Cases are real decided cases of a tiny area, so that the product's own label rules decide what is learned and
its own fitting code learns it. Chance comes from the seed alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from models.coding import Codebook
from models.decided_case import DecidedCase
from models.declaration import Area, Code, Kind, Option, Question, Source, Stage
from models.facts import Fact
from models.labels import LabelRules, source_of
from models.tables import ScoreTables
from models.terms import Duty, LegalBasis, Sensitivity, Terms
from training.candidates import fit_candidate
from training.codebook import fit_codebook
from training.labelled import Labelled, labelled

LEVELS = (Code("lav", "Lav"), Code("mellem", "Mellem"), Code("hoej", "Høj"))
MOST_NEED, CUTS = 24, (8.0, 16.0)
SHARE, TOO_LITTLE, DOUBT = 0.3, 4.0, 2.5
"""Three in ten belong to the group; half a level is four steps of need; two people differ by some steps."""
WISH = 0.03
DEPLOYED = datetime(2025, 1, 6, 8, tzinfo=UTC)
ROUND = timedelta(days=90)
TERMS = Terms(Duty.REQUIRED, "ingen", "by", Sensitivity.ORDINARY)
Numbers = NDArray[np.float64]
Levels = NDArray[np.int64]


def _asked(label: str, kind: Kind, **rest: object) -> Question:
    return Question(
        label, "Sådan.", kind, "alt", Source.PLAN_TEXT, Stage.VISITATION, "Prøve", "Byen.", TERMS, **rest  # type: ignore[arg-type]
    )  # fmt: skip


class TownFacts:
    """What is known of a citizen: how much is needed, and something that tells the group."""

    behov: Annotated[int, _asked("Behov", Kind.COUNT, low=0, high=MOST_NEED)]
    bydel: Annotated[str, _asked("Bydel", Kind.CHOICE, codes=(Code("nord", "Nord"), Code("syd", "Syd")))]


TOWN = Area(
    name="skaev_by",
    label="Den skæve by",
    legal_basis="Ingen",
    facts=TownFacts,
    levels=LEVELS,
    options=lambda plan_type, on: tuple(Option(level.code, level.label, is_level=True) for level in LEVELS),
    reasons=(Code("oensket", "Borgerens ønske"), Code("vane", "Praksis")),
    independent_reasons=("oensket",),
    laws=(LegalBasis("ingen", "Ingen", "Ingen."),),
    owners=(Code("by", "Byen"),),
)


@dataclass(frozen=True)
class Citizens:
    """Some citizens: their need, whether they belong to the group, and what would be fair."""

    need: Levels
    group: NDArray[np.bool_]

    @property
    def fair(self) -> Levels:
        """The level their need asks for."""
        return level_of(self.need.astype(np.float64))


def level_of(need: Numbers) -> Levels:
    """The level a need asks for."""
    return np.searchsorted(CUTS, need, side="right").astype(np.int64)


def citizens(of_each_need: int) -> Citizens:
    """Citizens of both groups with needs alike: so many of each need."""
    member = np.arange(of_each_need) < round(SHARE * of_each_need)
    return Citizens(np.repeat(np.arange(MOST_NEED + 1), of_each_need), np.tile(member, MOST_NEED + 1))


def judged(some: Citizens, chance: np.random.Generator, too_little: float = 0.0) -> Levels:
    """What a person judges of each: with doubt, and for the group by so many steps too little.

    Doubts fall evenly over those alike, in an order of chance, so that few cases tell what many drawn ones
    would.
    """
    seen = some.need - too_little * some.group
    for need in range(MOST_NEED + 1):
        for group in (True, False):
            alike = np.flatnonzero((some.need == need) & (some.group == group))
            evenly = (chance.permutation(len(alike)) + 0.5) / len(alike)
            seen[alike] += [DOUBT * NormalDist().inv_cdf(share) for share in evenly]
    return level_of(seen)


FACTS = {
    (need, group): {
        "behov": Fact(need, Source.PLAN_TEXT, None),
        "bydel": Fact("syd" if group else "nord", Source.PLAN_TEXT, None),
    }
    for need in range(MOST_NEED + 1) for group in (False, True)
}  # fmt: skip
BLANK = DecidedCase(
    request_id="", area=TOWN.name, municipality="0999", received_on=date(2024, 1, 1),
    discharged_on=date(2024, 1, 1), start_after=None, contact_from=None, contact_to=None, plan_type="",
    decided_at=DEPLOYED, facts={}, own_level=None, own_corrected_after_evidence=False, reference_level=None,
    model_level=None, model_version=None, final_level=None, reason_code=None, arm="none", shown=False,
    withheld_reason=None, label_source="legacy_human", origin="history", forms=(), team=None, place=None,
)  # fmt: skip


def old_records(some: Citizens, level: Levels) -> Iterator[DecidedCase]:
    """Decisions from the year before the tool came."""
    for row, (need, group) in enumerate(zip(some.need.tolist(), some.group.tolist(), strict=True)):
        yield replace(
            BLANK, request_id=f"old-{row}", facts=FACTS[need, group], final_level=LEVELS[level[row]].code,
            decided_at=DEPLOYED - timedelta(days=365 - row * 365 // len(level)),
        )  # fmt: skip


def records(
    some: Citizens, own: Levels, final: Levels, wish: NDArray[np.bool_], shown: bool, number: int
) -> Iterator[DecidedCase]:
    """One round of cases decided with the tool, as an export tells of them."""
    for row, (need, group) in enumerate(zip(some.need.tolist(), some.group.tolist(), strict=True)):
        case = replace(
            BLANK, request_id=f"{number}-{row}", facts=FACTS[need, group], origin="skoen", arm="evidence",
            phase="drift", shown=shown, own_level=LEVELS[own[row]].code, final_level=LEVELS[final[row]].code,
            reason_code="oensket" if wish[row] else "vane",
            decided_at=DEPLOYED + number * ROUND + timedelta(minutes=row),
        )  # fmt: skip
        yield replace(case, label_source=source_of(TOWN, case))


@dataclass(frozen=True)
class Model:
    """A fitted model of the town."""

    book: Codebook
    tables: ScoreTables

    def shares(self, some: Citizens) -> Numbers:
        """The shares of the levels (n, K) for each citizen."""
        values = [
            {"behov": need, "bydel": "syd" if group else "nord"}
            for need, group in zip(some.need.tolist(), some.group.tolist(), strict=True)
        ]
        return self.tables.probabilities(self.book.encode_many(values, [None] * len(values)))

    def gap(self) -> float:
        """By how many levels the group is suggested less than others of the same need; negative is less."""
        need = np.arange(MOST_NEED + 1)
        group, others = (
            self.shares(Citizens(need, np.full(len(need), member))) @ np.arange(len(LEVELS))
            for member in (True, False)
        )
        return float((group - others).mean())


def fitted(known: Labelled) -> Model:
    """The product's simplest model that tells citizens apart."""
    book = fit_codebook(known)
    codes = book.encode_many(known.values(), known.received_on())
    return Model(book, fit_candidate("logistic", book, codes, known.level, 1, known.weight).tables)


@dataclass(frozen=True)
class Round:
    """One round: the gap of what was suggested in it, and by how much the tool made decisions better.

    `gap` is None when nothing was shown. `better` is the share of fair decisions with the tool less that of
    the own judgements of the same cases, for everybody and for the group alone; beside it its standard error.
    """

    gap: float | None
    better: tuple[float, float]
    better_for_group: tuple[float, float]
    agreement: float


Learn = Callable[[list[DecidedCase]], Labelled | None]
"""From every case so far to what is learned from; None is nothing."""


def naive(cases: list[DecidedCase]) -> Labelled | None:
    """What a tool learns that takes every decision for the truth."""
    level = [TOWN.level_codes.index(str(case.final_level)) for case in cases]
    return Labelled(TOWN, tuple(cases), np.array(level, dtype=np.int64))


def by_the_rules(cases: list[DecidedCase]) -> Labelled | None:
    """What the label rules let it learn, practice having changed on the day the tool came."""
    known, _ = labelled(TOWN, tuple(cases), LabelRules(changed_on=DEPLOYED.date()))
    return known if len(known) else None


def undeclared(cases: list[DecidedCase]) -> Labelled | None:
    """What the label rules let it learn when nobody said that practice changed: old records only decay."""
    return labelled(TOWN, tuple(cases))[0]


def mean_of(values: Numbers) -> tuple[float, float]:
    """A mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def played(learn: Learn, rounds: int, of_each_need: int, follow: float, seed: int) -> list[Round]:
    """The town through some rounds of retraining, with a share of staff who follow what they are shown."""
    chance = np.random.default_rng(seed)
    some = citizens(of_each_need)
    cases = list(old_records(some, judged(some, chance, TOO_LITTLE)))
    told = []
    for number in range(rounds):
        known = learn(cases)
        model = None if known is None else fitted(known)
        own = judged(some, chance)
        follows, wish = chance.random(len(own)) < follow, chance.random(len(own)) < WISH
        said = own if model is None else model.shares(some).argmax(axis=1)
        with_tool = np.where(follows, said, own)
        final = np.where(wish, np.minimum(own + 1, len(LEVELS) - 1), with_tool)
        cases += records(some, own, final, wish, model is not None, number)
        better = (with_tool == some.fair).astype(np.float64) - (own == some.fair)
        gap, agreement = None if model is None else model.gap(), float((said == with_tool).mean())
        told.append(Round(gap, mean_of(better), mean_of(better[some.group]), agreement))
    return told
