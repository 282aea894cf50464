"""Deadlines, effect and capacity as pages and tables; and no handling time of anybody on any of them."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.policy import ON_A_CASE, permits
from service.tables.capacity import CapacityEntry
from service.tables.intake import Case
from tests.cast import Cast
from tests.parts.played import cast_in, copied, played_once
from tests.parts.web import Clock, Visitor
from tests.quarter import AFTER
from tests.rows import rows
from tests.service.web.test_statistics import entries, words
from tests.timed_quarter import OF_ONE, play

Visit = Callable[[str], Visitor]
LEADERS = {
    "tove": {
        "/tider",
        "/tider.csv",
        "/effekt",
        "/effekt.csv",
        "/frafald",
        "/frafald.csv",
        "/statistik",
        "/statistik.csv",
        "/statistik.pdf",
        "/kapacitet",
    },
    "dorte": {"/tider", "/effekt", "/statistik"},
    "ada": {"/enhed"},
}
"""Who leads, audits or administers, with some of the pages that must have been looked through."""
PAGES = ("/tider", "/effekt", "/frafald", "/tider.csv", "/effekt.csv", "/frafald.csv")
FORM = {
    "tilbud": "ortopaedisk", "dato": "2026-07-01", "pladser": "24", "ledige": "3", "venter": "7",
    "ventedage": "5",
}  # fmt: skip


@pytest.fixture(scope="module")
def played(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The quarter, played once for all tests here."""
    return played_once(migrated_file, tmp_path_factory.mktemp("quarter"), play)


