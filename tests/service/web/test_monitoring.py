"""The page of the monthly look: each measure and what is usual, alarms and what was done, missed months."""

from collections.abc import Callable

from sqlalchemy import Engine

from service.workflow.registers.monitoring import before, month_code, month_words
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.parts.web import Visitor
from tests.register import WHOLE, write

Visit = Callable[[str], Visitor]
MEASURES = [
    *WHOLE["monitoring"][1]["maalinger"],
    {"maal": "Oplysning: Smerter", "vaerdi": "0,03", "sager": "omkring 80", "saedvanligt": "omkring 0,05",
     "graense": "over 0,10", "svar": "ingen alarm"},
]  # fmt: skip


def test_without_a_model_there_is_nothing_to_monitor(visit: Visit) -> None:
    assert "ingen model i brug" in visit("tove").get("/overvaagning").text


def test_a_measure_stands_with_its_value_what_is_usual_and_what_raises_an_alarm(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    write(engine, cast.dan, "monitoring", maalinger=MEASURES)
    page = visit("tove").get("/overvaagning").text

    for said in ("maj 2026", "60 %", "omkring 80", "25 %", "10 procentpoint", "1 alarm", "omkring 0,05"):
        assert said in page
    assert '<th scope="row" data-title="Måling">Smerter</th>' in page
    assert "står som en opgave" in page


def test_a_closed_alarm_says_what_was_done(engine: Engine, visit: Visit, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    found = write(engine, cast.dan, "monitoring")
    write(
        engine,
        cast.dan,
        "monitoring",
        replaces=found.id,
        lukket="2026-06-20",
        handling="Rettet.",
    )
    page = visit("ada").get("/overvaagning").text

    assert "Rettet." in page
    assert "står som en opgave" not in page


def test_a_month_that_nobody_looked_at_is_said_here_and_among_the_tasks(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    last = month_words(before(month_code(NOW.date())))

    assert last in visit("tove").get("/overvaagning").text
    assert f"Ingen har overvåget modellen i {last}." in visit("dan").get("/registre").text
    write(engine, cast.dan, "monitoring", maaned=before(month_code(NOW.date())))
    assert f"Ingen har overvåget modellen i {last}." not in visit("dan").get("/registre").text


def test_it_is_for_those_who_read_the_registers_and_of_their_own_municipality(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    write(engine, cast.dan, "monitoring")

    assert visit("alma").get("/overvaagning").status_code == 403
    assert visit("carla").get("/overvaagning").status_code == 403
    assert "60 %" in visit("poul").get("/overvaagning").text


def test_a_version_held_against_the_one_in_use_is_sealed_and_then_told(
    engine: Engine, visit: Visit, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    row = write(engine, cast.dan, "challenge")
    sealed = visit("dan").get("/overvaagning").text
    line = "eget skøn, log-tab: 0,412 mod 0,430 for den i brug; forskel −0,018 (−0,031 til −0,005, 140 sager)"
    write(engine, cast.dan, "challenge", status="opgjort", antal=140, svar=[line], replaces=row.id)
    told = visit("dan").get("/overvaagning").text

    assert "v2 holdt op mod v1" in sealed
    assert "i gang, forseglet" in sealed
    assert "Intet er regnet eller vist endnu" in sealed
    assert line in told
    assert "Intet er regnet" not in told
