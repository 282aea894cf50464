"""The rights: what each is called, the law it rests on, its clock, and on what ground it is refused."""

from dataclasses import dataclass
from datetime import date

from service.workflow.retention.schedule import months_after

ANSWER_MONTHS, EXTENDED_MONTHS = 1, 3
"""GDPR art. 12(3): one month from receipt, and with reasons two more. A deadline that falls on a weekend is
not moved: to be early is no fault."""


@dataclass(frozen=True)
class Kind:
    """One right. A choice is the citizen's alone: it is confirmed and cannot be refused or put off."""

    code: str
    label: str
    law: str
    effect: str
    is_choice: bool = False


@dataclass(frozen=True)
class Ground:
    """Why a request is refused, wholly or partly: the provision, and the words for the citizen."""

    code: str
    provision: str
    words: str
    kinds: tuple[str, ...]


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
            "Ingen grundlag i sagen. Borgerens sager vises ikke for andre, og ingen model lærer af dem.",
        ),
        Kind(
            "objection", "Indsigelse", "GDPR artikel 21",
            "Ingen grundlag i sagen. Borgerens sager vises ikke for andre, og ingen model lærer af dem.",
        ),
        Kind(
            "without_system", "Se på sagen uden systemet", "Kommunens tilbud til borgeren",
            "Ingen grundlag i sagen. Den afgøres, som man ellers gør.", is_choice=True,
        ),
        Kind(
            "similar_cases", "Ikke vises blandt andres lignende sager", "Kommunens tilbud til borgeren",
            "Borgerens sager vises ikke, når andre sager vurderes.", is_choice=True,
        ),
        Kind(
            "training", "Ikke bruges til nye modeller", "Kommunens tilbud til borgeren",
            "Borgerens sager er ikke med, når en ny model laves.", is_choice=True,
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

COMPLAINT = (
    "Du kan klage til Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, tlf. 33 19 32 00, dt@datatilsynet.dk."
    " Du kan også gå til domstolene."
)
"""Stands in every refusal, whole or in part (GDPR art. 12(4))."""


def due_on(received_on: date) -> date:
    """The day by which an answer must be given: the same day of the next month, or that month's last."""
    return months_after(received_on, ANSWER_MONTHS)


def extended_to(received_on: date) -> date:
    """The latest day to which the answer can be put off, counted from receipt."""
    return months_after(received_on, EXTENDED_MONTHS)


def grounds_for(kind: str) -> tuple[Ground, ...]:
    """The grounds on which a right can be refused; none for what is the citizen's own choice."""
    return tuple(each for each in GROUNDS.values() if kind in each.kinds)
