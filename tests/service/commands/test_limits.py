"""`skoen limits …`, and every other command: a local file that loosens a limit is refused by name."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands import groups
from service.program import assemble
from tests.desk import Desk
from tests.rows import rows_beside_runs

UNIT = '[[unit]]\nmunicipality = "0999"\nname = "Træning Nord"\n'


def local(folder: Path, text: str) -> Path:
    """A local file."""
    file = folder / "limits.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.requirement("G-14", "R-26")
@pytest.mark.parametrize("command", [("users", "list"), ("limits", "show"), ("access", "reviews")])
def test_the_command_line_refuses_a_loosening_before_it_does_anything(
    command: tuple[str, ...], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKOEN_LIMITS", str(local(desk.folder, "least_cases = 4")))
    before = rows_beside_runs(desk.engine)
    result = CliRunner().invoke(assemble([groups()]), command)

    assert result.exit_code != 0
    assert "least_cases may only be raised" in result.output
    assert rows_beside_runs(desk.engine) == before


@pytest.mark.requirement("G-14")
def test_a_file_is_tried_before_it_is_used(desk: Desk) -> None:
    def check(text: str) -> tuple[int, str]:
        result = CliRunner().invoke(assemble([groups()]), ("limits", "check", str(local(desk.folder, text))))
        return result.exit_code, result.output

    code, said = check(UNIT + "judgement_first = false")
    assert code != 0 and "judgement_first may not be changed" in said
    code, said = check("names_hours = 4")
    assert code == 0 and "can be used" in said
