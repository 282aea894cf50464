"""A few invented citizens who have used their rights: some wait for an answer, some have had theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from service.clock import local_date
from service.database import reading, writing
from service.demo.planned_cases import planned_cases
from service.identity import Actor
from service.workflow import rights


@dataclass(frozen=True)
class Told:
    """One request: how it came, how many days ago, in whose words, and the answer ("" while it waits)."""

    kind: str
    channel: str
    days_ago: int
    words: str
    answer: str = ""
    outcome: str = "granted"
    ground: str | None = None
    on_behalf: str = ""


TOLD = (
    Told("access", "letter", 27, "Jeg vil gerne se alt, hvad I har skrevet om mig."),
    Told("objection", "phone", 12, "Jeg synes ikke, at min sygdom skal regnes på."),
    Told(
        "similar_cases", "phone", 9, "Min sag skal ikke vises for andre.",
        "Din sag bliver ikke vist blandt lignende sager mere. Det gælder fra i dag.",
    ),
    Told(
        "training", "letter", 20, "I må ikke bruge min sag, når systemet skal lære.",
        "Din sag er ikke med, næste gang der laves en model.", on_behalf="Sønnen Per, fuldmagt af 2. marts.",
    ),
    Told(
        "rectification", "in_person", 31, "Jeg går uden stok indendørs. Det står der ikke.",
        "Vi har skrevet det til. Det, hospitalet skrev, kan ikke slettes.", "partly", "duty_to_record",
    ),
)  # fmt: skip
"""In the order in which they are given to the decided cases of a unit."""


def use(engine: Engine, by: Actor, now: datetime) -> int:
    """Let citizens of decided cases in a unit use their rights; gives how many did."""
    with reading(engine) as session:
        cases = planned_cases(session, by.unit_id, len(TOLD))
    for case_id, told in zip(cases, TOLD, strict=False):
        _one(engine, case_id, told, by, now)
    return len(cases)


def _one(engine: Engine, case_id: str, told: Told, by: Actor, now: datetime) -> None:
    received = local_date(now - timedelta(days=told.days_ago))
    with writing(engine) as session:
        asked = rights.ask(
            session, case_id, told.kind, channel=told.channel, words=told.words, received_on=received,
            now=now, by=by, speaker="representative" if told.on_behalf else "citizen",
            on_behalf=told.on_behalf,
        )  # fmt: skip
    if told.answer:
        with writing(engine) as session:
            rights.answer(
                session, asked.id, outcome=told.outcome, words=told.answer, ground=told.ground, now=now, by=by
            )
