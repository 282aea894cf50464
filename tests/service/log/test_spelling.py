"""A value that is written otherwise and still read as the same is found too."""

import pytest
from sqlalchemy import Engine

from tests.parts.steps import SHARD, one_of_everything
from tests.parts.tampering import tamper


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("decision", "UPDATE decisions SET at = replace(at, ' ', 'x')"),
        ("decision", "UPDATE decisions SET at = substr(at, 1, 19)"),
        ("assessment", "UPDATE assessments SET opened_at = replace(opened_at, ' ', '!')"),
        ("planning", "UPDATE plannings SET forms = replace(forms, '[', '[ ')"),
        ("register_entry", "UPDATE register_entries SET content = replace(content, ':', ' :')"),
    ],
    ids=["separator", "no fraction", "another column", "a list", "an object"],
)
def test_the_same_value_in_other_letters_is_found(engine: Engine, step: str, change: str) -> None:
    _, rows = one_of_everything(engine)
    seq = rows[step].log_seq

    found = tamper(engine, change)

    assert any(line.startswith(f"{SHARD} {seq}: ") and "is not written as it was" in line for line in found)


def test_what_was_written_by_us_is_ours_on_every_engine(any_engine: Engine) -> None:
    one_of_everything(any_engine)

    assert tamper(any_engine) == []
