"""The least that is learned from: what a model, or similar cases alone, may rest on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Minima:
    """The least that a model, or similar cases alone, may rest on; `facts` is the share of them carried.

    The facts by which cases are comparable must be carried for either.
    """

    cases: int
    per_level: int
    facts: float


MINIMA = {"model": Minima(300, 40, 0.6), "similar_only": Minima(100, 10, 0.4)}
