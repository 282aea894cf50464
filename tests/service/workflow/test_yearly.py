"""The yearly report says what stands in the log and the registers, and says MANGLER where nothing does."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.artifact import Artifact
from models.promotion import verdict
from service.database import reading, writing
from service.errors import Refused
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.fields import Kind
from service.workflow.registers.shapes import SHAPES, WAYS_ON
from service.workflow.yearly.document import MISSING, as_bytes, digest_of, document_of
from service.workflow.yearly.sections import ORDER
from service.workflow.yearly.sources import gather
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.parts.audits import an_axis, an_honest_record
from tests.parts.trained import GIVES_NOBODY_AWAY
from tests.quarter import AFTER, play
from tests.register import WHOLE, approve, register_entries, write
from tests.rows import rows

REGISTERS = {
    "projekter": "project", "klager": "complaint", "haendelser": "incident", "dilemmaer": "dilemma",
    "afvejninger": "balance", "inddragelse": "involvement", "godkendelser": "approval",
    "kompetencer": "competence",
}  # fmt: skip


def report(cast: Cast, year: int = 2026, now: Any = AFTER) -> dict[str, dict[str, Any]]:
    """The report's sections by code."""
    document = whole(cast, year, now)
    return {section["kode"]: section for section in document["afsnit"]}


def whole(cast: Cast, year: int = 2026, now: Any = AFTER) -> dict[str, Any]:
    """The whole document of Fjordby's year."""
    with reading(cast.engine) as session:
        place = session.get_one(Municipality, cast.dan.municipality_id)
        return document_of(gather(session, ModelShelf(Path("nowhere")), place, year, now))


def facts(section: dict[str, Any]) -> dict[str, list[str]]:
    """The numbers of a section by name."""
    return {fact["navn"]: fact["linjer"] for fact in section["tal"]}


def fields(item: dict[str, Any]) -> dict[str, list[str]]:
    """What is told of an item, by label."""
    return {value["navn"]: value["linjer"] for value in item["felter"]}


def test_what_nobody_wrote_is_missing_in_every_section(cast: Cast) -> None:
    sections = report(cast, 2025)

    assert len(sections) == len(ORDER)
    for section in sections.values():
        assert section["mangler"], section["kode"]
        assert all(sentence.startswith(f"{MISSING}: ") for sentence in section["mangler"])
        assert section["poster"] == []
        assert section["tal"] == []


@pytest.mark.requirement("K-08")
def test_no_involvement_is_said_in_so_many_words(cast: Cast) -> None:
    assert "Ingen inddragelse" in report(cast)["inddragelse"]["mangler"][0]

    write(cast.engine, cast.dan, "involvement")
    (item,) = report(cast)["inddragelse"]["poster"]
    told = fields(item)
    assert told["Hvad der blev udfordret"] == [WHOLE["involvement"][1]["udfordret"]]
    assert told["Hvad der blev ændret"] == [WHOLE["involvement"][1]["aendret"]]
    assert len(told["Deltagere"]) == 3


@pytest.mark.requirement("R-16", "G-11", "F-19")
@pytest.mark.parametrize(("code", "kind"), REGISTERS.items())
def test_what_was_planted_stands_there_and_nothing_else(cast: Cast, code: str, kind: str) -> None:
    row = write(cast.engine, cast.dan, kind)
    section = report(cast)[code]

    assert code == "dilemmaer" or section["mangler"] == []
    (item,) = section["poster"]
    assert facts(section) == {"Antal": ["1"]}
    told = {line for lines in fields(item).values() for line in lines} | {item["titel"]}
    texts = [
        field.key for field in SHAPES[kind].fields if field.kind is Kind.TEXT and field.key in row.content
    ]
    assert texts
    assert {row.content[key] for key in texts} <= told
    others = [each for other, each in report(cast).items() if other in REGISTERS and other != code]
    assert all(each["poster"] == [] for each in others)


def test_a_year_holds_its_own_entries_alone_and_the_newest_version_of_each(cast: Cast) -> None:
    old = write(cast.engine, cast.dan, "dilemma", dato="2025-12-31", titel="Fra i fjor")
    first = write(cast.engine, cast.dan, "dilemma", dato="2026-01-01", titel="Som det var")
    write(cast.engine, cast.dan, "dilemma", dato="2026-01-01", titel="Som det blev", replaces=first.id)

    assert [item["titel"] for item in report(cast)["dilemmaer"]["poster"]] == ["Som det blev"]
    assert [item["titel"] for item in report(cast, 2025)["dilemmaer"]["poster"]] == [old.content["titel"]]


