"""A large export is read as a stream: the short form of tests/soak/verify_a_million.py."""

from pathlib import Path

from tests.parts.exports import VKEY
from tests.soak.verify_a_million import verify_offline, write_large

ENTRIES, SECONDS, MEGABYTES = 20_000, 12, 60
"""The goal is a million in 60 s and 500 MB; a laden machine gets ten times the time for a fiftieth of it."""


def test_twenty_thousand_entries_need_little_time_and_hardly_any_memory(tmp_path: Path) -> None:
    export, held = tmp_path / "export.zip", tmp_path / "held.txt"
    write_large(export, ENTRIES, held)

    found = verify_offline(tmp_path, str(export), "--vkey", VKEY, "--held", str(held))

    assert found.code == 0, found.said
    assert "checkpointet passer" in found.said
    assert found.seconds < SECONDS
    assert found.megabytes < MEGABYTES


def test_one_row_less_among_twenty_thousand_is_missed(tmp_path: Path) -> None:
    export, held = tmp_path / "export.zip", tmp_path / "held.txt"
    write_large(export, ENTRIES, held, without_last_row=True)

    assert verify_offline(tmp_path, str(export), "--vkey", VKEY).code == 50
