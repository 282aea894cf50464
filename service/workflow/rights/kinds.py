"""The rights: what each is called, the law it rests on, its clock, and on what ground it is refused."""

from dataclasses import dataclass
from datetime import date, timedelta

from service.workflow.retention.schedule import months_after

ANSWER_MONTHS, EXTENDED_MONTHS = 1, 3
"""GDPR art. 12(3): one month from receipt, and with reasons two more. A deadline that falls on a weekend is
not moved: to be early is no fault."""


COMPLAINT = (
    "Du kan klage til Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, tlf. 33 19 32 00, dt@datatilsynet.dk."
    " Du kan også gå til domstolene."
)
"""Stands in every refusal, whole or in part (GDPR art. 12(4))."""


@dataclass(frozen=True)
class Kind:
    """One right. A choice is the citizen's alone: it is confirmed and cannot be refused or put off.

    `days` is the time for an answer where no month is meant; `complaint` is what a refusal adds.
    """

    code: str
    label: str
    law: str
    effect: str
    is_choice: bool = False
    days: int | None = None
    complaint: str = COMPLAINT


@dataclass(frozen=True)
class Ground:
    """Why a request is refused, wholly or partly: the provision, and the words for the citizen."""

    code: str
    provision: str
    words: str
    kinds: tuple[str, ...]


NO_USE = (
    "Der vises ikke grundlag i sagen. Ingen andre ser borgerens sager, og ingen model lærer af dem."
    " Statistik, der ikke er gjort op endnu, tæller dem ikke med."
)

KINDS = {
    each.code: each
    for each in (
        Kind("access", "Indsigt i egne oplysninger", "GDPR artikel 15", "Borgeren får et udtræk."),
        Kind(
            "rectification", "Rettelse af en oplysning", "GDPR artikel 16",
            "Oplysningen markeres som forkert. Den gamle udgave kan stadig læses.",
        ),
        Kind(
            "restriction", "Begrænsning af brugen", "GDPR artikel 18",
            NO_USE,
        ),
        Kind(
            "objection", "Indsigelse", "GDPR artikel 21",
            NO_USE,
        ),
        Kind(
            "without_system", "Se på sagen uden systemet", "Kommunens tilbud til borgeren",
            "Der vises ikke grundlag i sagen. Den afgøres, som man ellers gør.", is_choice=True,
        ),
        Kind(
            "similar_cases", "Ikke vises blandt andres lignende sager", "Kommunens tilbud til borgeren",
            "Borgerens sager vises ikke, når andre sager vurderes.", is_choice=True,
        ),
        Kind(
            "training", "Ikke bruges til nye modeller", "Kommunens tilbud til borgeren",
            "Borgerens sager er ikke med, når en ny model laves.", is_choice=True,
        ),
        Kind(
            "complaint", "Klage over beslutningen", "Reglerne om klage i afgørelsen",
            "Kommunen ser på sagen igen og sender klagen videre, hvis beslutningen fastholdes.",
            complaint="Styrelsen for Patientklager ser nu på klagen og skriver til dig.",
        ),
        Kind(
            "representation", "Lade en anden tale for sig", "forvaltningslovens § 8",
            "Den anden kan se og svare for borgeren, når fuldmagten er noteret.",
            complaint="Du kan klage over det sammen med beslutningen i din sag.",
        ),
        Kind(
            "human_contact", "Tale med et menneske", "Kommunens tilbud til borgeren",
            "En sagsbehandler ringer til borgeren eller aftaler et møde.", is_choice=True, days=7,
        ),
        Kind(
            "other_sources", "Ja til at hente oplysninger i omsorgsjournalen",
            "Kommunens tilbud til borgeren",
            "Det, der mangler i sagen, kan hentes i kommunens omsorgsjournal, indtil borgeren siger nej.",
            is_choice=True,
        ),
    )
}  # fmt: skip
"""By code, in the order in which people choose from them."""

GROUNDS = {
    each.code: each
    for each in (
        Ground(
            "rights_of_others", "GDPR artikel 15, stk. 4",
            "Oplysningerne handler også om andre, og hensynet til dem vejer tungere.", ("access",),
        ),
        Ground(
            "weightier_interests", "databeskyttelseslovens § 22",
            "Afgørende hensyn til private eller offentlige interesser vejer tungere.", ("access",),
        ),
        Ground(
            "not_inaccurate", "GDPR artikel 16", "Vi har undersøgt oplysningen. Den er ikke forkert.",
            ("rectification",),
        ),
        Ground(
            "duty_to_record", "GDPR artikel 16 og journalføringsbekendtgørelsen",
            "En journal må ikke slettes eller overskrives. Det, du har sagt, er skrevet til.",
            ("rectification",),
        ),
        Ground(
            "no_condition", "GDPR artikel 18, stk. 1",
            "Ingen af de situationer, hvor brugen kan begrænses, passer her.", ("restriction",),
        ),
        Ground(
            "compelling_grounds", "GDPR artikel 21, stk. 1",
            "Vægtige legitime grunde til at bruge oplysningerne går forud.", ("objection",),
        ),
        Ground(
            "legal_claims", "GDPR artikel 21, stk. 1",
            "Oplysningerne er nødvendige, for at et retskrav kan afgøres.", ("objection",),
        ),
        Ground(
            "upheld_and_forwarded", "klagereglerne i afgørelsen",
            "Vi har set på sagen igen og fastholder beslutningen. Klagen er sendt videre.", ("complaint",),
        ),
        Ground(
            "presence_needed", "forvaltningslovens § 8, stk. 2",
            "Det har betydning for sagen, at du selv er med.", ("representation",),
        ),
        Ground(
            "excessive", "GDPR artikel 12, stk. 5",
            "Anmodningen er åbenbart grundløs eller overdreven, fordi den gentages.",
            ("access", "rectification", "restriction", "objection"),
        ),
        Ground(
            "not_identified", "GDPR artikel 12, stk. 2 og 6",
            "Vi kan ikke se, hvem der spørger, og har forgæves bedt om at få det vist.",
            ("access", "rectification", "restriction", "objection"),
        ),
    )
}  # fmt: skip


def due_on(received_on: date, kind: Kind | None = None) -> date:
    """The day by which an answer must be given: the same day of the next month, or that month's last.

    A kind with days of its own is answered within those.
    """
    if kind is not None and kind.days is not None:
        return received_on + timedelta(days=kind.days)
    return months_after(received_on, ANSWER_MONTHS)


def extended_to(received_on: date) -> date:
    """The latest day to which the answer can be put off, counted from receipt."""
    return months_after(received_on, EXTENDED_MONTHS)


def grounds_for(kind: str) -> tuple[Ground, ...]:
    """The grounds on which a right can be refused; none for what is the citizen's own choice."""
    return tuple(each for each in GROUNDS.values() if kind in each.kinds)
