"""`skoen incident affected`: whom a breach concerns, from the command line, and a draft in a new file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands import groups
from service.program import assemble
from tests.cast import Cast
from tests.desk import Desk
from tests.look_ups import at, cases, look

ASKED = ("--municipality", "0999", "--from", "2026-05-04", "--to", "2026-05-05T12:00")


def run(*arguments: object) -> Result:
    """One command; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ("incident", "affected", *map(str, arguments)))


@pytest.mark.requirement("K-14")
def test_one_persons_window_is_listed_and_drafted(desk: Desk, cast: Cast, tmp_path: Path) -> None:
    first, second, third = cases(desk.engine, 3)
    look(desk.engine, cast.alma, first, at(4), at(4, 11))
    look(desk.engine, cast.dorte, second, at(5), purpose="klage")
    look(desk.engine, cast.alma, third, at(5, 13))
    draft = tmp_path / "udkast.txt"

    told = run(*ASKED, "--who", "alma", "--json", "--report", draft, "--found", "2026-05-06T08:00")
    found = json.loads(told.stdout)

    assert told.exit_code == 0, told.output
    assert [(one["cases"], one["looks"]) for one in found["citizens"]] == [([first.serial], 2)]
    assert "Opslag foretaget af: én medarbejder." in draft.read_text("utf-8")
    assert "senest: 09.05.2026 kl. 08.00" in draft.read_text("utf-8")
    everybody = run(*ASKED)
    assert f"Case {first.serial}" in everybody.stdout and f"Case {third.serial}" not in everybody.stdout


def test_a_file_that_is_there_is_left_alone_and_no_time_is_no_time(
    desk: Desk, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "udkast.txt").write_text("mine", "utf-8")

    assert run(*ASKED, "--report", tmp_path / "udkast.txt").exit_code == 1
    assert (tmp_path / "udkast.txt").read_text("utf-8") == "mine"
    assert run("--municipality", "0999", "--from", "i går", "--to", "2026-05-05").exit_code == 2
    assert run(*ASKED, "--who", "nobody").exit_code != 0
