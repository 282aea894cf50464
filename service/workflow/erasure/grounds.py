"""Why a citizen's data are erased, or are not: codes, each with the provision it rests on.

Article 17(1)(b) is not among them, for no case rests on consent (art. 6(1)(e), Sundhedsloven § 140), and
(f) is about children and online services. What applies in a case is for the municipality to judge.
"""

from dataclasses import dataclass

from service.errors import SkoenError


class UnknownGround(SkoenError):
    """Not a code of the list."""

    status = 422


@dataclass(frozen=True)
class Ground:
    """A code, its provision, and when it fits."""

    code: str
    provision: str
    fits: str


ERASURES = (
    Ground(
        "no_longer_needed", "GDPR art. 17(1)(a), 5(1)(e)",
        "The time for which it had to be kept is over (journal, record-keeping and archive rules).",
    ),
    Ground(
        "objection", "GDPR art. 17(1)(c), 21(1)",
        "The citizen objects, and no overriding reason to go on is found.",
    ),
    Ground(
        "unlawful", "GDPR art. 17(1)(d)",
        "It should never have been here: another municipality's plan, another citizen's, no legal basis.",
    ),
    Ground(
        "legal_obligation", "GDPR art. 17(1)(e)",
        "A law or an order (Datatilsynet, a court) demands it.",
    ),
)  # fmt: skip

REFUSALS = (
    Ground(
        "duty_to_record", "GDPR art. 17(3)(b); offentlighedsloven §§ 13 and 15; autorisationsloven ch. 6",
        "The authority must be able to show what it decided and on what (Datatilsynet 5 July 2019,"
        " 2018-32-0286).",
    ),
    Ground(
        "archives", "GDPR art. 17(3)(d); arkivloven; BEK 591/2003 § 5(2)",
        "It is to be kept for the public archives, or may not yet be discarded.",
    ),
    Ground(
        "legal_claims", "GDPR art. 17(3)(e)",
        "A complaint, a review or a lawsuit needs it.",
    ),
    Ground(
        "still_needed", "GDPR art. 17(1), none of (a)-(f)",
        "None of the grounds for erasure is met.",
    ),
)  # fmt: skip

RETENTION = ERASURES[0].code
"""The ground of what is erased because its time is over."""


def require(code: str, grounds: tuple[Ground, ...]) -> None:
    """Raise UnknownGround, naming the codes, unless the code is one of them."""
    codes = [ground.code for ground in grounds]
    if code not in codes:
        raise UnknownGround(f"{code} is no ground. The grounds are: {', '.join(codes)}.")
