"""What speaks against a version because it goes by what stands for a protected attribute, or by age."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.audit import AGE_MARGIN, FLIPS
from models.measured import finite, levels, points

Told = Mapping[str, Any]
Against = tuple[str, str, str]
"""The code of a finding, what was found, and what would make it pass."""


def by_proxy(flips: Told) -> Iterator[Against]:
    """Findings of a record's swaps: a protected input, a proxy that changes suggestions, and age.

    Raises KeyError, TypeError or ValueError for numbers that cannot be read.
    """
    yield from _flips(flips)
    yield from _by_age(flips)


def _flips(flips: Told) -> Iterator[Against]:
    for name in flips["direct"]:
        yield (
            "beskyttet_input",
            f"Beregningen bruger den beskyttede oplysning {name}.",
            "Tag den ud af det, der læres af.",
        )
    for each in flips["through"]:
        if finite(each["excess"]) > FLIPS and not each["clinical"]:
            yield (
                "stedfortraeder",
                _through(each),
                "Tag oplysningen ud, eller få den godkendt som fagligt kriterium for niveauet.",
            )


def _by_age(flips: Told) -> Iterator[Against]:
    """With the same function and the same criteria a suggestion may not go by age."""
    for each in flips["by_age"]:
        if finite(each["low"]) > AGE_MARGIN or finite(each["high"]) < -AGE_MARGIN:
            yield (
                "stedfortraeder",
                _moved(each),
                "Tag de oplysninger ud, der følger alderen, eller få dem godkendt som fagligt kriterium.",
            )


def _through(each: Told) -> str:
    return (
        f"{each['axis_label']} kan ændre beregningen gennem {each['label']}"
        f" i {points(each['excess'])} % af sagerne."
    )


def _moved(each: Told) -> str:
    way = "over" if each["gap"] > 0 else "under"
    return (
        "Med samme funktion og samme faglige kriterier ligger beregningen"
        f" {levels(abs(each['gap']))} niveau {way}, når resten er som for {each['to_label']}"
        f" og ikke som for {each['from_label']}."
    )