@pytest.mark.requirement("G-13")
def test_the_parts_of_the_work_that_no_dilemma_was_discussed_about_are_named(cast: Cast) -> None:
    def gaps() -> str:
        return " ".join(report(cast)["dilemmaer"]["mangler"])

    for phase, label in (
        ("valg", "valg af teknologi"),
        ("udvikling", "udvikling"),
        ("anvendelse", "anvendelse"),
    ):
        assert f"intet dilemma om {label}" in gaps()
        write(cast.engine, cast.dan, "dilemma", fase=phase)
        assert f"intet dilemma om {label}" not in gaps()
    assert gaps() == ""


def test_a_project_belongs_to_every_year_it_runs_in(cast: Cast) -> None:
    write(cast.engine, cast.dan, "project", begyndt="2024-03-01", sluttet="2026-02-01", status="afsluttet")

    there = [year for year in range(2023, 2028) if report(cast, year)["projekter"]["poster"]]
    assert there == [2024, 2025, 2026]


@pytest.mark.requirement("D-29")
def test_politicians_are_asked_to_go_on_change_or_stop_with_what_else_there_is(cast: Cast) -> None:
    assert report(cast)["valg"]["mangler"]

    write(cast.engine, cast.dan, "project")
    section = report(cast)["valg"]
    told = fields(section["poster"][0])
    assert told["Valget"] == [", ".join(WAYS_ON.values())]
    assert told["Indstilling"] == ["ændr"]
    assert told["Alternativer"] == ["Fortsæt uden ændring", "Stop og slet"]
    assert section["mangler"] == []


def test_a_project_without_a_recommendation_asks_nothing(cast: Cast) -> None:
    write(cast.engine, cast.dan, "project", indstilling=None, alternativer=None, naeste_aar=None)
    sections = report(cast)

    assert sections["valg"]["mangler"]
    assert sections["naeste"]["mangler"]


def test_the_numbers_are_those_of_the_log_under_the_same_suppression_and_name_nobody(
    engine: Engine, cast: Cast
) -> None:
    play(engine, cast)
    register_entries(engine, cast.dan)
    sections = report(cast)
    with reading(engine) as session:
        place = session.get_one(Municipality, cast.dan.municipality_id)
        counted = gather(session, ModelShelf(Path("nowhere")), place, 2026, AFTER).practice

    assert counted is not None
    assert counted.decided
    assert facts(sections["beslutninger"])["Afgjorte sager"] == [str(counted.decided)]
    told = facts(sections["anderledes"])
    assert told["Alle sagstyper"][0].startswith(f"{counted.override.hits} af {counted.override.of}")
    hidden = [row for row in counted.by_type if row.override.hidden]
    assert [lines[0] for lines in told.values()].count("skjult, da der er for få sager") == len(hidden)
    text = as_bytes(whole(cast)).decode()
    for name in ("Alma", "Bent", "Ebbe", "Dan Vang, datamedarbejder"):
        assert name not in text

    in_operation(engine, cast)  # where only whole quarters are counted
    assert report(cast, now=NOW)["beslutninger"]["mangler"]
    assert facts(report(cast, now=AFTER)["beslutninger"])["Talt til og med"] == ["30. juni 2026"]


def in_operation(engine: Engine, cast: Cast) -> None:
    """Fjordby is in drift."""
    with writing(engine) as session:
        governance.change_phase(
            session, cast.dan.municipality_id, "drift", legal_basis="SUL § 140", approved_by="Ida Vest",
            valid_from=date(2026, 1, 2), now=NOW, by=None,
        )  # fmt: skip


def test_models_and_phases_come_from_the_log(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan, version="v7")
    sections = report(cast)

    assert [item["titel"] for item in sections["modeller"]["poster"]] == ["2. januar 2026: taget i brug v7"]
    assert [item["titel"] for item in sections["faser"]["poster"]] == ["2. januar 2026: øvelse"]
    later = report(cast, 2027, NOW + timedelta(days=300))
    assert [item["titel"] for item in later["faser"]["poster"]] == ["2. januar 2026: øvelse"]
    assert later["modeller"]["mangler"]


