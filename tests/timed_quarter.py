"""A quarter in which each caseworker has a pace of her own: what no page for leaders may tell."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Engine

from service.database import writing
from service.identity import Actor
from service.workflow import assessment, decision, suggestion
from tests.builders import READ, a_case, an_admission
from tests.cast import NOW, Cast
from tests.quarter import a_third_caseworker
from tests.shelves import FixedShelf

MINUTES: Mapping[str, tuple[int, ...]] = {
    "alma": (11,) * 6,
    "bent": (21,) * 4 + (31,) * 2,
    "ebbe": (27,) * 4 + (37,) * 5,
}
"""How long each took from opening to deciding. The medians of the three are 11, 21 and 37; of all 27."""
OF_ONE = (11, 21, 37, 7, 17, 33)
"""Medians of one caseworker: of the whole, and of the part before the decision."""
DECIDING = timedelta(minutes=4)


def play(engine: Engine, cast: Cast) -> None:
    """21 cases, planned for Ortopædisk in time."""
    an_admission(engine, cast.dan)
    staff = {"alma": cast.alma, "bent": cast.bent, "ebbe": a_third_caseworker(engine, cast)}
    cases = [(staff[name], minutes) for name, each in MINUTES.items() for minutes in each]
    for number, (by, minutes) in enumerate(cases):
        _decide(engine, by, number, timedelta(minutes=minutes))


def _decide(engine: Engine, by: Actor, number: int, spent: timedelta) -> None:
    case = a_case(engine, request_id=f"request-{number}")
    with writing(engine) as session:
        judged = assessment.judge(
            session, case.id, READ, choice="avanceret", confidence="sikker", wants_evidence=True,
            read_version=1, opened_at=NOW + DECIDING - spent, key=f"j-{number}", now=NOW, by=by,
        )  # fmt: skip
    suggestion.answer(
        engine, judged.id, shelf=FixedShelf(), render=lambda payload, mode: "<p>grundlag</p>",
        template_version="t/1", now=NOW, by=by,
    )  # fmt: skip
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="avanceret", reason_code="funktion_nu", text="", key=f"d-{number}",
            now=NOW + DECIDING, by=by,
        )  # fmt: skip
    with writing(engine) as session:
        decision.plan(
            session, case.id, forms=("individuel",), team="ortopaedisk", place="center",
            start_status="inden_frist", first_date=date(2026, 7, 3), now=NOW + DECIDING, by=by,
        )  # fmt: skip
