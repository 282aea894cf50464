"""The public pages: open to all, plain, light, made from what the system knows, and with nobody's data."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import get_type_hints

import pytest
from flask import Flask
from sqlalchemy import Engine

from models import areas
from models.artifact import Artifact
from models.declaration import Source, questions_of
from models.promotion import verdict
from service.database import reading, writing
from service.web.governance.fairness import view_of
from service.web.public import about
from service.workflow import governance
from service.workflow.letter.plain import measure
from service.workflow.statistics import public_numbers, queries
from service.workflow.statistics.practice import practice
from service.workflow.statistics.shares import HIDDEN, Share
from tests.builders import an_admission
from tests.cast import NOW, PEOPLE, TODAY, Cast
from tests.parts.audits import an_axis, an_honest_record
from tests.parts.trained import GIVES_NOBODY_AWAY
from tests.parts.web import Clock, Visitor
from tests.quarter import AFTER, play
from tests.register import BY, WHOLE, register_entries, write

AREA = areas.get("genoptraening")
PAGES = ("/om-systemet", "/tilgaengelighed")
MOST_LIX, MOST_BYTES = 40, 200_000
Visit = Callable[[str], Visitor]


class Prose(HTMLParser):
    """The text of a page, one line for each element that stands by itself."""

    BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "dt", "dd", "th", "td", "summary", "caption"})

    def __init__(self, html: str, only: frozenset[str] = BLOCKS) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._only, self._open = only, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self._only:
            self._open = tag
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.lines[-1] += data.replace("\n", " ")


@pytest.fixture
def read(app: Flask) -> Callable[[str], str]:
    """A page as a stranger reads it."""
    return lambda path="/om-systemet": unescape(app.test_client().get(path).text)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Nothing is remembered from another test."""
    about._counted.clear()


@pytest.mark.requirement("G-01")
@pytest.mark.parametrize("path", PAGES)
def test_anybody_may_read_it_and_the_sign_in_page_leads_there(app: Flask, path: str) -> None:
    client = app.test_client()
    answer = client.get(path)

    assert answer.status_code == 200
    assert f'href="{path}"' in client.get("/log-ind").text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.requirement("G-01")
def test_it_says_what_an_auditor_reads_and_nobodys_data(
    engine: Engine, cast: Cast, read: Callable[..., str], clock: Clock
) -> None:
    play(engine, cast)
    clock.at = AFTER
    page = read()
    with reading(engine) as session:
        period = public_numbers.last_whole_quarter(AFTER)
        units = queries.units_seen_by(session, cast.dorte)
        rows = queries.decided_rows(session, units, AREA, period.start, period.end)

    shown = practice(rows, period).override
    assert shown.of
    assert f"{shown.hits} af {shown.of} sager" in page
    for words in (*(name for name, *_ in PEOPLE.values()), "Ebbe Skov", "Agnes", "request-1"):
        assert words not in page


@pytest.mark.parametrize("path", PAGES)
def test_it_is_plain_danish(read: Callable[..., str], path: str) -> None:
    html = read(path)
    for lines in (Prose(html).lines, Prose(html, frozenset({"p"})).lines):
        found = measure(lines)
        assert found.words > 80
        assert found.lix <= MOST_LIX, found.lix
        assert found.too_long == ()


def test_a_text_that_is_not_plain_is_noticed() -> None:
    hard = Prose("<p>Forvaltningsretlige konsekvensanalyser tilvejebringes efterfølgende.</p>").lines

    assert measure(hard).lix > MOST_LIX
    assert measure(Prose(f"<p>{'ord ' * 21}</p>").lines).too_long


def size(app: Flask, address: str) -> int:
    """The bytes of a static file by its address."""
    name = address.partition("?")[0].removeprefix("/static/")
    return (Path(str(app.static_folder)) / name).stat().st_size


@pytest.mark.parametrize("path", PAGES)
def test_it_weighs_little_and_asks_nothing_of_the_browser(
    app: Flask, path: str, engine: Engine, cast: Cast
) -> None:
    register_entries(engine, cast.dan)
    client = app.test_client()
    html = client.get(path).text
    parts = [part.split('"')[0] for part in html.split('href="')[1:] if part.startswith("/static")]

    assert len(parts) == 2
    assert len(html.encode()) + sum(size(app, each) for each in parts) < MOST_BYTES
    for word in ("<script", "<img", "http://", "https://", "style=", "<form"):
        assert word not in html


@pytest.mark.requirement("F-05")
def test_every_source_stands_there_with_what_comes_in_when_and_by_which_law(read: Callable[..., str]) -> None:
    page = read()
    rows = about.sources_of(AREA)

    assert {q.label for row in rows for q in AREA.questions if q.label in (*row.learned, *row.shown)} == {
        q.label for q in AREA.questions
    }
    assert len(rows) == len({q.source for q in AREA.questions})
    for row in rows:
        part = page.partition(f"<h3>{row.label.capitalize()}</h3>")[2].partition("<h3>")[0]
        assert f"Kommer ind {row.when[0]}" in part
        assert f"Lov: {AREA.legal_basis}." in part
        assert all(f"<li>{label}</li>" in part for label in (*row.learned, *row.shown))
    for question in questions_of(AREA.protected or object):
        assert f"<li>{question.label}</li>" in page


