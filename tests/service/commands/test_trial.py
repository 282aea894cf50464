"""`skoen trial`: from the plan to the seal, and what is said when something is not so."""

import json

import pytest
from click.testing import CliRunner, Result

from service.commands import groups
from service.program import assemble
from tests.cast import Cast
from tests.desk import Desk
from tests.rows import rows_beside_runs
from tests.trials import EXPECTED, NAME, PLANNED

WHEN = ["--starts", "2030-01-01", "--ends", "2030-06-30"]


def run(*words: str) -> Result:
    """One verb of `skoen trial`; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ["trial", *words])


def test_a_trial_is_planned_registered_started_and_stopped(desk: Desk, cast: Cast) -> None:
    planned = run("plan", *EXPECTED)
    assert planned.output == "751 cases in all, 376 of them without evidence.\n"
    tenth = run("plan", "--share", "0.1", "--from", "0.35", "--to", "0.4", "--json")
    assert json.loads(tenth.output) == {"cases": 8089, "control": 809}

    made = run("register", NAME, "--unit", "Træning Nord", *EXPECTED, *WHEN, *PLANNED)
    assert f"{NAME}: 751 cases planned, 50 % without evidence." in made.output
    assert run("start", NAME, "--by", "dagny").output == f"{NAME} is started.\n"
    looked = run("look", NAME, "--by", "dan")
    assert "Too few cases" in looked.output
    stopped = run("stop", NAME, "--reason", "Nok nu.", "--by", "dan")
    assert stopped.exit_code == 0
    sealed = run("report", NAME, "--by", "dan")
    assert sealed.exit_code != 0
    assert "forseglet" in sealed.output
    assert run("unseal", NAME, "--reason", "Vi vil se det.", "--by", "dan").exit_code == 0
    told = run("report", NAME, "--by", "dan", "--json")
    assert json.loads(told.output)["verdict"] == "not_measured"
    assert "with less without: cannot be measured" in run("report", NAME, "--by", "dan").output
    listed = run("list", "--municipality", "0999").output
    assert "stopped: Nok nu." in listed
    assert "looked: too_few" in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--share", "0.5", "--from", "0.4", "--to", "0.4"], "cannot be told apart"),
        (["plan", "--share", "1.5", "--from", "0.4", "--to", "0.5"], "not in the range"),
        (["register", NAME, "--unit", "Træning Vest", *EXPECTED, *WHEN, *PLANNED], "Der er ingen enhed"),
        (["register", "Et navn", "--unit", "Træning Nord", *EXPECTED, *WHEN, *PLANNED], "Navnet skrives"),
        (["start", NAME, "--by", "dagny"], "ikke noget forsøg"),
        (["stop", NAME, "--reason", "x", "--by", "alma"], "Din rolle"),
        (["report", NAME, "--by", "dan"], "ikke noget forsøg"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    words: list[str], said: str, desk: Desk, cast: Cast
) -> None:
    before = rows_beside_runs(desk.engine)
    result = run(*words)
    assert result.exit_code != 0
    assert said in result.output
    assert rows_beside_runs(desk.engine) == before
