"""A file from outside is refused before it can do harm, with a place and a reason."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.intake_formats.problem import Problem, Refused, shown
from service.intake_formats.reading import JSON_LIMIT, MEGABYTE, bounded, json_of


def problem_of(content: bytes) -> Problem:
    """The one problem of parsing the content."""
    with pytest.raises(Refused) as refused:
        json_of(content)
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("content", "where", "field", "found"),
    [
        (b"{", "linje 1", "tegn 2", "Expecting property name enclosed in double quotes"),
        (b'{"a": 1, "a": 2}', "filen", "a", "a"),
        (b'{"a": NaN}', "filen", "tal", "NaN"),
        (b'{"a": -Infinity}', "filen", "tal", "-Infinity"),
        (b'{"a": 1e999}', "filen", "tal", "1e999"),
        (b'{"a": ' + b"9" * 5000 + b"}", "filen", "tal", "for mange cifre"),
        (b'{"a": "\xe6"}', "byte 7", "tegnsæt", "byte 0xe6"),
        (b'{"a": "\\ud800"}', "filen", "tekst", "et enligt surrogat"),
        (b"[" * 100_000 + b"]" * 100_000, "filen", "dybde", "flere niveauer"),
    ],
    ids=[
        "cut off",
        "key twice",
        "NaN",
        "infinity",
        "huge float",
        "huge integer",
        "latin-1",
        "surrogate",
        "deep",
    ],
)
def test_what_is_no_strict_json_is_refused(content: bytes, where: str, field: str, found: str) -> None:
    problem = problem_of(content)

    assert (problem.where, problem.field, problem.found) == (where, field, found)


def test_brackets_inside_text_are_not_nesting() -> None:
    assert json_of(b'{"a": "' + b"[" * 1000 + b'\\"[["}') == {"a": "[" * 1000 + '"[['}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(codec="utf-8")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
        max_leaves=10,
    )
)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert json_of(json.dumps(value).encode()) == value


def test_a_byte_order_mark_is_forgiven() -> None:
    assert json_of(b"\xef\xbb\xbf{}") == {}


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(200 * MEGABYTE)

    with pytest.raises(Refused) as refused:
        bounded(path, JSON_LIMIT)

    assert refused.value.problems == (
        Problem("filen", "størrelse", "er større end de tilladte 20 MB", "200 MB"),
    )


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * (JSON_LIMIT + 1)))

    with pytest.raises(Refused, match="størrelse"):
        bounded(path, JSON_LIMIT)


@pytest.mark.parametrize("kept", [12, 500, -4], ids=["header", "half", "checksum"])
def test_a_gzip_file_that_is_cut_off_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(os.urandom(1000))[:kept])

    with pytest.raises(Refused, match="indhold"):
        bounded(path, JSON_LIMIT)


@pytest.mark.parametrize("name", ["missing.json", "."], ids=["missing", "folder"])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="filen: file"):
        bounded(tmp_path / name, JSON_LIMIT)


def test_what_was_found_is_one_short_line_without_a_cpr_number() -> None:
    number = "311299" + "-4444"

    assert shown(f"Agnes\n{number} \x00") == "Agnes [cpr] ?"
    assert len(shown("x" * 1000)) == 60
    assert shown(None) == shown("") == "ingenting"
