"""How two versions explain the same later cases: what each fact pulls, and how alike the explanations are."""

from typing import Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from models.contributions import LITTLE_FROM, MAX_SHOWN
from models.stability import Stability
from models.tables import Floats, shapley
from training.chance import Indexes
from training.labelled import Labelled
from training.measures import evenly, wilson

MEASURED_ON = 200
STRONGEST = 5
NO_PULL = 1e-12


class Pulls:
    """What a version's facts pull on at most 200 of the later cases, and in each of its refitted models.

    `level` (n,) is the likeliest level, `up` (n, Q) the pull to the highest level from the lowest, `up_again`
    (n, R, Q) the same in the R refitted models, `names` the Q facts.
    """

    def __init__(self, version: Artifact, later: Labelled) -> None:
        places = evenly(len(later), MEASURED_ON)
        codes = later.codes(version.codebook)[places]
        self.cases = len(places)
        self.level = version.tables.scores(codes).argmax(axis=1)
        found = shapley(version.tables, version.background).contributions_many(codes)
        again = Stability(version.refitted, version.tables.classes, version.background).contributions_many(
            codes
        )
        self.names = version.codebook.names
        self._place = {name: place for place, name in enumerate(version.codebook.names)}
        self.up = found[:, -1] - found[:, 0]
        self.up_again = again[:, :, -1] - again[:, :, 0]
        self._share = _shares(_pull(found))
        self._shares_again = np.apply_along_axis(_shares, 1, _pull(again))

    def share(self, name: str) -> tuple[float, float]:
        """A fact's share of all pull and its standard error; nothing for a fact the version does not know."""
        if name not in self._place:
            return 0.0, 0.0
        place = self._place[name]
        return float(self._share[place]), float(self._shares_again[:, place].std(ddof=1))

    def directions(self, name: str) -> Floats | None:
        """What a fact pulls upwards in each refitted model, case by case (R, n); None if it is not known."""
        return self.up_again[:, :, self._place[name]].T if name in self._place else None


def shares_of_pull(version: Artifact, codes: Codes) -> dict[str, float]:
    """Each fact's share of all pull over some cases; zero everywhere for a model without pull."""
    found = shapley(version.tables, version.background).contributions_many(codes)
    return dict(zip(version.codebook.names, _shares(_pull(found)).tolist(), strict=True))


def _pull(contributions: Floats) -> Floats:
    """How much each fact pulls any way, on average (..., Q), of contributions (n, ..., K, Q)."""
    return np.asarray(np.abs(contributions).sum(axis=-2).mean(axis=0))


def _shares(pull: Floats) -> Floats:
    total = float(pull.sum())
    return pull / total if total else np.zeros_like(pull)


def strongest_of(pull: Floats) -> Indexes:
    """The places of the pulls (Q,) that a page would show, strongest first; none where there is no pull."""
    strongest = np.argsort(-np.abs(pull), kind="stable")[:MAX_SHOWN]
    return strongest[np.abs(pull[strongest]) >= LITTLE_FROM * max(np.abs(pull).sum(), 1e-12)]


def same_order(own: Floats, others: Floats) -> Floats:
    """Whether any two are in the same order of size (1) or not (-1) in each of several rows; 0 for equals.

    The mean is Kendall's tau.
    """
    own, others = np.abs(own), np.abs(others)
    first, second = np.triu_indices(len(own), 1)
    agree = np.sign(own[first] - own[second]) * np.sign(others[:, first] - others[:, second])
    return np.asarray(agree)


def alike(before: Pulls, now: Pulls) -> dict[str, Any]:
    """How often the two come to the same level, and to the same strongest fact; how alike they order facts.

    `order` is the mean of Kendall's tau over the five strongest facts of the version before. Beside both
    stands what the version before comes to with itself fitted again, for so much is chance. None where
    either version has no model.
    """
    same = int((before.level == now.level).sum())
    told: dict[str, Any] = {
        "level": {"share": round(same / before.cases, 4), "interval": list(wilson(same, before.cases))},
        "strongest": None,
        "order": None,
    }
    pulling = (np.abs(before.up).sum(axis=1) > NO_PULL) & (np.abs(now.up).sum(axis=1) > NO_PULL)
    if not pulling.any():
        return told
    was, again, new = before.up[pulling], before.up_again[pulling], in_order_of(before.names, now)[pulling]
    return told | {
        "strongest": _beside_itself(_same_strongest(was, new[:, None]), _same_strongest(was, again)),
        "order": _beside_itself(_tau(was, new[:, None]), _tau(was, again)),
    }


def _beside_itself(other: Floats, itself: Floats) -> dict[str, float]:
    return {"value": round(float(other.mean()), 4), "fitted_again": round(float(itself.mean()), 4)}


def in_order_of(names: tuple[str, ...], pulls: Pulls) -> Floats:
    """The pulls (n, Q') in the order of other names, zero where one is not known, new ones last."""
    every = [*names, *(name for name in pulls.names if name not in names)]
    place = {name: column for column, name in enumerate(pulls.names)}
    columns = [pulls.up[:, place[name]] if name in place else np.zeros(pulls.cases) for name in every]
    return np.stack(columns, axis=1)


def _same_strongest(own: Floats, others: Floats) -> Floats:
    """Whether the strongest of a case's pulls (n, Q) is the strongest in others (n, R, Q' >= Q): (n, R)."""
    mine, theirs = np.abs(own).argmax(axis=1), np.abs(others).argmax(axis=2)
    return np.asarray(theirs == mine[:, None], dtype=np.float64)


def _tau(own: Floats, others: Floats) -> Floats:
    """Kendall's tau of a case's five strongest pulls (n, Q) with the same in others (n, R, Q'): (n, R)."""
    strongest = np.argsort(-np.abs(own), axis=1, kind="stable")[:, :STRONGEST]
    cases = zip(own, others, strongest, strict=True)
    return np.stack([same_order(mine[top], theirs[:, top]).mean(axis=1) for mine, theirs, top in cases])
