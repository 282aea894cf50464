"""Shelves whose answer is known: the model is the one part that tests may replace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.artifact import Artifact, ArtifactRefused
from models.audit import Audit, AuditRefused
from models.evidence import AdditivityFailed
from models.promotion import Verdict
from models.rule_change import Changed
from tests.payloads import PAYLOAD

PASSED = Verdict((), ())
"""A test for bias against which nothing speaks."""


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
    test: Verdict | None = PASSED

    def versions(self) -> tuple[str, ...]:
        """Nothing lies there under a name of its own."""
        return ()

    def changes(self) -> dict[str, tuple[Changed, ...]]:
        """Nothing weighs otherwise."""
        return {}

    def suggester(self, version: str, manifest_hash: str) -> "FixedShelf":
        """The only thing on the shelf."""
        return self

    def verdict(self, version: str, manifest_hash: str) -> Verdict:
        """What its test for bias came to; None for a record that is gone."""
        if self.test is None:
            raise AuditRefused("Version v1 er ikke prøvet for skævhed.")
        return self.test

    def audit(self, version: str, manifest_hash: str) -> Audit:
        """There is no record behind a known answer."""
        raise AuditRefused("Version v1 er ikke prøvet for skævhed.")

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


@dataclass
class StumblingShelf(FixedShelf):
    """A shelf whose model stumbles over something that nobody thought of."""

    error: type[Exception] = IndexError

    def suggest(self, values: Mapping[str, Any], *, own_level: str | None, **_: Any) -> FixedEvidence:
        """Fails."""
        raise self.error("what was not foreseen")
