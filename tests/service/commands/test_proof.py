"""`skoen log proof`: a file that stands alone, or a sentence and no file."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands import groups
from service.config import Settings
from service.log.notes import parse_vkey
from service.log.tlog_proof import verify_proof
from service.program import assemble
from tests.desk import Desk


def run(*words: str) -> Result:
    return CliRunner().invoke(assemble([groups()]), words)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "entry.tlog-proof"


def test_an_entry_that_is_not_sealed_has_no_proof(desk: Desk, out: Path) -> None:
    result = run("log", "proof", "decisions/2026", "0", "--out", str(out))

    assert result.exit_code == 1 and "not sealed yet" in result.output
    assert not out.exists()


def test_an_entry_that_is_not_there_has_no_proof(desk: Desk, out: Path) -> None:
    result = run("log", "proof", "decisions/2026", "99999", "--out", str(out))

    assert result.exit_code == 1 and "There is no entry" in result.output
    assert not out.exists()


def test_the_file_stands_alone(desk: Desk, out: Path) -> None:
    assert run("signer", "once").exit_code == 0
    result = run("log", "proof", "decisions/2026", "3", "--out", str(out))

    pinned = parse_vkey((Settings.from_environment().seals / "vkeys.txt").read_text().strip())
    checkpoint, seq, entry = verify_proof(out.read_bytes(), [pinned])
    assert result.exit_code == 0
    assert (checkpoint.origin, seq) == ("skoen.localhost/decisions/2026", 3)
    assert b'"seq":"3"' in entry
