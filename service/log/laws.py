"""On which law something was done or somebody looked: every entry names one, by its code in this table.

The law follows from what the event is about, so nobody can choose another one, and none can be forgotten.
The municipality's lawyer answers for the table; it is no legal advice.
"""

from collections.abc import Mapping

from service.log.events import Event

CASEWORK, REASONS, RIGHTS, ERASURE, SECURITY, QUALITY, DEPLOYER = (
    "sul_140", "fvl_22", "gdpr_12", "gdpr_17", "gdpr_32", "sul_42d", "ai_26",
)  # fmt: skip
LAWS: Mapping[str, str] = {
    CASEWORK: "Sundhedsloven § 140 (genoptræning) og offentlighedsloven § 13 (notatpligt)",
    REASONS: "Forvaltningsloven §§ 22-26 (begrundelse og klagevejledning)",
    RIGHTS: "Databeskyttelsesforordningen artikel 12-21 (borgerens rettigheder)",
    ERASURE: "Databeskyttelsesforordningen artikel 5, stk. 1, litra e, og artikel 17 (sletning)",
    SECURITY: "Databeskyttelsesforordningen artikel 32 (sikkerhed)",
    QUALITY: "Sundhedsloven § 42 d (kvalitet)",
    DEPLOYER: "AI-forordningen artikel 26 (den, der bruger systemet)",
}
"""By code, the law as it is cited. A code never comes to mean another law: entries hold it for good."""

BY_SUBJECT: Mapping[str, str] = {
    **dict.fromkeys(
        ("case", "cases", "facts", "return", "assessment", "consultation", "suggestion", "decision",
         "planning", "delivery", "data", "capacity"),
        CASEWORK,
    ),
    "letter": REASONS,
    **dict.fromkeys(("right", "citizen", "fact"), RIGHTS),
    **dict.fromkeys(("key", "erasure", "shard"), ERASURE),
    **dict.fromkeys(
        ("access", "rules", "epoch", "signer", "person", "password", "membership", "municipality", "command",
         "clock"),
        SECURITY,
    ),
    **dict.fromkeys(("review", "survey", "statistics", "trial"), QUALITY),
    **dict.fromkeys(
        ("phase", "unit", "stop", "model", "register", "quiz", "shadow", "limits", "documents"), DEPLOYER
    ),
}  # fmt: skip
"""By what an event is about (the part of its name before the colon), the code of its law."""


def law_of(event: Event) -> str:
    """The code of the law that an event rests on; one that is about something new raises KeyError."""
    return BY_SUBJECT[event.value.partition(":")[0]]
