"""The service's question to a model version: what can be said about this case, or why nothing can."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from models.answers import FactValue, parse_value
from models.artifact import Artifact
from models.coding import Codes
from models.contributions import AdditivityFailed, Contributions, Pull, check_additive, contrast
from models.declaration import UNKNOWN, Source
from models.neighbourhood import Neighbourhood, Neighbours
from models.payload import Evidence
from models.reference import EVERYONE, Wanted
from models.stability import Stability
from models.tables import Floats, shapley
from models.uncertainty import Doubt, doubt_of

__all__ = ["AdditivityFailed", "Evidence", "Suggester"]

SHOWN_CASES = 20
FLAT_BELOW = (3, 5)
"""A most common level with less than three in five of the similar cases is a flat spread."""


class Suggester:
    """Answers for one model version. Makes its lookups once and keeps nothing from one case to the next."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self._book = artifact.codebook
        self._explainer = shapley(artifact.tables, artifact.background)
        self._stability = Stability(artifact.refitted, artifact.tables.classes, artifact.background)
        weights = [float(artifact.manifest.weights[name]) for name in self._book.names]
        self._share_of = dict(zip(self._book.names, (each / sum(weights) for each in weights), strict=True))
        self._neighbours = Neighbours(
            self._book,
            artifact.reference,
            weights,
            artifact.manifest.thresholds.min_similarity,
            artifact.manifest.nearest,
        )

    @property
    def engine(self) -> str:
        """Which engine finds the similar cases: "c-avx512", "c" or "numpy"."""
        return self._neighbours.engine

    def suggest(
        self,
        values: Mapping[str, FactValue | None],
        *,
        own_level: str | None,
        excluded_keys: Collection[str] = frozenset(),
        wanted: Wanted = EVERYONE,
        k: int = SHOWN_CASES,
        received_on: date | None = None,
        sources: Mapping[str, Source] | None = None,
    ) -> Evidence:
        """The evidence for the values of a case, compared with the caseworker's own level.

        `own_level` is None when her judgement names no level. `excluded_keys` are never shown, nor
        are cases that are not `wanted`. `sources` are
        the facts' own, where they differ from the declared. `received_on` is needed where a date is learned.
        Raises AdditivityFailed, FactsRefused for a value that cannot be (NaN counts as not answered), and
        KeyError for a name or level the area does not have.
        """
        self._check_names(values, own_level)
        known = {name: self._known(name, value) for name, value in values.items()}
        codes, unseen = self._book.coded(known, received_on)
        thresholds = self.artifact.manifest.thresholds
        wanted = replace(wanted, excluded_keys=wanted.excluded_keys | frozenset(excluded_keys))
        similar = self._neighbours.around(codes, wanted, k, thresholds.min_similar)
        scores = self.artifact.tables.scores(codes)[0]
        doubt = doubt_of(self.artifact.uncertainty, self._book.area.level_codes, scores, SHOWN_CASES)
        abstained = self._abstained(known, unseen, similar, doubt)
        pull, model_level = self._pull(known, codes, scores, own_level, similar.reference_level)
        return Evidence(
            artifact=self.artifact,
            values=known,
            sources=sources or {},
            own_level=own_level,
            abstained=abstained,
            flags=() if abstained else _flags(similar, model_level),
            similar=similar,
            contributions=None if abstained else pull,
            model_level=None if abstained else model_level,
            doubt=Doubt() if abstained else doubt,
            missing=tuple(q for q in self._book.questions if known.get(q.name) is None),
            unseen=unseen,
            wanted=wanted,
        )

    def _check_names(self, values: Mapping[str, FactValue | None], own_level: str | None) -> None:
        strangers = set(values) - set(self._book.area.by_name)
        if strangers:
            raise KeyError(f"no question {min(strangers)!r} in {self._book.area_name}")
        if own_level is not None and own_level not in self._book.area.level_codes:
            raise KeyError(f"no level {own_level!r} in {self._book.area_name}")

    def _known(self, name: str, value: FactValue | None) -> FactValue | None:
        found = parse_value(self._book.area.by_name[name], value)
        return None if found == UNKNOWN else found

    def _abstained(
        self,
        values: Mapping[str, FactValue | None],
        unseen: tuple[str, ...],
        similar: Neighbourhood,
        doubt: Doubt,
    ) -> tuple[str, ...]:
        thresholds = self.artifact.manifest.thresholds
        asked = self._book.asked
        missing = sum(values.get(question.name) is None for question in asked)
        unseen_share = sum(self._share_of[name] for name in unseen)
        reasons = {
            "too_incomplete": missing > thresholds.max_missing_share * len(asked),
            "outside_learned": similar.nearest < thresholds.min_nearest
            or unseen_share > thresholds.max_unseen_share,
            "too_few_similar": similar.reference_reason == "too_few",
            "too_close": doubt.margin < thresholds.min_margin,
        }
        return tuple(reason for reason, holds in reasons.items() if holds)

    def _pull(
        self,
        values: Mapping[str, FactValue | None],
        codes: Codes,
        scores: Floats,
        own: str | None,
        reference: str | None,
    ) -> tuple[Contributions, str]:
        phi, base = self._explainer.contributions(codes)
        check_additive(phi, base, scores)
        order = self._book.area.level_codes
        ranked = sorted(order, key=lambda level: -float(scores[order.index(level)]))
        from_level = own or order[0]
        to_level = next(level for level in (reference, *ranked) if level not in (None, from_level))
        levels = (from_level, str(to_level))
        pull = self._pull_between(codes, order.index(levels[0]), order.index(levels[1]), phi, base, scores)
        return contrast(self._book, values, pull, levels), ranked[0]

    def _pull_between(
        self, codes: Codes, low: int, high: int, phi: Floats, base: Floats, scores: Floats
    ) -> Pull:
        """From one level to another: what each question pulled, also in refitted models, and two together."""
        together = self._explainer.together(codes)
        return Pull(
            of=phi[high] - phi[low],
            again=self._stability.pulls(codes, low, high),
            together=together[high] - together[low],
            base=float(base[high] - base[low]),
            score=float(scores[high] - scores[low]),
        )


def _flags(similar: Neighbourhood, model_level: str) -> tuple[str, ...]:
    part, whole = FLAT_BELOW
    most = max(similar.by_level.values())
    flags = {
        "directions_differ": similar.reference_level not in (None, model_level),
        "flat_spread": most * whole < part * similar.count,
    }
    return tuple(flag for flag, holds in flags.items() if holds)
