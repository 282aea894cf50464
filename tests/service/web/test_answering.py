"""When the answer to a judgement cannot be stored, nothing is shown, and the judgement is safe."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from service.tables.assessment import Assessment
from service.tables.suggestion import Suggestion
from tests.answered import rows
from tests.builders import READ, a_case, an_admission
from tests.cast import NOW, Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
SAFE = "Din vurdering er gemt. Grundlaget kunne ikke gemmes og vises derfor ikke."


@pytest.fixture
def full_disk(app: Flask) -> Callable[[], None]:
    """From now on the application's database refuses every new answer, as a full disk would."""
    engine: Engine = app.extensions["skoen"].engine
    broken = [True]

    def refuse(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if broken[0] and statement.startswith("INSERT INTO suggestions"):
            raise OperationalError(statement, None, Exception("database or disk is full"))

    event.listen(engine, "before_cursor_execute", refuse)

    def mend() -> None:
        broken[0] = False

    return mend


def test_a_page_says_that_the_judgement_is_safe_and_sending_again_completes_it(
    full_disk: Callable[[], None], visit: Visit, engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    alma = visit("alma")
    page = alma.get(f"/sag/{case.id}").text
    hidden = dict(re.findall(r'name="(noegle|aabnet|version)" value="([^"]+)"', page))
    form = {**{f"oplysning.{name}": code for name, code in READ.items()}, **hidden}
    form |= {"valg": "basal", "sikkerhed": "sikker"}
    failed = alma.post(f"/sag/{case.id}/vurdering", form)

    assert (failed.status_code, SAFE in failed.text) == (503, True)
    assert (rows(engine, Assessment), rows(engine, Suggestion)) == (1, 0)
    full_disk()
    assert alma.post(f"/sag/{case.id}/vurdering", form).status_code == 303
    assert (rows(engine, Assessment), rows(engine, Suggestion)) == (1, 1)


def test_the_api_says_so_too(full_disk: Callable[[], None], visit: Visit, engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    alma = visit("alma")
    access = alma.client.get("/api/v1/adgang").json
    assert access is not None
    judged = {
        "choice": "basal", "confidence": "sikker", "read_version": 1, "answers": READ,
        "opened_at": NOW.isoformat(), "key": "judgement-1",
    }  # fmt: skip
    failed = alma.client.post(
        f"/api/v1/sager/{case.id}/vurdering", json=judged, headers={"X-CSRF-Token": access["csrf_token"]}
    )

    assert (failed.status_code, failed.json["error"][: len(SAFE)]) == (503, SAFE)  # type: ignore[index]
    assert alma.client.get(f"/api/v1/sager/{case.id}/grundlag").status_code == 409
    assert rows(engine, Suggestion) == 0