def test_another_municipality_is_not_in_it(engine: Engine, cast: Cast) -> None:
    register_entries(engine, cast.carla)
    approve(engine, cast.carla, "juridisk")

    assert all(section["poster"] == [] for code, section in report(cast).items() if code != "faser")


def test_the_same_year_gives_the_same_bytes_and_another_fact_others(engine: Engine, cast: Cast) -> None:
    first = whole(cast)
    assert digest_of(whole(cast)) == digest_of(first)
    assert json.loads(as_bytes(first)) == first

    write(engine, cast.dan, "balance")
    assert digest_of(whole(cast)) != digest_of(first)


def test_a_test_of_bias_is_told_with_its_cases_and_what_could_be_found_and_never_for_few(
    cast: Cast, trained_version: Artifact
) -> None:
    with reading(cast.engine) as session:
        place = session.get_one(Municipality, cast.dan.municipality_id)
        sources = gather(session, ModelShelf(Path("nowhere")), place, 2026, AFTER)
    few = {"n": 9, "under": None, "under_gap": None, "equivalent": False}
    told = an_honest_record(trained_version, axes=[an_axis("koen", groups={"mand": few})])
    tested = replace(
        sources,
        audit=told,
        verdict=verdict(told, {**trained_version.evaluation, "privacy": GIVES_NOBODY_AWAY}),
    )
    section = next(each for each in document_of(tested)["afsnit"] if each["kode"] == "skaevhed")

    assert facts(section)["Modellen i brug"] == ["utilstrækkeligt belyst"]
    assert facts(section)["Køn: Kvinde"] == [
        "200 sager",
        "beregningen lå lavere end menneskers vurdering i 7 % (4-11 %)",
        "en forskel på 5 procentpoint til andre med samme behov ville være fundet",
    ]
    assert facts(section)["Køn: Mand"] == ["for få til at sige noget"]


@pytest.mark.requirement("G-33")
def test_a_finding_in_decisions_stands_in_the_report_until_it_is_closed(cast: Cast) -> None:
    assert any("ikke prøvet" in each for each in report(cast)["skaevhed"]["mangler"])

    found = write(cast.engine, cast.dan, "fairness")
    told = report(cast)["skaevhed"]
    assert any("fundet er ikke lukket" in each for each in told["mangler"])
    assert "Kvinde" in str(told["poster"])

    write(cast.engine, cast.dan, "fairness", replaces=found.id, lukket="2026-06-20", handling="Drøftet.")
    assert not any("lukket" in each for each in report(cast)["skaevhed"]["mangler"])


@pytest.mark.requirement("G-21")
def test_a_leader_who_is_late_is_named_until_she_stands_by_it(cast: Cast) -> None:
    late = [
        f"MANGLER: {unit} har ingen erklæring for 1. halvår 2026." for unit in ("Træning Nord", "Træning Syd")
    ]
    last_day, after = (datetime(2026, 7, 31, 8, tzinfo=UTC), datetime(2026, 8, 1, 8, tzinfo=UTC))
    assert report(cast, now=last_day)["erklaeringer"]["mangler"] == [
        "MANGLER: Der er endnu ingen erklæring for 2026."
    ]
    assert report(cast, now=after)["erklaeringer"]["mangler"] == late

    write(cast.engine, cast.dan, "attestation")
    section = report(cast, now=after)["erklaeringer"]
    assert section["mangler"] == late[1:]
    assert [item["titel"] for item in section["poster"]] == ["Træning Nord"]
    assert report(cast, now=datetime(2027, 2, 1, 8, tzinfo=UTC))["erklaeringer"]["mangler"][1:] == [
        f"MANGLER: {unit} har ingen erklæring for 2. halvår 2026." for unit in ("Træning Nord", "Træning Syd")
    ]


@pytest.mark.parametrize("changed", [{"halvaar": "2026"}, {"halvaar": "2026-3"}, {"halvaar": "2026-2"}])
def test_an_attestation_of_no_half_year_or_one_to_come_is_refused(
    cast: Cast, changed: dict[str, str]
) -> None:
    before = rows(cast.engine)
    with pytest.raises(Refused, match="alvår"):
        write(cast.engine, cast.dan, "attestation", **changed)
    assert rows(cast.engine) == before
