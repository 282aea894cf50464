"""The employees' survey: a few statements about work and judgement. Codes never vanish."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One statement, worded so that agreeing is good for whoever works here."""

    code: str
    text: str


QUESTIONS = (
    Statement("tid_til_sagen", "Jeg har tid nok til at sætte mig ind i sagen."),
    Statement("tid_til_borgeren", "Jeg har tid nok til kontakten med borgeren."),
    Statement("eget_skoen", "Jeg bruger mit eget faglige skøn, når jeg beslutter."),
    Statement("let_at_beslutte_andet", "Det er lige så let at beslutte andet end i flest lignende sager."),
    Statement("grundlaget_hjaelper", "Grundlaget viser mig noget, som jeg ellers kunne overse."),
    Statement("tryg_ved_loggen", "Jeg er tryg ved det, som Skøn gemmer om mit arbejde."),
)
ANSWERS = {
    "helt_enig": "Helt enig",
    "enig": "Enig",
    "hverken": "Hverken eller",
    "uenig": "Uenig",
    "helt_uenig": "Helt uenig",
}
AGREE = ("helt_enig", "enig")
LEAST_ANSWERS = 5
"""A statement with fewer answers is hidden."""
