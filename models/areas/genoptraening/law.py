"""On what terms the facts of § 140 are held: the laws, who answers for the quality, and both put together.

The one place where a law is named for a fact. The municipality's lawyer answers for it; no legal advice.
"""

from dataclasses import replace

from models.declaration import Code
from models.terms import Duty, LegalBasis, Sensitivity, Terms, Use

LAWS = (
    LegalBasis(
        "sul_140",
        "Sundhedsloven § 140",
        "Kommunen skal give dig genoptræning, når hospitalet har lavet en plan.",
    ),
    LegalBasis(
        "offl_13",
        "Offentlighedsloven § 13",
        "Kommunen skal skrive ned, hvad den lægger vægt på i din sag.",
    ),
    LegalBasis(
        "sul_42a",
        "Sundhedsloven § 42 a",
        "Kommunen må slå det op, som er nødvendigt for din behandling nu. Du kan sige nej.",
    ),
    LegalBasis(
        "sul_42d",
        "Sundhedsloven § 42 d",
        "Kommunen må bruge det til at holde øje med kvaliteten, når ledelsen har givet lov.",
    ),
)
OWNERS = (
    Code("hospital", "Hospitalet, der har sendt planen", "The hospital that sent the plan"),
    Code("visitation", "Lederen af visitationen", "The head of visitation"),
    Code("journal", "Lederen med ansvar for kommunens journal", "Whoever answers for the care record"),
    Code("data", "Dataejeren for Skøn", "The owner of the data in Skøn"),
)
"""Who answers for a fact being right."""

SENT = Terms(Duty.REQUIRED, "sul_140", "hospital", Sensitivity.SPECIAL)
READ = Terms(Duty.REQUIRED, "offl_13", "visitation", Sensitivity.SPECIAL)
COMPUTED = Terms(Duty.REQUIRED, "sul_140", "data", Sensitivity.SPECIAL)
EARLIER_PLANS = Terms(Duty.REQUIRED, "sul_140", "journal", Sensitivity.SPECIAL)
CARE_RECORD = Terms(Duty.VOLUNTARY, "sul_42a", "journal", Sensitivity.SPECIAL)
BIAS_TESTS = Terms(
    Duty.REQUIRED, "sul_42d", "data", Sensitivity.CONFIDENTIAL, uses=frozenset({Use.BIAS_TESTS})
)


def only_for_the_case(terms: Terms) -> Terms:
    """The same terms for a fact that is shown in the case and never learned from."""
    return replace(terms, uses=frozenset({Use.CASE}))