@pytest.fixture
def engine(played: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of the played quarter."""
    with copied(played, tmp_path) as made:
        yield made


@pytest.fixture
def cast(engine: Engine) -> Cast:
    """The cast as it was gathered when the quarter was played."""
    return cast_in(engine)


@pytest.fixture
def clock() -> Clock:
    """After the quarter."""
    return Clock(AFTER)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("asked", ["medarbejder=alma", "enhed=Syd", "fra_dag=2026-05-01"])
def test_numbers_by_person_or_by_days_of_ones_own_are_refused(visit: Visit, path: str, asked: str) -> None:
    answer = visit("tove").get(f"{path}?{asked}")
    assert answer.status_code == 404
    assert "Tallene kan ikke deles op på den måde." in answer.text


@pytest.mark.parametrize("asked", ["/tider?periode=2026-K9", "/tider?periode=2026", "/effekt?fra=2026-K4",
                                   "/effekt?uger=7", "/effekt.csv?uger=-1"])  # fmt: skip
def test_what_is_not_offered_is_not_found(visit: Visit, asked: str) -> None:
    assert visit("tove").get(asked).status_code == 404


@pytest.mark.parametrize("name", ["alma", "dan", "ada"])
def test_who_may_not_read_statistics_sees_no_number(visit: Visit, engine: Engine, name: str) -> None:
    for path in PAGES:
        assert visit(name).get(path).status_code == 403
    assert entries(engine, "statistics:read") == entries(engine, "data:exported") == []


def test_whoever_audits_reads_but_takes_no_file(visit: Visit) -> None:
    dorte = visit("dorte")
    assert dorte.get("/tider").status_code == dorte.get("/effekt").status_code == 200
    assert dorte.get("/tider.csv").status_code == dorte.get("/effekt.csv").status_code == 403
    assert dorte.get("/kapacitet").status_code == 403


@pytest.mark.requirement("D-22")
def test_uptake_is_told_by_group_of_citizens_and_a_copy_is_an_entry(visit: Visit, engine: Engine) -> None:
    tove = visit("tove")
    text = words(tove.get("/frafald?periode=2026-K2").text)
    for head in ("Alder", "Køn", "Brug for tolk", "Postnummer", "er skjult i alle grupper"):
        assert head in text
    assert "Mænd 21 0 % (0–15 %), 0 af 21 Ingen sager 5 dage (5–5)" in text
    copied_out = tove.get("/frafald.csv?periode=2026-K2")
    assert "ophør: transportudgift" in copied_out.text
    assert tove.get("/frafald?person=alma").status_code == 404
    assert [each["what"] for each in entries(engine, "statistics:read")] == ["followup"]
    (entry,) = entries(engine, "data:exported")
    assert (entry["what"], entry["sha256"]) == ("followup", hashlib.sha256(copied_out.data).hexdigest())


@pytest.mark.requirement("D-54", "D-56")
def test_the_page_tells_the_deadline_by_offer_and_month(visit: Visit, engine: Engine) -> None:
    page = visit("tove").get("/tider?periode=2026-K2")
    text = words(page.text)
    assert "Opstart tilbudt inden fristen 21 af 21 100 % (85–100 %)" in text
    assert "Ortopædisk 100 % (85–100 %) – – 100 % (85–100 %) 5 dage" in text
    assert "Fristen er syv kalenderdage fra udskrivningen" in text
    assert 'role="img"' in page.text
    (entry,) = entries(engine, "statistics:read")
    assert (entry["what"], entry["period"]) == ("deadlines", "2026-K2")


@pytest.mark.requirement("D-54", "D-57", "D-59", "D-02", "F-12", "F-31")
def test_the_effect_tells_time_per_case_and_that_there_is_no_control_arm(
    visit: Visit, engine: Engine
) -> None:
    text = words(visit("tove").get("/effekt?fra=2026-K2&uger=8").text)
    assert "Før: ingen kvartaler. Efter: 2. kvartal 2026 og 3. kvartal 2026." in text
    assert "Tid pr. sag, fra åbnet vurdering til beslutning – 27 min. (11–31)" in text
    assert "Heraf til egen vurdering – 23 min. (7–27)" in text
    assert "Heraf fra grundlag til beslutning – 4 min. (4–4)" in text
    assert "samme niveau i 8 uger" in text
    assert "Der er ingen kontrolarm" in text
    assert "Tid med borgeren registreres ikke i Skøn." in text
    assert "Tid med borgeren MANGLER MANGLER –" in text
    assert "Besluttet uden at åbne grundlaget Ingen sager" in text
    assert "Forløb uden oplyst udfald, af afgjorte sager Ingen sager" in text
    assert "Nåede borgeren sit mål MANGLER MANGLER –" in text
    assert "Sparet tid kan ikke estimeres: der er ingen kontrolarm." in text
    assert "Budget: 13 tastetryk" in text
    assert [entry["what"] for entry in entries(engine, "statistics:read")] == ["effect"]


@pytest.mark.requirement("D-08")
def test_the_effect_tells_where_a_case_waits_and_which_steps_are_taken_again(visit: Visit) -> None:
    text = words(visit("tove").get("/effekt?fra=2026-K2").text)
    assert "Fra modtaget plan til åbnet vurdering – 1 dag (1–1), 21 sager" in text
    assert "Fra beslutning til planlagt opstart – 0 dage (0–0), 21 sager" in text
    for step in ("Vurderet igen", "Besluttet igen", "Planlagt igen"):
        assert f"{step} Ingen sager 0 % (0–15 %), 0 af 21" in text


@pytest.mark.parametrize("path", ["/tider.csv?periode=2026-K2", "/effekt.csv?fra=2026-K2"])
def test_a_table_is_quoted_and_logged_with_its_fingerprint(visit: Visit, engine: Engine, path: str) -> None:
    answer = visit("tove").get(path)
    content = answer.data.decode("utf-8-sig")
    lines = content.splitlines()
    read = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert all(re.fullmatch(r'"[^"]*"(;"[^"]*")*', line) for line in lines)
    assert len({len(row) for row in read}) == 1
    assert not [cell for row in read for cell in row if cell[:1] in ("=", "+", "-", "@")]
    (entry,) = entries(engine, "data:exported")
    assert len(entry["sha256"]) == 64


def test_the_table_says_the_same_as_the_page(visit: Visit) -> None:
    content = visit("tove").get("/tider.csv?periode=2026-K2").data.decode("utf-8-sig")
    read = {tuple(row[:4]): row[4:] for row in csv.reader(io.StringIO(content), delimiter=";")}
    assert read["2026-K2", "inden fristen", "ortopaedisk", "2026-06"] == [
        "21",
        "21",
        "100",
        "",
        "85",
        "100",
        "nej",
    ]
    assert read["2026-K2", "inden fristen", "ortopaedisk", "2026-05"] == ["0", "0", "", "", "", "", "nej"]


def paths_of_leaders(app: Flask, cast: Cast, name: str) -> Iterator[str]:
    """Every address without a name in it that somebody's role opens: pages, tables and files alike."""
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], "guarded_by", None)
        if "GET" not in (rule.methods or ()) or rule.arguments or action is None or action in ON_A_CASE:
            continue
        if permits(cast.people[name], action) and not rule.rule.startswith("/api/"):
            yield rule.rule


