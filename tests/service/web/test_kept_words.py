"""What somebody searched for is remembered for her, and lies in the database for nobody else to read."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.tables.session import WebSession
from tests.cast import Cast
from tests.parts.citizens import receive
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def kept(engine: Engine) -> list[str]:
    with reading(engine) as session:
        found = session.exec(select(WebSession).order_by(WebSession.created_at)).all()
        return [row.content["soegning"] for row in found if "soegning" in row.content]


def test_words_that_were_searched_for_lie_nowhere_in_clear(engine: Engine, visit: Visit, cast: Cast) -> None:
    receive(engine, 1)
    alma = visit("alma")
    alma.post("/indbakke/soegning", {"soegning": "Navna00001 Prøvesen"})

    assert "Navna00001" in alma.get("/indbakke").text
    (word,) = kept(engine)
    assert "Navna" not in word
    with engine.connect() as connection:
        file = connection.exec_driver_sql("SELECT group_concat(content) FROM web_sessions").scalar_one()
    assert "Navna00001" not in file


def test_no_words_are_no_words(engine: Engine, visit: Visit, cast: Cast) -> None:
    alma = visit("alma")
    alma.post("/indbakke/soegning", {"soegning": "  "})

    assert kept(engine) == [""]
    assert alma.get("/indbakke").status_code == 200


def test_another_person_or_another_key_cannot_read_them(
    app: Flask, engine: Engine, visit: Visit, cast: Cast
) -> None:
    receive(engine, 1)
    alma, bent = visit("alma"), visit("bent")
    for visitor in (alma, bent):
        visitor.post("/indbakke/soegning", {"soegning": "Navna00001"})
    mine, _ = kept(engine)
    with writing(engine) as session:
        for row in session.exec(select(WebSession)):
            row.content = {**row.content, "soegning": mine}
            session.add(row)
        session.commit()

    assert sorted("Navna00001" in visitor.get("/indbakke").text for visitor in (alma, bent)) == [False, True]

    runtime = app.extensions["skoen"]
    app.extensions["skoen"] = replace(runtime, keys=replace(runtime.keys, web=bytes(32)))
    assert "Navna00001" not in alma.get("/indbakke").text


def test_words_that_somebody_wrote_there_by_hand_are_no_words(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    alma = visit("alma")
    for odd in ("Navna00001 Prøvesen", "AAAA", "A"):
        with writing(engine) as session:
            for row in session.exec(select(WebSession)):
                row.content = {**row.content, "soegning": odd}
                session.add(row)
            session.commit()
        assert alma.get("/indbakke").status_code == 200
