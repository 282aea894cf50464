"""How alike comparable cases are decided, on the page, in the table and on paper: units, never people."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, render_template

from models import areas
from service.web.paper import drawn
from service.web.statistics import PAPER_STYLE, Groups
from service.web.statistics.agreement import agreement_view
from service.web.statistics.page import Reading, StatisticsPage, page_of
from service.web.statistics.spreadsheet import as_csv
from service.workflow.double_review import agreement
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice_of
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.variation import by_month, by_unit, variation
from tests.cast import PEOPLE
from tests.parts.web import Visitor
from tests.service.workflow.double_review.test_blind import some_pairs
from tests.service.workflow.statistics.planted import DAY, PLAIN, STAFF

AREA = areas.get("genoptraening")
UNITS = {f"{name}-id": f"Træning {name}" for name in ("Nord", "Syd", "Øst", "Vest", "Midt")}
YEAR = Period(2026)
Visit = Callable[[str], Visitor]


def rows(count: int = 60) -> list[DecidedRow]:
    """Comparable cases in five units and five months, of which one unit gives most the highest level."""
    return [
        replace(
            PLAIN,
            unit=unit,
            caseworker=STAFF[number % 3],
            need="hofte/svaer",
            decided_at=DAY - timedelta(days=31 * (number // 3 % 5)),
            choice=AREA.level_codes[int(number % 10 < (9 if unit == "Syd-id" else 4))],
        )
        for unit in UNITS
        for number in range(count)
    ]


def read(found: Sequence[DecidedRow]) -> Reading:
    """What is counted of them for whoever reads all units."""
    now = practice_of(Counted(found, YEAR))
    return Reading(
        offered=(YEAR,), until=YEAR.end, now=now, before=now, differing=None, changes=(),
        between_units=variation(found, AREA.level_codes, by_unit),
        over_time=variation(found, AREA.level_codes, by_month),
        agreement=agreement(some_pairs(60, 0.9), AREA),
    )  # fmt: skip


NOT_TRIED = Groups(model=None, findings=(), tried="")
"""What is known of groups before anything was tried for bias."""


def page(found: Sequence[DecidedRow]) -> StatisticsPage:
    return page_of(AREA, "Fjordby Kommune", read(found), UNITS)


@pytest.mark.requirement("D-54")
def test_units_are_drawn_in_a_funnel_above_a_table_of_the_same(app: Flask) -> None:
    with app.test_request_context():
        found = page(rows()).uniformity
    assert found is not None and found.units is not None and found.months is not None
    assert found.units.sentence == "Forskellene er større, end tilfældet forklarer."
    names = [UNITS[unit] for unit in sorted(UNITS)]
    assert [place.label for place in found.units.chart.places] == names
    assert [line.label for line in found.units.lines] == names
    assert found.months.sentence == "Forskellene er ikke større, end tilfældet kan forklare."
    assert {line.label for line in found.months.lines} == {
        f"{name} 2026" for name in ("april", "maj", "juni", "juli", "august")
    }
    heights = [place.words_y for place in found.units.chart.places]
    assert len(set(heights)) == len(heights), "no name stands on another"
    high = {place.label: place.y for place in found.units.chart.places}
    assert high["Træning Syd"] < found.units.chart.middle < high["Træning Nord"]


@pytest.mark.requirement("SK-09", "D-54")
def test_it_is_said_of_units_and_never_of_people_or_of_agreement_with_a_model(app: Flask) -> None:
    with app.test_request_context():
        text = unescape(render_template("statistics/practice.html", page=page(rows()), groups=NOT_TRIED))
        file = as_csv(read(rows())).decode()
    section = text[text.index('id="ensartet"') : text.index('id="grupper"')]
    for word in (*STAFF, *(full for full, *_ in PEOPLE.values()), "model", "på linje", "følger "):
        assert word not in section
    assert "der er intet mål" in section and "Grundlaget indgår ikke" in section
    assert "andel højeste niveau, samme behov, pr. enhed" in file
    assert not [name for name in STAFF if name in file]


def test_group_gaps_are_called_unavailable_and_never_in_order(visit: Visit, app: Flask) -> None:
    with app.test_request_context():
        text = unescape(render_template("statistics/practice.html", page=page(rows()), groups=NOT_TRIED))
    section = text[text.index('id="grupper"') :][:900]
    assert "Ikke til rådighed." in section
    assert " ok" not in section.lower() and "ingen forskel" not in section.lower()


def test_the_paper_is_tagged_danish_and_unfolded(app: Flask) -> None:
    with app.test_request_context():
        html = render_template(
            "statistics/practice.html", page=page(rows()), groups=NOT_TRIED, layout="statistics/paper.html"
        )
        pdf = drawn(html, PAPER_STYLE)
    assert pdf.startswith(b"%PDF-")
    assert b"/Lang (da)" in _opened(pdf) and b"/Table" in _opened(pdf)
    assert "csrf_token" not in html and "<nav" not in html


def _opened(pdf: bytes) -> bytes:
    found = [pdf]
    for part in pdf.split(b"stream")[1:]:
        try:
            found.append(zlib.decompress(part.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"".join(found)


@pytest.mark.parametrize(
    ("same", "count", "said"),
    [(1.0, 400, "for det meste sagerne ens"), (0.5, 400, "tit den samme sag forskelligt"),
     (0.83, 30, "for usikkert til at sige")],
)  # fmt: skip
def test_alpha_is_put_in_words_only_where_its_interval_allows(
    app: Flask, same: float, count: int, said: str
) -> None:
    pairs = [replace(pair, second=pair.first) if same == 1 and n else pair
             for n, pair in enumerate(some_pairs(count, same))]  # fmt: skip
    with app.test_request_context():
        assert said in agreement_view(agreement(pairs, AREA)).reading
