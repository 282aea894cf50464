"""Shelves whose answer is known: the model is the one part that tests may replace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.artifact import Artifact, ArtifactRefused
from models.evidence import AdditivityFailed
from tests.payloads import PAYLOAD


@dataclass(frozen=True)
class FixedEvidence:
    """Evidence that says what it is told to say."""

    said: Mapping[str, Any]

    def payload(self) -> dict[str, Any]:
        """What is shown."""
        return dict(self.said)


@dataclass
class FixedShelf:
    """A shelf on which every version says the same; `asked` counts how often."""

    said: Mapping[str, Any] = field(default_factory=lambda: PAYLOAD)
    asked: int = 0

    def versions(self) -> tuple[str, ...]:
        """Nothing lies there under a name of its own."""
        return ()

    def suggester(self, version: str, manifest_hash: str) -> "FixedShelf":
        """The only thing on the shelf."""
        return self

    @property
    def artifact(self) -> Artifact:
        """There is none behind a known answer: a page about the model says that it cannot be opened."""
        raise ArtifactRefused("damaged", "tables.npz")

    def suggest(self, values: Mapping[str, Any], *, own_level: str | None, **_: Any) -> FixedEvidence:
        """What the model says, whatever it is asked."""
        self.asked += 1
        return FixedEvidence({**self.said, "own_level": own_level})


class DamagedShelf(FixedShelf):
    """A shelf whose artifact is refused when it is opened."""

    def suggester(self, version: str, manifest_hash: str) -> FixedShelf:
        """Refuses."""
        raise ArtifactRefused("damaged", "tables.npz")


class WrongSumShelf(FixedShelf):
    """A shelf whose contributions do not add up to the score."""

    def suggest(self, values: Mapping[str, Any], *, own_level: str | None, **_: Any) -> FixedEvidence:
        """Refuses."""
        raise AdditivityFailed("contributions and base miss the score by 0.1")
