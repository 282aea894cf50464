"""Without somebody to turn to there is no letter."""

from pathlib import Path

import pytest

from service.workflow.letter.contacts import DEFAULT, ContactsMissing, read_contacts


def test_the_file_that_comes_along_speaks_for_the_demonstration_alone() -> None:
    assert read_contacts(None, "0999").phone
    with pytest.raises(ContactsMissing, match="0998"):
        read_contacts(None, "0998")


@pytest.mark.requirement("G-51")
@pytest.mark.parametrize(
    "name", ["phone", "hours", "email", "address", "complaint", "data_protection", "adviser"]
)
@pytest.mark.parametrize("value", ["", '""', '" "', "7"])
def test_a_line_that_is_missing_is_named(name: str, value: str, tmp_path: Path) -> None:
    lines = [line for line in DEFAULT.read_text("utf-8").splitlines() if not line.startswith(f"{name} ")]
    file = tmp_path / "contacts.toml"
    file.write_text("\n".join([*lines, f"{name} = {value}" if value else ""]), "utf-8")

    with pytest.raises(ContactsMissing, match=f"0999: {name}. "):
        read_contacts(file, "0999")


@pytest.mark.parametrize("content", [b"= no", b"\xff", b"0999 = 1", b""])
def test_a_file_that_says_nothing_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "contacts.toml"
    file.write_bytes(content)

    with pytest.raises(ContactsMissing):
        read_contacts(file, "0999")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContactsMissing, match=r"mine\.toml"):
        read_contacts(tmp_path / "mine.toml", "0999")
