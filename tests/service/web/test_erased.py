"""A case that is erased: one calm sentence, whatever is asked of it, and everything else goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from service.log.vault import vault_of
from service.workflow import erasure
from tests.cast import NOW, TODAY, Cast
from tests.parts.citizens import STEP, Planted, plant, receive
from tests.parts.town import ORDER
from tests.parts.web import Clock, Visitor
from tests.quarter import AFTER, play
from tests.rows import rows

SENTENCE = "Sagen er slettet. Der er ingen oplysninger tilbage om borgeren."
Visit = Callable[[str], Visitor]


def stage(engine: Engine, cast: Cast) -> Planted:
    """A quarter of casework, and one citizen more."""
    play(engine, cast)
    return plant(engine, cast.alma, 777)


@pytest.fixture
def erased(engine: Engine, staged: Planted, tmp_path: Path) -> Planted:
    """A case that is erased among others, in a quarter of casework."""
    ledger = tmp_path / "seals" / "erasures.jsonl"
    erasure.erase(engine, ledger, [staged.citizen_id], ORDER, now=NOW + 5 * STEP)
    return staged


def pages_of(app: Flask, case_id: str) -> list[tuple[str, str]]:
    """Every way to ask for something of a case."""
    return [
        (method, rule.rule.replace("<case_id>", case_id).replace("<suggestion_id>", "0" * 32))
        for rule in app.url_map.iter_rules()
        if "case_id" in rule.arguments
        and rule.arguments <= {"case_id", "suggestion_id"}
        and not rule.rule.startswith("/tilsyn/")  # its entries outlive it: see test_oversight.py
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def ask(visitor: Visitor, method: str, path: str) -> tuple[int, str]:
    if method == "GET":
        answer = visitor.get(path)
    else:
        answer = visitor.post(path, headers={"X-CSRFToken": visitor.token})
    return answer.status_code, answer.text


def test_every_page_and_answer_of_it_says_so_and_writes_nothing(
    app: Flask, engine: Engine, visit: Visit, erased: Planted
) -> None:
    alma = visit("alma")
    alma.get("/indbakke")
    before = rows(engine)
    asked = pages_of(app, erased.case.id)
    assert len(asked) > 20

    found = {(method, path): ask(alma, method, path) for method, path in asked}

    wrong = {
        where: answer for where, answer in found.items() if answer[0] != 410 or SENTENCE not in answer[1]
    }
    assert wrong == {}
    assert rows(engine) == before
    assert not any(word in answer for _, answer in found.values() for word in erased.words())


def test_for_others_it_is_not_there_at_all(app: Flask, visit: Visit, erased: Planted) -> None:
    for name in ("carla", "freja"):
        visitor = visit(name)
        visitor.get("/indbakke")
        found = {ask(visitor, method, path)[0] for method, path in pages_of(app, erased.case.id)}
        assert found == {404}, name


def test_the_inbox_and_a_search_go_on_without_it(engine: Engine, visit: Visit, erased: Planted) -> None:
    waiting = receive(engine, 778)
    alma = visit("alma")

    assert f"/sag/{waiting.id}" in alma.get("/indbakke?vis=team").text
    alma.post("/indbakke/soegning", {"soegning": erased.citizen.name.split()[0]})
    page = alma.get("/indbakke").text
    assert erased.case.id not in page
    assert "0 sager fundet" in page


def test_a_case_whose_key_is_lost_still_waits_in_the_inbox(engine: Engine, visit: Visit, cast: Cast) -> None:
    lost, whole = receive(engine, 1), receive(engine, 2)
    vault_of(engine).keystore.remove([lost.citizen_id])

    page = visit("alma").get("/indbakke?vis=team").text

    assert f"/sag/{lost.id}" in page
    assert f"/sag/{whole.id}" in page
    assert "Oplysningerne kan ikke læses" in page
    answer = visit("alma").get(f"/sag/{lost.id}")
    assert answer.status_code == 410
    assert "slettet eller beskadiget" in answer.text


def test_an_erased_case_is_not_called_unreadable_in_the_inbox(visit: Visit, erased: Planted) -> None:
    assert "kan ikke læses" not in visit("alma").get("/indbakke?vis=team").text


def test_the_statistics_go_on(visit: Visit, clock: Clock, erased: Planted) -> None:
    clock.at = AFTER
    tove = visit("tove")

    page, table = tove.get("/statistik?periode=2026-K2"), tove.get("/statistik.csv?periode=2026-K2")

    assert (page.status_code, table.status_code) == (200, 200)
    assert "2. kvartal 2026" in page.text


def test_nothing_is_left_of_the_dates_it_had(engine: Engine, erased: Planted) -> None:
    with engine.connect() as connection:
        query = text("SELECT received_on, discharged_on, due_on FROM cases WHERE id = :id")
        found = connection.execute(query, {"id": erased.case.id}).one()
    assert str(TODAY.year) not in "".join(map(str, found))
