"""Why nothing is shown, in plain Danish: one sentence for what is the case, one for what she can do."""

from dataclasses import dataclass

from flask_babel import gettext


@dataclass(frozen=True)
class Withheld:
    """What the page says in place of the basis; `details` are the calculation's own sentences, if any."""

    reason: str
    sentence: str
    meaning: str
    details: tuple[str, ...] = ()


def withheld(reason: str, details: tuple[str, ...] = ()) -> Withheld:
    """The sentences for a reason; a reason without sentences raises KeyError: silence would be a riddle."""
    sentence, meaning = _sentences()[reason]
    return Withheld(reason, sentence, meaning, details)


def _sentences() -> dict[str, tuple[str, str]]:
    as_usual = gettext("Du beslutter, som du plejer. Det er noteret, at der ikke blev vist noget.")
    return {
        "declined": (gettext("Du har valgt, at der ikke vises grundlag i denne sag."), as_usual),
        "stopped": (gettext("Grundlag er slået fra i din enhed lige nu."), as_usual),
        "no_model": (gettext("Der er ingen beregningsmodel i brug."), as_usual),
        "abstained": (
            gettext("Beregningen siger ikke noget om denne sag."),
            as_usual,
        ),
        "control_arm": (
            gettext("Sagen indgår i en stikprøve uden grundlag. Den er trukket ved lodtrækning."),
            gettext("Stikprøven viser, hvad grundlaget betyder. Du beslutter, som du plejer."),
        ),
        "objection": (
            gettext("Borgeren har gjort indsigelse. Så længe den gælder, vises der ikke grundlag."),
            as_usual,
        ),
        "restriction": (
            gettext("Borgerens oplysninger må ikke bruges til grundlag, så længe de er begrænset."),
            as_usual,
        ),
        "without_system": (gettext("Borgeren har bedt om, at vi ser på sagen uden systemet."), as_usual),
        "similar_withdrawn": (
            gettext("En af de lignende sager må ikke længere vises. Grundlaget er derfor taget væk."),
            as_usual,
        ),
        "no_legal_basis": (
            gettext("Kommunen har ikke registreret et retsgrundlag for at vise grundlag."),
            as_usual,
        ),
        "not_a_level_case": (
            gettext("Kommunen skal ikke vælge niveau her. Derfor er der ingen lignende sager at vise."),
            as_usual,
        ),
        "shadow": (
            gettext("Beregningen er under afprøvning i kommunen. Ingen ser den endnu."),
            as_usual,
        ),
        "older_practice": (
            gettext("Praksis er ændret, siden sagerne bag beregningen blev besluttet."),
            gettext("Grundlag vises først, når en ny beregningsmodel er klar. Du beslutter, som du plejer."),
        ),
        "bias_found": (
            gettext("Beregningen har ikke bestået prøven for skævhed. Derfor vises den ikke."),
            gettext("Den vises først, når det er undersøgt. Du beslutter, som du plejer."),
        ),
        "additivity_failed": (
            gettext("Beregningen bestod ikke sin egen kontrol. Derfor vises den ikke."),
            gettext("Fejlen er noteret. Du beslutter, som du plejer."),
        ),
        "marked_wrong": (
            gettext("En oplysning i sagen er meldt forkert. Grundlaget er trukket tilbage."),
            gettext("Ret oplysningen, og vurder sagen igen."),
        ),
        "reported_wrong": (
            gettext(
                "Borgeren har sagt, at en oplysning er forkert. Grundlaget venter, til nogen har set på det."
            ),
            gettext("Se på meldingen først. Bagefter kan du vurdere sagen igen."),
        ),
        "model_damaged": (
            gettext("Beregningsmodellen kunne ikke åbnes sikkert. Derfor vises der ikke grundlag."),
            gettext("Fejlen er noteret. Du beslutter, som du plejer."),
        ),
    }
