"""The design system is installed whole, unmodified, and without a dead reference."""

from pathlib import Path

import pytest

from service.web import frontend


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of the same shape as dkfds: a stylesheet that asks for a font and a picture."""
    source = tmp_path / "dist"
    texts = {
        "css/dkfds.min.css": "a{src:url(../fonts/plex.woff2)}b{mask:url('../img/tick.svg')}c{x:url(data:,)}",
        "js/dkfds.min.js": "",
        "img/all-svg-icons.svg": "<svg/>",
        "img/tick.svg": "<svg/>",
        "img/unused.svg": "<svg/>",
        "fonts/plex.woff2": "font",
        "fonts/license.txt": "OFL",
        "LICENSE.md": "MIT",
    }
    for name, text in texts.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    return source


def names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_everything_a_page_can_ask_for_is_copied_and_nothing_else(package: Path, tmp_path: Path) -> None:
    frontend.copy(package, tmp_path / "static")

    assert names(tmp_path / "static") == names(package) - {"img/unused.svg"}


def test_a_second_copy_replaces_the_first(package: Path, tmp_path: Path) -> None:
    frontend.copy(package, tmp_path / "static")
    (tmp_path / "static" / "stale.js").write_text("")

    frontend.copy(package, tmp_path / "static")

    assert "stale.js" not in names(tmp_path / "static")


def test_a_missing_file_stops_the_installation(package: Path, tmp_path: Path) -> None:
    (package / "img/tick.svg").unlink()

    with pytest.raises(FileNotFoundError):
        frontend.copy(package, tmp_path / "static")


def test_the_installed_files_are_those_of_the_package() -> None:
    installed = names(frontend.TARGET)

    assert {"css/dkfds.min.css", "js/dkfds.min.js", "LICENSE.md"} < installed
    for name in installed:
        assert (frontend.TARGET / name).read_bytes() == (frontend.SOURCE / name).read_bytes()
