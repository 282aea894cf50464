"""How the decision came about, told truly in each of the four variants, and what the system was in it.

Similar cases are told as counts. What the log does not prove is not said.
"""

from datetime import date

from babel.dates import format_date

from service.workflow.letter.ground import Ground

WHAT_WEIGHED = "Det lagde vi vægt på"
"""The heading of her own reasons; the course points to it."""

JUDGED_FIRST = (
    "Sagsbehandleren skrev sin egen vurdering ned, før lignende sager blev vist. Det viser vores log."
)
"""Said only when the log proves it."""

SEEN_WHEN_DECIDED = "De lignende sager var vist, da vi tog beslutningen."
"""Said of evidence that was shown when the log does not prove what came first."""

CHANGE = {
    "kept": "Sagsbehandleren holdt fast i sin vurdering.",
    "changed": "Sagsbehandleren ændrede sin vurdering.",
}
"""Said only after JUDGED_FIRST: what somebody thought first is else not known."""

NOT_SHOWN = {
    "declined": "Vi brugte ikke systemet i din sag. Det valgte sagsbehandleren.",
    "stopped": "Vi brugte ikke systemet i din sag. Det var slået fra.",
    "no_model": "Vi brugte ikke systemet i din sag. Det var ikke i brug den dag.",
    "abstained": "Systemet regnede på din sag. Det kom ikke frem til noget, der kan vises.",
    "objection": "Vi brugte ikke systemet i din sag. Du havde gjort indsigelse.",
    "restriction": "Vi brugte ikke systemet i din sag. Du havde bedt os vente med at bruge dine oplysninger.",
    "without_system": "Vi brugte ikke systemet i din sag. Det havde du bedt om.",
    "no_legal_basis": "Vi brugte ikke systemet i din sag. Det havde vi ikke lov til.",
    "not_a_level_case": "Vi brugte ikke systemet i din sag. Det bruges ikke til den slags planer.",
    "shadow": "Vi brugte ikke systemet i din sag. Det bliver prøvet af og regnede uden at vise noget.",
    "older_practice": "Vi brugte ikke systemet i din sag. Det bygger på sager fra før, reglerne blev ændret.",
    "bias_found": "Vi brugte ikke systemet i din sag. Vi er ved at undersøge, om det er skævt.",
    "additivity_failed": "Vi brugte ikke systemet i din sag. Det virkede ikke, som det skal.",
    "model_damaged": "Vi brugte ikke systemet i din sag. Det virkede ikke, som det skal.",
    "marked_wrong": "Vi brugte ikke systemet i din sag. Der var en fejl i en oplysning om dig.",
    "reported_wrong": "Vi brugte ikke systemet i din sag. Du havde sagt, at en oplysning var forkert.",
}
"""By the reason why nothing was shown (`WITHHELD_REASONS` but for the control arm)."""

CONTROL_ARM = (
    "Din sag var med i en stikprøve. I den ser sagsbehandleren ikke, hvad andre fik. Det blev afgjort ved at"
    " trække lod."
)
COMPUTED = "Systemet regnede på din sag, men viste ikke noget."
TELLS_ITSELF = ("abstained", "shadow")
"""Reasons whose sentence says already that something was computed."""


def course_of(ground: Ground) -> tuple[str, ...]:
    """What happened, in its order."""
    if ground.variant == "control_arm":
        return _without_evidence(ground, CONTROL_ARM)
    if ground.variant == "not_shown":
        return _without_evidence(ground, NOT_SHOWN[ground.why_withheld or ""])
    return _with_evidence(ground)


def about_the_system(ground: Ground) -> str:
    """What the system is, and what it was in this case, in as few words."""
    if ground.variant in ("not_shown", "control_arm"):
        return "Kommunen har et it-system, der kan vise, hvad andre fik før. Det viste ikke noget i din sag."
    return (
        "Kommunen har brugt et it-system, der viser, hvad andre fik før. Det har ikke besluttet noget."
        " Det ved ikke, hvad der er rigtigt for dig. Det kan tage fejl."
        " Det kender ikke det, du selv har sagt til os."
    )


def _without_evidence(ground: Ground, why: str) -> tuple[str, ...]:
    is_silent = ground.computed and ground.why_withheld not in TELLS_ITSELF
    return (
        "Sagsbehandleren læste din plan og skrev sin egen vurdering ned.",
        f"{why} {COMPUTED}" if is_silent else why,
        _decided(ground),
    )


def _with_evidence(ground: Ground) -> tuple[str, ...]:
    proved = ground.judged_first
    paragraphs = (
        ("Sagsbehandleren læste din plan.", JUDGED_FIRST if proved else ""),
        (_similar(ground), "" if proved else SEEN_WHEN_DECIDED),
        (CHANGE.get(ground.change, "") if proved else "", _beside_most(ground)),
        (_decided(ground),),
    )
    return tuple(text for said in paragraphs if (text := " ".join(filter(None, said))))


def _similar(ground: Ground) -> str:
    total = ground.similar_count
    if not total:
        return "Et it-system fandt kun få sager, der ligner din."
    counts = [f"I {each.count} af {total} fik borgeren {each.offer}." for each in ground.similar]
    return " ".join([f"Et it-system fandt {total} sager fra før, der ligner din.", *counts])


def _beside_most(ground: Ground) -> str:
    if not ground.similar:
        return ""
    if ground.variant == "other_than_most":
        return (
            f"De fleste fik altså {ground.most}. Du får {ground.offer}."
            f" Hvorfor kan du læse under »{WHAT_WEIGHED}«."
        )
    if ground.most is None:
        return "Der var ikke noget, som de fleste fik."
    return "Du får altså det samme som de fleste."


def _decided(ground: Ground) -> str:
    return f"Til sidst tog sagsbehandleren sin beslutning. Det var den {day(ground.decided_on)}."


def day(on: date) -> str:
    """A date as people write it: "30. juni 2026"."""
    return str(format_date(on, "d. MMMM y", locale="da"))
