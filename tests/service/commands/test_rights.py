"""Rights from the command line: the list by deadline, one request, its answer, and the extract."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands import groups
from service.database import reading
from service.program import assemble
from service.tables.intake import Case
from service.tables.rights import RightRequest
from service.workflow.rights.standing import standing_of
from tests.builders import a_case
from tests.cast import NOW, TODAY, Cast
from tests.desk import Desk
from tests.rights import a_request
from tests.rows import rows_beside_runs


def run(*words: str) -> Result:
    """One command of the program; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ["rights", *words])


@pytest.fixture
def case(desk: Desk, cast: Cast) -> Case:
    """Agnes' case."""
    return a_case(desk.engine)


@pytest.fixture
def asked(desk: Desk, cast: Cast, case: Case) -> RightRequest:
    """A request for access."""
    return a_request(desk.engine, case, cast.alma, "access")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "refused", "--words", "Nej."), "Vælg, hvilken regel"),
        (("--outcome", "refused", "--ground", "no_condition", "--words", "Nej."), "Vælg, hvilken regel"),
        (("--outcome", "granted", "--words", " "), "Skriv svaret"),
    ],
    ids=str,
)
def test_an_answer_without_its_ground_or_words_is_refused(
    desk: Desk, asked: RightRequest, words: tuple[str, ...], said: str
) -> None:
    before = rows_beside_runs(desk.engine)
    result = run("answer", asked.id, *words)

    assert result.exit_code != 0
    assert said in str(result.exception) + result.output
    assert rows_beside_runs(desk.engine) == before


def test_only_access_is_answered_with_an_extract_and_nothing_is_written(
    desk: Desk, cast: Cast, case: Case, tmp_path: Path
) -> None:
    other = a_request(desk.engine, case, cast.alma, "objection")
    before = rows_beside_runs(desk.engine)
    result = run("export", other.id, "--out", str(tmp_path / "x.zip"))

    assert result.exit_code != 0
    assert (rows_beside_runs(desk.engine), list(tmp_path.glob("*.zip"))) == (before, [])


def test_the_list_is_by_deadline_and_one_can_be_shown(
    desk: Desk, cast: Cast, case: Case, asked: RightRequest
) -> None:
    earlier = a_request(
        desk.engine, case, cast.alma, "objection", received_on=TODAY - timedelta(days=60), now=NOW
    )
    told = json.loads(run("list", "--json").output)

    assert [each["id"] for each in told] == [earlier.id, asked.id]
    assert [each["due_on"] for each in told] == ["2026-06-01", "2026-07-30"]
    shown = run("show", earlier.id).output
    assert "objection" in shown
    assert "Jeg vil ikke have" not in shown


def test_an_answer_is_given_and_the_extract_written(desk: Desk, asked: RightRequest, tmp_path: Path) -> None:
    out = tmp_path / "udtraek.zip"
    exported = run("export", asked.id, "--out", str(out))
    assert exported.exit_code == 0, exported.output
    with zipfile.ZipFile(out) as archive:
        assert "Agnes Prøve" in archive.read("mine-oplysninger.html").decode()

    answered = run("answer", asked.id, "--outcome", "granted", "--words", "Her er udtrækket.")
    assert answered.exit_code == 0, answered.output
    with reading(desk.engine) as session:
        step = standing_of(session, session.get_one(RightRequest, asked.id)).answer
    assert step is not None
    assert (step.kind, step.taken_by) == ("granted", None)
