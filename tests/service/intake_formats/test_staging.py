"""What a run of import keeps while it reads, and that none of it stays behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.intake_formats import history
from service.intake_formats.claims import Claims
from service.intake_formats.staging import Stage
from tests.histories import a_csv, a_row

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(NOW, tmp_path / "kept")
    yield stage
    stage.discard()


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_history_that_is_stopped_in_the_middle_leaves_no_row(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: BaseException
) -> None:
    written = []

    def stop(*args: object, **words: object) -> None:
        written.extend((tmp_path / "kept").iterdir())
        raise stopped

    monkeypatch.setattr(history, "to_row", stop)

    with pytest.raises(type(stopped)):
        stage.add(a_csv(tmp_path / "h.csv", [a_row(), a_row(request_id="r-2")]))
    assert len(written) == 1
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_request_given_twice_is_refused_far_apart_and_in_another_file(stage: Stage, tmp_path: Path) -> None:
    rows = [a_row(request_id=f"r-{number}") for number in range(300)]
    one = a_csv(tmp_path / "one.csv", [*rows, a_row(request_id="r-0")])
    other = a_csv(tmp_path / "other.csv", [a_row(request_id="r-299"), a_row(request_id="r-300")])

    stage.add(one)
    stage.add(other)

    assert [each.rows for each in stage.histories] == [300, 1]
    assert [problem.field for problem in stage.problems] == ["request_id", "request_id"]
    assert [str(one) in problem.reason for problem in stage.problems] == [True, True]


def test_the_same_id_in_two_municipalities_is_two_requests_and_a_place_may_ask_again() -> None:
    claims = Claims()

    assert claims.claim("0101", "r-1", "here") is None
    assert claims.claim("0102", "r-1", "there") is None
    assert claims.claim("0101", "r-1", "here") is None
    assert claims.claim("0101", "r-1", "there") == "here"
    claims.close()
