"""The technical log says names, codes and numbers, and nothing about a citizen slips through."""

import io
import json
import logging
from collections.abc import Generator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from service.logging import ALLOWED, configure, keep_allowed

CANARY = "7102779995"


@pytest.fixture
def stream() -> Generator[io.StringIO]:
    """Where the lines go."""
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    made = io.StringIO()
    configure(made)
    yield made
    structlog.reset_defaults()
    root.handlers[:] = kept
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_field_that_is_not_on_the_list_is_dropped_and_named(stream: io.StringIO) -> None:
    structlog.get_logger().info("request.done", status=200, name="Ane Ærø", cpr=CANARY)

    (line,) = lines(stream)
    assert (line["event"], line["status"], line["level"]) == ("request.done", 200, "info")
    assert line["dropped"] == ["cpr", "name"]
    assert "Ane" not in stream.getvalue()
    assert CANARY not in stream.getvalue()


@pytest.mark.parametrize(
    "value",
    [CANARY, int(CANARY), "Ane Ærø", {"a": "b"}, b"x", "x" * 129, f"/sag/{CANARY}"],
    ids=["cpr", "number", "name", "map", "bytes", "long", "path"],
)
def test_a_value_that_could_be_about_somebody_is_withheld(stream: io.StringIO, value: object) -> None:
    structlog.get_logger().info("request.done", reason=value)

    assert lines(stream)[0]["reason"] == "[withheld]"


def test_an_event_is_a_name(stream: io.StringIO) -> None:
    structlog.get_logger().info(f"Ane Ærø ringede om {CANARY}")

    assert lines(stream)[0]["event"] == "unnamed"


def test_an_error_is_its_class_and_place(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"Ane Ærø {CANARY}")
    except ValueError:
        structlog.get_logger().exception("request.failed")
        logging.getLogger("somebody").exception("failed")

    for line in lines(stream):
        assert line["error"] == "ValueError"
        assert "test_logging.py:" in str(line["where"])
    assert "Ane" not in stream.getvalue()


def test_another_packages_line_comes_without_its_arguments(stream: io.StringIO) -> None:
    logging.getLogger("somebody").warning("could not send %s", "Ane Ærø")
    logging.getLogger("gunicorn.error").info("Listening at: %s", "http://127.0.0.1:8000")
    logging.getLogger("somebody").warning(f"sent {CANARY}")

    assert [line["event"] for line in lines(stream)] == [
        "could not send %s",
        "Listening at: http://127.0.0.1:8000",
        "sent [cpr]",
    ]


@pytest.mark.requirement("K-04")
@given(
    st.dictionaries(st.sampled_from([*ALLOWED, "name", "text"]) | st.text(), st.text() | st.integers()),
    st.text(),
)
def test_whatever_is_said_the_canary_does_not_sing(fields: dict[str, object], around: str) -> None:
    said = {name: f"{value} {CANARY} {around}" for name, value in fields.items()}

    line = keep_allowed(None, "info", {"event": f"{around} {CANARY}", **said})

    assert CANARY not in json.dumps(line)
