"""`skoen register`: what somebody types, and what it leaves."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands import groups
from service.commands.register import template_of
from service.program import assemble
from service.workflow.registers.shapes import SHAPES
from tests.cast import Cast
from tests.desk import Desk
from tests.register import BY, VERSION, ready_for_shadow, standing, write
from tests.rows import rows_beside_runs

THERE = ("--municipality", "0999")
DILEMMA = """
om = "model:v1"
titel = "Skal alder med?"
fase = "udvikling"
skade_ved_brug = "Ældre kan få for lidt."
skade_uden_brug = "Behov kan blive overset."
deltagere = [{ fag = "Fysioterapi", rolle = "visitator" }, { fag = "Jura", rolle = "jurist" }]
dato = 2026-05-04
resultat = "Alder indgår ikke."
"""


def run(*words: str) -> Result:
    """One command; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ["register", *words])


def add(desk: Desk, text: str | bytes, kind: str = "dilemma", *more: str) -> Result:
    """Add an entry from a file with this text."""
    file = desk.folder / "entry.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("add", kind, "--file", str(file), "--by", BY, *THERE, *more)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = ", "TOML"),
        (b"\xff\xfe", "UTF-8"),
        (DILEMMA.replace('skade_uden_brug = "Behov kan blive overset."', ""), "skade_uden_brug"),
        (DILEMMA.replace("model:v1", "borger:7"), "skal handle om"),
        (DILEMMA.replace("alder", "0101" + "701234"), "ligner et CPR-nummer"),
        (DILEMMA.replace("2026-05-04", "2999-05-04"), "fremtiden"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(desk: Desk, text: str | bytes, said: str) -> None:
    before = rows_beside_runs(desk.engine)
    result = add(desk, text)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert rows_beside_runs(desk.engine) == before


def test_an_entry_is_added_listed_shown_and_replaced(desk: Desk, cast: Cast) -> None:
    assert add(desk, DILEMMA).exit_code == 0
    (first,) = standing(cast.engine, cast.dan)
    edited = add(desk, DILEMMA.replace("indgår ikke", "indgår nu"), "dilemma", "--replaces", first.id)
    assert edited.exit_code == 0, edited.output
    (newest,) = standing(cast.engine, cast.dan)

    assert first.content["dato"] == "2026-05-04"
    listed = run("list", "dilemma", *THERE).output
    assert newest.id in listed
    assert first.id not in listed
    assert "udkast; skygge mangler: " in listed
    shown = json.loads(run("show", first.id, *THERE).output)
    assert [each["indhold"]["resultat"] for each in shown] == ["Alder indgår ikke.", "Alder indgår nu."]


@pytest.mark.requirement("G-49")
def test_an_export_holds_every_version_and_overwrites_nothing(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    first = write(cast.engine, cast.dan, "dilemma")
    write(cast.engine, cast.dan, "dilemma", replaces=first.id)
    out = tmp_path / "registre.json"
    assert run("export", "--out", str(out), *THERE).exit_code == 0
    content = out.read_bytes()

    assert [each["erstatter"] for each in json.loads(content)["registre"]] == [None, first.id]
    assert run("export", "--out", str(out), *THERE).exit_code == 1
    assert run("export", "--out", str(tmp_path / "no" / "where.json"), *THERE).exit_code == 1
    assert out.read_bytes() == content


def test_a_version_that_may_go_on_is_said_to_lack_nothing(desk: Desk, cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)

    assert f"model:{VERSION}: udkast\n" in run("list", *THERE).output


@pytest.mark.parametrize("kind", SHAPES)
def test_a_template_is_a_file_that_asks_for_everything(desk: Desk, kind: str) -> None:
    shape, text = SHAPES[kind], run("template", kind).output

    assert text.strip() == template_of(shape)
    assert set(tomllib.loads(text)) == {"om"} | {field.key for field in shape.fields if field.must}
    assert all(field.label in text for field in shape.fields)
    assert add(desk, text, kind).exit_code == 1  # empty as it is, it is no entry
