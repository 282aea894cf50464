"""How a letter says things to the citizen: the facts, reasons and offers of § 140 in plain words.

Sentences tell a fact and nothing more: no word that judges, and none that says what followed from it.
"""

from collections.abc import Mapping

from models.areas.genoptraening import facts
from models.citizen_words import CitizenWords

HOW_HARD = {
    "0": "Du har ikke svært ved {}.",
    "1": "Du har lidt svært ved {}.",
    "2": "Du har noget svært ved {}.",
    "3": "Du har meget svært ved {}.",
    "4": "Du har brug for hjælp til {}.",
}
"""By code of a limitation."""


def _hard(doing: str) -> Mapping[str, str]:
    return {code: sentence.format(doing) for code, sentence in HOW_HARD.items()}


_LAW = (
    "Reglerne står i sundhedsloven § 140."
    " Du har ret til gratis træning, når en læge har skrevet, at du har brug for den."
)
_LEVEL = f"{_LAW} Kommunen vælger, om den er basal eller avanceret."

WORDS = CitizenWords(
    law={
        "basal": _LEVEL,
        "avanceret": _LEVEL,
        "rehabilitering": f"{_LAW} Det er sygehuset, der har valgt, hvilken slags det er.",
    },
    offers={
        "basal": "træning på basalt niveau",
        "avanceret": "træning på avanceret niveau",
        "rehabilitering": "rehabilitering på specialiseret niveau",
    },
    weighed={
        "oplysning_mangler": "noget om dig, som systemet ikke ved",
        "borgerens_maal": "dine egne mål og ønsker",
        "funktion_nu": "hvordan du klarer dig nu",
        "sygdom_risiko": "dine andre sygdomme eller en risiko",
        "hjem_netvaerk": "dit hjem og de mennesker, du har om dig",
        "retningslinje": "de faglige regler på området",
        "sparring": "råd fra en kollega eller en specialist",
        "praksis": "hvad andre har fået i sager, der ligner din",
        "kapacitet": "hvilke tilbud der er, og om der er plads",
        "faglig_viden": "hvad sagsbehandleren ved om den slags forløb fra sit fag",
        "andet": "noget andet end det, der står på vores liste",
    },
    known={
        "funk_mobilitet": _hard("at gå og rejse dig"),
        "funk_egenomsorg": _hard("at vaske dig, klæde dig på og spise"),
        "funk_praktisk": _hard("at lave mad, købe ind og gøre rent"),
        "funk_mental": _hard("at huske og holde overblik"),
        "funk_krop": _hard("at bruge kroppen"),
        "funk_foer": {
            "selvhjulpen": "Før klarede du dig selv.",
            "delvis": "Før fik du hjælp til noget.",
            "afhaengig": "Før fik du hjælp til det meste.",
        },
        "behandlingstype": {
            "kirurgisk": "Du er blevet opereret.",
            "medicinsk": "Du er ikke blevet opereret.",
        },
        "smerte_beskrevet": {
            "ingen": "Du har ikke smerter.",
            "lette": "Du har lette smerter.",
            "moderate": "Du har en del smerter.",
            "svaere": "Du har svære smerter.",
        },
        "ganghjaelpemiddel": {
            "ingen": "Du går uden hjælpemidler.",
            "stok": "Du går med stok.",
            "rollator": "Du går med rollator.",
            "koerestol": "Du bruger kørestol.",
        },
        "faldrisiko": {
            "nej": "I planen står der ikke noget om fald.",
            "ja": "I planen står der, at du er faldet eller kan falde.",
        },
        "boligform": {
            "eget_hjem": "Du bor i dit eget hjem.",
            "midlertidig": "Du bor på en midlertidig plads.",
            "plejebolig": "Du bor i en plejebolig.",
        },
    },
    why={
        facts.LEVEL_CRITERION: "Den viser, hvad du har svært ved. Det ser vi på, når vi vælger din træning.",
        facts.COMPETENCE: "Den viser, hvad en træner skal kunne, og hvad der skal til af udstyr.",
        facts.COORDINATION: "Den viser, om flere skal hjælpe dig på samme tid.",
        facts.CLOCK: "Den bruges til at holde fristen.",
        facts.COMPLETENESS: "Den viser, hvor meget vi ved om dig.",
    },
)
"""Which facts the draft tells; all of them stand in the letter's table."""
