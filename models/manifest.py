"""What an artifact says about itself: what it was made from, how, and when it must keep silent."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

VERSION_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class Thresholds:
    """When the service says nothing.

    `min_similar` cases at least must be as alike as `min_similarity`; the nearest must be as alike as
    `min_nearest`, else the case lies outside what was learned, as it does when unseen answers carry more
    than `max_unseen_share` of the similarity weight. `max_missing_share` is of the learned, asked questions.
    Levels whose shares lie less than `min_margin` apart are too close to call. ValueError when a threshold
    is no number from 0 to 1 (`min_similar`: a whole number of at least 1).
    """

    min_similar: int = 10
    min_similarity: float = 0.5
    min_nearest: float = 0.6
    max_missing_share: float = 0.5
    max_unseen_share: float = 0.05
    min_margin: float = 0.0

    def __post_init__(self) -> None:
        shares = {name: value for name, value in asdict(self).items() if name != "min_similar"}
        wrong = [name for name, value in shares.items() if not 0 <= value <= 1]
        if wrong or not (isinstance(self.min_similar, int) and self.min_similar >= 1):
            raise ValueError(f"{(wrong or ['min_similar'])[0]} is no threshold")


@dataclass(frozen=True)
class Manifest:
    """The maker's part of an artifact's manifest. `made_at` is RFC 3339; `weights` are of the similarity.

    `data_window` holds the first and last day of the decisions learned from; `counts` and `label_sources` are
    numbers of cases; `libraries` the versions that fitted and explained the model. `nearest` are quantiles,
    evenly from 0 to 1, of how alike the nearest other case is for those learned from.
    """

    version: str
    area: str
    made_at: str
    seed: int
    data_window: tuple[date, date]
    weights: Mapping[str, float]
    thresholds: Thresholds = field(default_factory=Thresholds)
    config: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    label_sources: Mapping[str, int] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    nearest: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not VERSION_PATTERN.fullmatch(self.version):
            raise ValueError(f"{self.version!r} is no version: letters, digits, point, dash and underscore")

    def to_json(self) -> dict[str, Any]:
        """The manifest as plain JSON."""
        return asdict(self) | {"data_window": [day.isoformat() for day in self.data_window]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """A manifest from its `to_json`; raises KeyError, TypeError or ValueError when it is not one."""
        first, last = data["data_window"]
        window = (date.fromisoformat(first), date.fromisoformat(last))
        nearest = tuple(float(each) for each in data.get("nearest", ()))
        if list(nearest) != sorted(nearest) or not all(0 <= each <= 1 for each in nearest):
            raise ValueError("the quantiles of the nearest rise from 0 to 1")
        read = {"data_window": window, "thresholds": Thresholds(**data["thresholds"]), "nearest": nearest}
        return cls(**{**data, **read})
