"""Hele modellen: every table of a version, drawn and told, with the cases behind and none under twenty."""

import re
from html import unescape

import numpy as np
import pytest
from flask import Flask

from models import areas
from models.artifact import Artifact
from models.shapes import pair_shapes_of, shapes_of
from service.web.drawing.shapes import signed
from service.web.governance.whole_model import whole_of
from service.workflow.model_in_use.shelf import ModelShelf
from tests.models.workbench import REPAIR, repair_artifact
from tests.service.web.test_model import Visit, admitted, shelf

__all__ = ["admitted", "shelf"]


def test_a_version_that_was_never_in_use_is_not_laid_open_and_a_damaged_one_says_why(
    visit: Visit, admitted: Artifact, shelf: ModelShelf
) -> None:
    assert visit("alma").get("/om-modellen/tabeller/v2").status_code == 404

    (shelf.folder / "v1" / "support.json").write_bytes(b"{}")
    refused = visit("alma").get("/om-modellen/tabeller/v1")
    assert refused.status_code == 409
    assert "En af modellens filer er ændret eller beskadiget." in unescape(refused.text)


def test_every_question_stands_with_each_answer_its_pull_and_its_cases(
    visit: Visit, admitted: Artifact
) -> None:
    page = unescape(visit("alma").get("/om-modellen/tabeller/v1").text)
    found = {shape.question.label: shape for shape in shapes_of(admitted)}
    drawn = [label for label, shape in found.items() if shape.size]

    assert len(found) == len(admitted.area.learned)
    assert len(drawn) > 5
    assert re.findall(r'<h3 id="overskrift-tabel-\d+">([^<]+)</h3>', page) == drawn
    for label in drawn:
        table = page.partition(f'<caption class="sr-only">{label}</caption>')[2].partition("</table>")[0]
        rows = re.findall(
            r'<th scope="row">([^<]+)</th><td>([^<]*)</td><td>[^<]*</td><td>([^<]+)</td>', table
        )
        assert rows == [
            (value.label, signed(value.pull) if value.cases else "",
             f"ca. {value.cases:,}".replace(",", ".") if value.cases else "under 20")
            for value in found[label].values
        ]  # fmt: skip
    assert "Falder aldrig:" in page
    assert 'href="/om-modellen/tabeller/v1"' in visit("alma").get("/om-modellen").text


def test_pulls_and_base_of_the_page_make_the_score_of_any_case() -> None:
    with areas.registered(REPAIR):
        artifact = repair_artifact()
    shapes = {shape.question.name: shape for shape in shapes_of(artifact)}
    pairs = {(pair.first.name, pair.second.name): pair for pair in pair_shapes_of(artifact)}
    names, codes = artifact.codebook.names, np.array([1, 2, 1, 1, 2, 1, 1], dtype=np.uint8)
    total = float(artifact.tables.base[-1] - artifact.tables.base[0])
    for place, name in enumerate(names):
        total += shapes[name].values[codes[place]].pull
    for (first, second), pair in pairs.items():
        q, r = names.index(first), names.index(second)
        row = pair.rows.index(artifact.codebook.code_labels(first)[codes[q]])
        column = pair.columns.index(artifact.codebook.code_labels(second)[codes[r]])
        total += pair.pulls[row][column]
    scores = artifact.tables.scores(codes)[0]
    assert total == pytest.approx(scores[-1] - scores[0])


def test_two_questions_together_are_drawn_full_towards_and_hollow_away() -> None:
    with areas.registered(REPAIR):
        artifact = repair_artifact()
    (pair, *_), (shape, *_) = whole_of(artifact).pairs, pair_shapes_of(artifact)
    cells = list(zip(np.ravel(shape.pulls).tolist(), np.ravel(shape.cases).tolist(), strict=True))

    assert [square.full for square in pair.chart.squares] == [pull > 0 for pull, cases in cells if cases]
    assert len(pair.chart.empty) == sum(not cases for _, cases in cells)
    told = [cell for _, row in pair.rows for cell in row]
    assert [text.partition(" (")[0] for text in told] == [
        signed(pull) if cases else "under 20" for pull, cases in cells
    ]


def test_an_answer_with_few_cases_has_neither_a_mark_nor_a_number(
    app: Flask, trained_version: Artifact
) -> None:
    with app.test_request_context():
        page = whole_of(trained_version)
    few = [(table, n) for table in page.tables for n, row in enumerate(table.rows) if row.cases == "under 20"]

    assert few
    for table, n in few:
        assert (table.rows[n].pull, table.rows[n].interval) == ("", "")
        assert table.chart.rows[n].at is None
