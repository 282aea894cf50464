"""A file of a command is on the disk whole, or not there."""

import errno
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.files import NoRoom, room_in, whole


@pytest.fixture
def little_room() -> Iterator[None]:
    """The system lets no file of this process grow beyond ten thousand bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_it_takes_its_place_when_all_of_it_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("older")

    with whole(out) as file:
        file.write("næste\n")
        assert out.read_text() == "older"

    assert out.read_text("utf-8") == "næste\n"
    assert list(tmp_path.iterdir()) == [out]
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), ValueError()])
def test_what_is_stopped_leaves_the_older_file_and_nothing_beside_it(
    tmp_path: Path, stopped: BaseException
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("older")

    with pytest.raises(type(stopped)), whole(out) as file:
        file.write("half")
        raise stopped

    assert [(each, each.read_text()) for each in tmp_path.iterdir()] == [(out, "older")]


@pytest.mark.usefixtures("little_room")
@pytest.mark.parametrize("size", [11_000, 50_000])
def test_a_full_disk_leaves_nothing_and_is_told_in_a_sentence(tmp_path: Path, size: int) -> None:
    with (
        pytest.raises(NoRoom, match=f"^There is no room left in {tmp_path}. Nothing was written.$"),
        room_in(tmp_path, "Nothing was written."),
        whole(tmp_path / "out.csv") as file,
    ):
        file.write("x" * size)

    assert list(tmp_path.iterdir()) == []


def test_another_error_of_a_disk_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), room_in(tmp_path, "Nothing was written."):
        raise PermissionError(errno.EACCES, "Permission denied")
