"""Shadow results across every role, route and export: no byte of what was computed comes out."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.tables.suggestion import Suggestion
from service.workflow import export
from tests.answered import a_decision, answer, into_shadow
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import PEOPLE, Cast
from tests.house.test_routes import path_of, rules
from tests.overseen import opened_by
from tests.parts.web import Visitor
from tests.payloads import a_payload
from tests.service.signer.bench import Bench
from tests.shelves import FixedShelf

Visit = Callable[[str], Visitor]
CANARY = "kanariefugl"


@pytest.fixture
def sealed(engine: Engine, cast: Cast) -> Suggestion:
    """A case judged and decided in the phase `skygge`; what was computed says a word of its own."""
    an_admission(engine, cast.dan)
    into_shadow(engine, cast)
    payload = a_payload()
    payload["similar"]["sentence"] = payload["headline"] = CANARY
    case = a_case(engine)
    row = answer(engine, a_judgement(engine, case, cast.alma).id, cast.alma, FixedShelf(payload))
    a_decision(engine, case, cast.alma)
    assert row.payload_hash is not None
    return row


@pytest.mark.parametrize("name", [name for name in PEOPLE if name not in ("bent", "freja", "carla")])
def test_no_page_of_any_role_tells_it(
    name: str, app: Flask, visit: Visit, cast: Cast, sealed: Suggestion
) -> None:
    person = visit(name)
    seen = 0
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            answer_ = person.get(path_of(rule, sealed.case_id).replace("0" * 32, sealed.id))
            seen += answer_.status_code == 200
            assert CANARY.encode() not in answer_.data, rule.rule
    assert seen
    assert person.get(f"/sag/{sealed.case_id}/som-vist/{sealed.id}").status_code in (302, 303, 403, 404)


def test_no_export_opens_it_not_even_for_the_party(
    app: Flask, engine: Engine, visit: Visit, sealed: Suggestion
) -> None:
    dorte = visit("dorte")
    opened_by(dorte, sealed.case_id, "aktindsigt")
    Bench(engine, app.extensions["skoen"].settings).seal()
    taken = dorte.post(f"/tilsyn/sag/{sealed.case_id}/eksport", {"aabnet": "ja"})

    assert taken.status_code == 200
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        opened = [name for name in archive.namelist() if name.startswith("opened/")]
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert opened and f"opened/{sealed.id}.json" not in opened
    assert CANARY.encode() not in content
    assert CANARY not in str(list(export.decisions(engine)))


def test_it_stands_nowhere_in_the_database_to_be_read(engine: Engine, sealed: Suggestion) -> None:
    file = Path(str(engine.url.database))

    assert b"withheld" in file.read_bytes()
    assert CANARY.encode() not in file.read_bytes()
