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
    """

    min_similar: int = 10
    min_similarity: float = 0.5
    min_nearest: float = 0.6
    max_missing_share: float = 0.5
    max_unseen_share: float = 0.05


@dataclass(frozen=True)
class Manifest:
    """The maker's part of an artifact's manifest. `made_at` is RFC 3339; `weights` are of the similarity.

    `data_window` holds the first and last day of the decisions learned from; `counts` and `label_sources` are
    numbers of cases; `libraries` the versions that fitted and explained the model.
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
        return cls(**{**data, "data_window": window, "thresholds": Thresholds(**data["thresholds"])})