@pytest.mark.requirement("SK-12")
@pytest.mark.parametrize("name", LEADERS)
def test_no_page_or_file_for_a_leader_tells_how_long_anybody_takes(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each caseworker's pace is her own: its median stands nowhere, and no name stands beside a time.

    What would be drawn on paper is read before it is drawn.
    """
    monkeypatch.setattr("service.web.statistics.drawn", lambda html, *style: html.encode())
    leader, seen = visit(name), []
    for path in paths_of_leaders(app, cast, name):
        answer = leader.get(path)
        assert answer.status_code == 200, path
        text = words(
            answer.data.decode("utf-8")
        )  # a file that cannot be read fails here, and is to be opened
        times = {int(minutes) for minutes in re.findall(r"(\d+) min\.", text)}
        assert not times & set(OF_ONE), path
        assert cast.alma.person_id not in text, path
        if times or path.endswith((".csv", ".pdf")):
            assert not [p for p in ("Alma", "Bent", "Ebbe", "alma", "ebbe") if p in text], path
        seen.append(path)
    assert LEADERS[name] <= set(seen)


@pytest.mark.requirement("SK-12")
def test_the_same_test_would_notice_a_pace(visit: Visit) -> None:
    """The time of all cases together does stand there, so a time of one caseworker would be seen."""
    text = words(visit("tove").get("/effekt?fra=2026-K2").text)
    assert 27 in {int(minutes) for minutes in re.findall(r"(\d+) min\.", text)}
    assert 27 not in OF_ONE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tilbud": ""}, "Vælg et tilbud."),
        ({"tilbud": "yoga"}, "Vælg et tilbud: ortopaedisk"),
        ({"dato": "i går"}, "Skriv datoen som dag-måned-år"),
        ({"dato": "2027-01-01"}, "ikke i fremtiden"),
        ({"ledige": "tre"}, "Skriv et helt tal."),
        ({"ledige": "-3"}, "Skriv et helt tal."),
        ({"ledige": "25"}, "Der kan ikke være flere ledige pladser end pladser."),
        ({"venter": "99999"}, "Skriv et tal fra 0 til 5000."),
    ],
    ids=lambda value: str(value),
)
def test_impossible_numbers_are_told_plainly_and_nothing_is_written(
    visit: Visit, engine: Engine, change: dict[str, str], sentence: str
) -> None:
    tove = visit("tove")
    tove.get("/kapacitet")
    before = rows(engine)
    answer = tove.post("/kapacitet", {**FORM, **change})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(engine) == before


@pytest.mark.requirement("D-55")
def test_the_board_shows_what_was_entered_beside_the_deadline(visit: Visit, engine: Engine) -> None:
    tove = visit("tove")
    assert tove.post("/kapacitet", FORM).status_code == 303
    text = words(tove.get("/kapacitet").text)
    assert "Tallene står på tavlen." in text
    assert "Ortopædisk 24 3 7 5 dage 1. jul." in text
    assert "Ortopædisk 100 % (85–100 %) 5 dage" in text
    with reading(engine) as session:
        (row,) = session.exec(select(CapacityEntry)).all()
    assert (row.recorded_by, row.waiting) == ("Tove Dam, teamleder", 7)


@pytest.mark.requirement("SK-10", "D-55")
def test_no_page_of_a_caseworker_shows_or_links_to_the_board(
    app: Flask, cast: Cast, visit: Visit, engine: Engine
) -> None:
    """Numbers that stand nowhere else are put on the board, and looked for in all that a caseworker opens."""
    visit("tove").post("/kapacitet", {**FORM, "pladser": "4711", "ledige": "3917", "venter": "2903"})
    alma = visit("alma")
    with reading(engine) as session:
        ids = [case.id for case in session.exec(select(Case))][:2]
    pages = ("", "/grundlag", "/planlaegning", "/kvittering")
    cases = [f"/sag/{each}{page}" for each in ids for page in pages]
    for path in (*paths_of_leaders(app, cast, "alma"), *cases):
        text = alma.get(path, follow_redirects=True).get_data(as_text=True)
        assert not re.search(r"(?<![0-9a-f])(4711|3917|2903)(?![0-9a-f])|/kapacitet", text), path
    assert alma.get("/kapacitet").status_code == 403


@pytest.mark.requirement("D-01", "G-08")
def test_time_is_never_told_without_quality_beside_it(visit: Visit) -> None:
    """On the page and in the table, also where the quality is hidden or not known yet: then it says so."""
    page = words(visit("tove").get("/effekt?fra=2026-K2").text)
    content = visit("tove").get("/effekt.csv?fra=2026-K2").data.decode("utf-8-sig")
    sides = [[row[3] for row in csv.reader(io.StringIO(content), delimiter=";") if row[0] == side]
             for side in ("foer", "efter")]  # fmt: skip
    assert 0 < page.index("Tid pr. sag") < page.index("Rigtigt første gang (6 uger)") < page.index("afbrudt")
    for names in sides:
        assert {"minutter", "rigtigt første gang", "afbrudt"} <= set(names)
