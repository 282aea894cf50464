"""What people wrote about the system, in files with a date and a name: texts, risks, rights and controls."""

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from models.instants import day_text
from service.workflow.documents.facts import Cell, Fact, table

FOLDER = Path(__file__).parent
NOBODY = "Der står intet i filen."
PROTECTS = 5
"""The column of the risk register that says what protects."""


@cache
def written(name: str) -> Mapping[str, Any]:
    """A hand-written file of this folder."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def written_facts(today: date) -> Iterator[Fact]:
    """Every hand-written fact as it stands on a day: a risk that nobody went through in time says so."""
    yield from _texts()
    yield _rights()
    yield _risks(today)
    yield _tests()
    yield _controls()


def tests_named() -> frozenset[str]:
    """Every test that a risk, a right or a control names, as `file::name`."""
    risks = (test for risk in written("risks")["risiko"] for test in risk.get("proever", ()))
    others = (*written("charter")["ret"], *written("controls")["kontrol"])
    return frozenset((*risks, *(each["proeve"] for each in others if "proeve" in each)))


def due_on(risk: Mapping[str, Any]) -> date:
    """The day on which a risk must have been gone through again."""
    reviewed: date = risk["gennemgaaet"]
    months = reviewed.month - 1 + int(risk["maaneder"])
    year, month = reviewed.year + months // 12, months % 12 + 1
    return date(year, month, min(reviewed.day, monthrange(year, month)[1]))


def _texts() -> Iterator[Fact]:
    said, source = written("written"), by("written")
    for key, each in said.items():
        if isinstance(each, dict):
            missing = (each["mangler"],) if "mangler" in each else ()
            yield Fact(key, each["navn"], source, tuple(each.get("linjer", ())), missing=missing)


def by(name: str) -> str:
    """Who wrote a file, and when."""
    said = written(name)
    return f"{said['af']}, {day_text(said['skrevet'])}"


def _rights() -> Fact:
    rows: list[tuple[Cell, ...]] = [
        (f"{each['artikel']}: {each['navn']}", each["beroert"], each["vaern"])
        for each in written("charter")["ret"]
    ]
    head = ("Rettighed", "Sådan kan den blive berørt", "Det, der beskytter")
    return table(
        "fria.rights", "EU's charter om grundlæggende rettigheder", by("charter"), head, rows, NOBODY
    )


def _risks(today: date) -> Fact:
    said = written("risks")["risiko"]
    head = (
        "Risiko",
        "Skade, og hvem den rammer",
        "Alvor",
        "Sandsynlighed",
        "Rest",
        "Værn",
        "Ejer og gennemgang",
    )
    late = tuple(
        f"{each['id']} {each['navn']}. Gennemgangen skulle være sket {day_text(due_on(each))}. "
        f"Ansvarlig: {each['ejer']}."
        for each in said
        if due_on(each) <= today
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{each['id']} {each['navn']}",
            f"{each['skade']}\n{each['rammer']}",
            each["alvor"],
            each["sandsynlighed"],
            each["rest"],
            "\n".join((each["vaern"], *_control(each))),
            f"{each['ejer']}\nsenest {day_text(due_on(each))}",
        )
        for each in said
    )
    return Fact("risk.register", "Risikoregister", by("risks"), head=head, rows=rows, missing=late)


def _tests() -> Fact:
    """The tests of every risk and right, apart from what those say: they are for whoever can run them."""
    rows: list[tuple[Cell, ...]] = [
        *(
            (f"{each['id']} {each['navn']}", "\n".join(each["proever"]))
            for each in written("risks")["risiko"]
            if "proever" in each
        ),
        *((f"{each['artikel']}: {each['navn']}", each["proeve"]) for each in written("charter")["ret"]),
    ]
    head = ("Risiko eller rettighed", "Prøver")
    return table("risk.tests", "Prøver af det, der beskytter", _by_both(), head, rows, NOBODY)


def _by_both() -> str:
    return " og ".join(dict.fromkeys((by("risks"), by("charter"))))


def _control(risk: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"Kontrol: {risk['kontrol']}",) if "kontrol" in risk else ()


def first_line(cell: Cell) -> str:
    """What protects against a risk, without the control that stands below it."""
    return str(cell).partition("\n")[0]


def controls() -> tuple[tuple[str, ...], ...]:
    """The control list as rows, its head first."""
    head = ("id", "omraade", "kontrol", "proeve", "manuel_kontrol", "ansvar")
    rows = (
        (
            each["id"],
            each["omraade"],
            each["navn"],
            each.get("proeve", ""),
            each.get("manuel", ""),
            each["ansvar"],
        )
        for each in written("controls")["kontrol"]
    )
    return (head, *rows)


def _controls() -> Fact:
    rows = tuple((r[0], r[1], r[2], r[3] or r[4], r[5]) for r in controls()[1:])
    head = ("Id", "Område", "Kontrol", "Prøve eller manuel kontrol", "Ansvar")
    return table("control.list", "Kontroller", by("controls"), head, rows, NOBODY)
