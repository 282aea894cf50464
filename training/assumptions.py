"""What is assumed about a municipality that does not exist: read from data/synthetic, or neutral."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.declaration import Area
from training.neutral import neutral_numbers, neutral_words

FOLDER = Path(__file__).resolve().parents[1] / "data" / "synthetic"


class AssumptionsRefused(ValueError):
    """The file of assumptions does not fit the area; the message names what and where."""


@dataclass(frozen=True)
class Assumptions:
    """The numbers behind an invented population of one area, and the words of its plans."""

    area: Area
    numbers: Mapping[str, Any]
    words: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        """One section of the numbers; an unknown one raises KeyError."""
        return self.numbers[section]

    @property
    def groups(self) -> Mapping[str, Mapping[str, Any]]:
        """The groups that citizens fall into, by code."""
        groups: Mapping[str, Mapping[str, Any]] = self.numbers["groups"]
        return groups


def assumptions_of(area: Area, folder: Path = FOLDER) -> Assumptions:
    """The assumptions of an area: its own files where they exist, else neutral ones from its declaration.

    Raises AssumptionsRefused when a file speaks of questions or codes that the area does not have.
    """
    neutral = neutral_numbers(area)
    numbers, words = folder / f"{area.name}.toml", folder / f"{area.name}.texts.toml"
    own = tomllib.loads(numbers.read_text("utf-8")) if numbers.exists() else {}
    _check(area, own)
    merged = {section: own.get(section, neutral[section]) for section in neutral}
    merged["facts"] = neutral["facts"] | own.get("facts", {})
    said = tomllib.loads(words.read_text("utf-8")) if words.exists() else neutral_words(area)
    return Assumptions(area, merged, said)


def _check(area: Area, own: Mapping[str, Any]) -> None:
    need = own.get("need", {})
    named = set(own.get("facts", {})) | set(need.get("per_step", {})) | set(need.get("codes", {}))
    strangers = sorted(named - set(area.by_name) - {"assumption"})
    if strangers:
        raise AssumptionsRefused(f"{area.name}.toml speaks of unknown questions: {', '.join(strangers)}")
    for question, weights in need.get("codes", {}).items():
        if isinstance(weights, Mapping):
            unknown = sorted(set(weights) - set(area.by_name[question].code_values))
            if unknown:
                raise AssumptionsRefused(
                    f"{area.name}.toml: need.codes.{question} has unknown codes {', '.join(unknown)}"
                )
