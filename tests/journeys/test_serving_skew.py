"""The same case is the same codes in the workshop and in the service, bit for bit.

The workshop reads an export and codes whole columns; the service reads its tables and codes one case.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models import areas, artifact
from models import facts as case_facts
from models.coding import Codebook, Codes
from models.declaration import Area
from models.record import DecidedCase, from_json_line, to_json_line
from service.config import Settings
from service.database import reading
from service.log import open_engine
from service.tables.intake import Case
from service.workflow import export
from service.workflow.case_file import open_file
from tests.models.strategies import decided_cases
from tests.models.workbench import REPAIR
from tests.parts.demo import environment_of
from training.codebook import fit_codebook
from training.labelled import Labelled

GENOPTRAENING = areas.get("genoptraening")
MANY = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def repair() -> Iterator[Area]:
    """The second area, known while these tests run."""
    with areas.registered(REPAIR) as area:
        yield area


def in_the_workshop(area: Area, book: Codebook, lines: list[str]) -> Codes:
    """The codes of exported cases, as training reads them."""
    cases = tuple(from_json_line(area, line) for line in lines)
    return Labelled(area, cases, np.zeros(len(cases), dtype=np.int64)).codes(book)


def in_the_service(area: Area, book: Codebook, case: DecidedCase) -> Codes:
    """The codes of one case, as the service reads its facts and its artifact."""
    stored = json.loads(json.dumps(case_facts.to_json(case.facts)))
    known = Codebook.from_json(area, json.loads(json.dumps(book.to_json())))
    return known.encode(case_facts.values(case_facts.from_json(area, stored)), case.received_on)


def a_book(area: Area, cases: list[DecidedCase]) -> Codebook:
    """A codebook fitted on cases, as training fits it."""
    return fit_codebook(Labelled(area, tuple(cases), np.arange(len(cases)) % len(area.levels)), rare=2)


@MANY
@given(st.data())
@pytest.mark.parametrize("area", [GENOPTRAENING, REPAIR], ids=lambda area: str(area.name))
def test_any_case_of_any_area_has_the_same_codes_on_both_sides(area: Area, data: st.DataObject) -> None:
    cases = data.draw(st.lists(decided_cases(area), min_size=4, max_size=6))
    book = a_book(area, cases[:3])

    workshop = in_the_workshop(area, book, [to_json_line(area, case) for case in cases])
    service = np.stack([in_the_service(area, book, case) for case in cases])

    assert workshop.dtype == service.dtype
    assert workshop.tobytes() == service.tobytes()


def test_a_quarter_of_cases_read_from_an_export_and_from_the_tables_is_the_same(demo_home: Path) -> None:
    environment = environment_of(demo_home)
    engine = open_engine(Settings.from_environment(environment))
    folder = next((demo_home / "models").glob("*/manifest.json")).parent
    version = artifact.load(folder)
    with reading(engine) as session:
        exported = {case.request_id: case for case in export.decisions(engine)}
        # A case whose facts were changed after the judgement has more than one version to compare.
        files = [open_file(session, case.id) for case in session.exec(select(Case)) if case.citizen_id]
        files = [
            each
            for each in files
            if each.case.request_id in exported and each.judged_facts == each.facts_version
        ]
    engine.dispose()
    lines = [to_json_line(GENOPTRAENING, exported[each.case.request_id]) for each in files]

    workshop = in_the_workshop(GENOPTRAENING, version.codebook, lines)
    service = np.stack(
        [version.codebook.encode(case_facts.values(each.facts), each.case.received_on) for each in files]
    )

    assert len(files) > 60
    assert workshop.tobytes() == service.tobytes()
    assert version.tables.scores(workshop).tobytes() == version.tables.scores(service).tobytes()
