"""On what terms a fact is held: by duty or by choice, on which law, for what, how long, by whose word.

A question names its terms. What the law says stands once, in the area's table of legal bases; how long
something is kept stands in the municipality's schedule, of which `kept` names a line.
"""

from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """Whether the citizen can say no to a fact."""

    VOLUNTARY = "frivillig"
    REQUIRED = "kommunen_skal"


class Use(StrEnum):
    """What a fact may be used for. What is not among a question's uses is refused."""

    CASE = "sagen"
    LEARNING = "beregning"
    BIAS_TESTS = "skaevhed"
    OUTSIDE = "eksternt"


class Sensitivity(StrEnum):
    """How much of somebody a fact lays open, least first."""

    ORDINARY = "almindelig"
    CONFIDENTIAL = "fortrolig"
    FELT_PRIVATE = "opleves_privat"  # money and the like: people feel it is their own, whatever the law says
    SPECIAL = "saerlig_kategori"  # health, origin, belief (GDPR art. 9)
    IDENTITY = "cpr"


@dataclass(frozen=True)
class LegalBasis:
    """One law: its code, its name as it is cited, and in one plain sentence what it says of the facts."""

    code: str
    name: str
    says: str


@dataclass(frozen=True)
class Terms:
    """The terms of a fact. No fact may go to anybody outside unless its uses say so.

    `law` is a code of the area's legal bases, `owner` one of its quality owners, `kept` a line of the
    schedule of retention.
    """

    duty: Duty
    law: str
    owner: str
    sensitivity: Sensitivity
    uses: frozenset[Use] = frozenset({Use.CASE, Use.LEARNING})
    kept: str = "citizens"

    @property
    def health(self) -> bool:
        """Whether it is of a special category, which here means health."""
        return self.sensitivity is Sensitivity.SPECIAL