@pytest.mark.requirement("F-05")
def test_the_list_is_made_from_the_declaration() -> None:
    hints = get_type_hints(AREA.facts, include_extras=True)
    question = next(q for q in AREA.questions if q.source is Source.PLAN_TEXT and q.learned)
    one = type("One", (), {"__annotations__": {question.name: hints[question.name]}})
    (row,) = about.sources_of(replace(AREA, facts=one))

    assert (row.label, row.learned, row.shown) == (Source.PLAN_TEXT.label, (question.label,), ())


def test_the_phase_and_its_basis_are_those_in_force(
    engine: Engine, cast: Cast, read: Callable[..., str]
) -> None:
    assert "Alle borgere og sager er opdigtede." in read()
    with writing(engine) as session:
        governance.change_phase(
            session, cast.dan.municipality_id, "pilot", legal_basis="Lov om en prøve", approved_by="Ida Vest",
            valid_from=TODAY, now=NOW, by=None,
        )  # fmt: skip
    page = read()

    assert "Systemet bliver prøvet i rigtige sager." in page
    assert "Systemet hviler på: Lov om en prøve." in page


@pytest.mark.parametrize(
    ("share", "said"),
    [(HIDDEN, "Derfor viser vi ikke tallet."), (Share(0, 0), "Der var ingen sager at tælle")],
)
def test_few_cases_are_not_told_and_none_are_none(
    read: Callable[..., str], clock: Clock, monkeypatch: pytest.MonkeyPatch, share: Share, said: str
) -> None:
    monkeypatch.setattr(public_numbers, "differing", lambda *_: share)
    clock.at = AFTER
    page = read()

    assert said in page
    assert "2. kvartal 2026" in page
    assert 'class="number"' not in page


def test_the_number_is_what_suppression_releases_and_is_counted_once_a_day(
    engine: Engine, cast: Cast, read: Callable[..., str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Share] = [Share(7, 60)]
    asked: list[str] = []

    def differing(session: object, municipality_id: str, *_: object) -> Share:
        asked.append(municipality_id)
        return told[0] if municipality_id == cast.dan.municipality_id else HIDDEN

    monkeypatch.setattr(public_numbers, "differing", differing)
    clock.at = AFTER
    assert "7 af 60 sager" in read()
    told[0] = HIDDEN
    assert "7 af 60 sager" in read()
    assert len(asked) == 2  # one for each municipality

    clock.at = AFTER.replace(day=9)
    assert "7 af 60 sager" not in read()
    assert len(asked) == 4


def test_that_no_test_of_bias_was_made_is_said(engine: Engine, cast: Cast, read: Callable[..., str]) -> None:
    assert "Der er ingen beregning i brug." in read()

    an_admission(engine, cast.dan)
    assert "Der er ikke lavet en prøve for skævhed endnu." in read()


def test_a_test_of_bias_stands_there_with_its_cases_and_few_are_few(
    engine: Engine, cast: Cast, read: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
    trained_version: Artifact,
) -> None:  # fmt: skip
    few = {"n": 9, "under": None, "under_gap": None, "equivalent": False}
    told = an_honest_record(trained_version, axes=[an_axis("koen", groups={"mand": few})])
    said = verdict(told, {**trained_version.evaluation, "privacy": GIVES_NOBODY_AWAY})
    monkeypatch.setattr(about, "fairness_of", lambda *_: view_of(told, said, "ab" * 32))
    an_admission(engine, cast.dan)
    page = read()

    assert '<th scope="row">Køn: Kvinde</th><td>200</td><td>7\N{NO-BREAK SPACE}% (4–11)</td>' in page
    assert '<th scope="row">Køn: Mand</th><td>under 20</td><td>for få til at sige noget</td>' in page
    assert "utilstrækkeligt belyst" in page
    assert "ikke lavet en prøve" not in page


@pytest.mark.requirement("F-02", "G-30")
def test_a_balance_is_always_public_and_other_entries_when_they_say_so(
    engine: Engine, cast: Cast, read: Callable[..., str]
) -> None:
    assert "Der er ikke lagt noget frem endnu." in read()
    write(engine, cast.dan, "balance")
    write(engine, cast.dan, "dilemma", titel="Til alle")
    write(engine, cast.dan, "dilemma", titel="Ikke endnu", offentlig=False)
    write(engine, cast.dan, "complaint", emne="En klage")
    page = read()

    for key in ("vaerdi", "ulempe", "risiko", "gevinst"):
        assert WHOLE["balance"][1][key] in page
    assert "Til alle" in page
    assert "Ikke endnu" not in page
    assert "En klage" not in page
    assert BY not in page


@pytest.mark.parametrize("path", PAGES)
def test_what_the_municipality_has_not_said_is_said_to_be_missing(
    app: Flask, tmp_path: Path, read: Callable[..., str], path: str
) -> None:
    file = tmp_path / "contacts.toml"
    file.write_text('[0999]\nphone = "11 22 33 44"\nemail = " "\n', encoding="utf-8")
    kept = app.extensions["skoen"]
    app.extensions["skoen"] = replace(kept, settings=replace(kept.settings, contacts=file))
    page = read(path)
    assert "11 22 33 44" in page
    assert "Kommunen har ikke oplyst det." in page

    file.write_text("ikke toml", encoding="utf-8")
    assert "11 22 33 44" not in read(path)
    assert "Kommunen har ikke oplyst" in read(path)


def test_who_answers_and_where_to_complain_come_from_the_file(read: Callable[..., str]) -> None:
    page = read()

    assert "Sundhedschefen i Fjordby Kommune" in page
    assert "Styrelsen for Patientklager" in page
