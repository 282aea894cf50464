"""Whoever was erased stays erased, whichever older backup is brought back: of the casework or of the keys."""

from pathlib import Path

import pytest

from service import log
from service.database import reading
from service.log.vault import vault_of
from service.tables.intake import Case
from tests.parts.town import Town
from tests.service.backup.restoring import WHY


@pytest.fixture
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for backups, far from the keys."""
    return tmp_path_factory.mktemp("backups")


def backed_up(town: Town, out: Path) -> Path:
    """A backup of the casework."""
    town.ok("backup", "--out", out / "casework")
    return max((out / "casework").iterdir())


def keys_backed_up(town: Town, out: Path) -> Path:
    """A backup of the keystore."""
    town.ok("keystore", "backup", "--out", out / "keys")
    return max((out / "keys").iterdir())


def restored(town: Town, made: Path, *more: str) -> str:
    """A restore; gives what it printed."""
    said = town.ok("restore", "--from", made, *WHY, *more)
    town.engine.dispose()
    return said


def reads(town: Town, case: Case) -> str:
    """The name in a case."""
    with reading(town.engine) as session:
        return str(log.open_part(session, session.get_one(Case, case.id))["identity"]["name"])


def lose_keystore(town: Town) -> None:
    """What a broken disk leaves of it."""
    engine = vault_of(town.engine).keystore.engine
    engine.dispose()
    Path(str(engine.url.database)).unlink()


def test_who_was_erased_after_the_backup_is_erased_again(any_town: Town, out: Path) -> None:
    gone, stays = any_town.plant(1), any_town.plant(2)
    any_town.seal()
    made = backed_up(any_town, out)
    any_town.erase(gone.citizen_id)
    any_town.seal()
    ledger = any_town.ledger.read_bytes()

    said = restored(any_town, made)

    assert "Erased again: 1 cases, 1 citizens, 1 delivery reports" in said
    assert any_town.left_of(gone) == []
    assert reads(any_town, stays.case) == stays.citizen.name
    assert log.verify(any_town.engine).problems == []
    assert any_town.unfinished() == 0
    assert any_town.ledger.read_bytes() == ledger
    any_town.seal()


def test_nothing_of_her_is_in_any_byte_of_the_files(town: Town, out: Path) -> None:
    gone = town.plant(1)
    town.seal()
    made = backed_up(town, out)
    town.erase(gone.citizen_id)
    town.seal()

    restored(town, made)
    vault_of(town.engine).keystore.engine.dispose()

    files = [Path(str(town.engine.url.database)), *town.ledger.parent.rglob("*")]
    files.append(Path(str(vault_of(town.engine).keystore.engine.url.database)))
    content = b"".join(file.read_bytes() for file in files if file.is_file())
    assert [trace for trace in gone.traces() if trace in content] == []


def test_a_trial_says_how_many_and_erases_nobody_yet(any_town: Town, out: Path) -> None:
    gone = any_town.plant(1)
    any_town.seal()
    made = backed_up(any_town, out)
    any_town.erase(gone.citizen_id)
    any_town.seal()
    ledger = any_town.ledger.read_bytes()

    assert "Erased again: 1 cases" in restored(any_town, made, "--dry-run")
    assert any_town.ledger.read_bytes() == ledger


def test_without_the_ledger_that_the_log_names_nothing_is_restored(any_town: Town, out: Path) -> None:
    gone = any_town.plant(1)
    any_town.seal()
    made = backed_up(any_town, out)
    any_town.erase(gone.citizen_id)
    any_town.seal()
    ledger = any_town.ledger.read_bytes()
    any_town.ledger.unlink()

    result = any_town.run("restore", "--from", made, *WHY)

    assert "an erasure that the erasure ledger does not know of" in result.output
    assert any_town.left_of(gone) == []
    any_town.ledger.write_bytes(ledger)
    restored(any_town, made)
    assert any_town.left_of(gone) == []


def test_a_ledger_without_lines_that_the_backup_itself_names_is_refused(any_town: Town, out: Path) -> None:
    first, second = any_town.plant(1), any_town.plant(2)
    any_town.erase(first.citizen_id)
    any_town.seal()
    made, keys = backed_up(any_town, out), keys_backed_up(any_town, out)
    any_town.ledger.unlink()

    for command in (("restore", "--from", made, *WHY), ("keystore", "restore", "--from", keys)):
        assert "lacks lines that the log names" in any_town.run(*command).output
    assert reads(any_town, second.case) == second.citizen.name


def test_a_destroyed_key_does_not_come_back_with_an_older_backup_of_the_keys(
    any_town: Town, out: Path
) -> None:
    gone, stays = any_town.plant(1), any_town.plant(2)
    keys = keys_backed_up(any_town, out)
    assert gone.wrapped in b"".join(file.read_bytes() for file in keys.iterdir())
    any_town.erase(gone.citizen_id)
    lose_keystore(any_town)

    said = any_town.ok("keystore", "restore", "--from", keys)

    assert "1 keys came back, 0 were mended, 0 were there already" in said
    assert "1 are destroyed for good" in said
    assert vault_of(any_town.engine).keystore.ids() == [stays.citizen_id]
    assert reads(any_town, stays.case) == stays.citizen.name
    assert log.verify(any_town.engine).problems == []


def test_after_losing_both_the_keys_come_first_and_then_the_casework(town: Town, out: Path) -> None:
    gone, stays = town.plant(1), town.plant(2)
    town.seal()
    made, keys = backed_up(town, out), keys_backed_up(town, out)
    town.erase(gone.citizen_id)
    town.seal()
    lose_keystore(town)
    town.engine.dispose()
    Path(str(town.engine.url.database)).unlink()

    assert "There is no keystore" in town.run("restore", "--from", made, *WHY).output
    assert "no casework database" in town.ok("keystore", "restore", "--from", keys)
    restored(town, made)

    assert town.left_of(gone) == []
    assert reads(town, stays.case) == stays.citizen.name
    assert log.verify(town.engine).problems == []
