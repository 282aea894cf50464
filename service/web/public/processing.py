"""Where data of single citizens are processed, and where only groups are: told apart in the catalogue.

What is done with single citizens falls under the municipality's policy of data ethics, and nothing new of it
is taken into use before it is assessed (service.workflow.registers.tasks).
"""

from dataclasses import dataclass

from flask_babel import gettext

from models.terms import Use
from service.limits import in_force
from service.web.public.fact_terms import use_words

INDIVIDUAL = (Use.CASE, Use.LEARNING, Use.BIAS_TESTS, Use.OUTSIDE)
"""Every use of a fact is of single citizens, also where the answer is one of groups."""


@dataclass(frozen=True)
class Processing:
    """One way data are processed: its name, whether it is of single citizens, and what then holds."""

    label: str
    individual: bool
    level: str
    rule: str


def processings() -> tuple[Processing, ...]:
    """All of them, those of single citizens first."""
    least = in_force().strictest("least_cases")
    policy = gettext("Den dataetiske politik gælder. Nyt vurderes i registret, før det bruges.")
    hidden = gettext("Et tal vises fra %(least)s sager. Færre er skjult.", least=least)
    groups = (
        gettext("Teamets praksis, ensartethed og frister"),
        gettext("Effekt før og efter"),
        gettext("Offentlige tal og den årlige rapport"),
    )
    return (
        *(_one(use_words(use), True, gettext("Enkelte borgere"), policy) for use in INDIVIDUAL),
        *(_one(label, False, gettext("Kun grupper"), hidden) for label in groups),
    )


def _one(label: str, individual: bool, level: str, rule: str) -> Processing:
    return Processing(label[:1].upper() + label[1:], individual, level, rule)
