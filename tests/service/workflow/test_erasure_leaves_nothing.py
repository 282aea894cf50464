"""Of an erased citizen nothing is found on the disk, not even when older backups are restored."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.log.vault import vault_of
from tests.parts.citizens import early
from tests.parts.postgres import PostgresServer
from tests.parts.searching import WINDOW, Search
from tests.parts.town import Town
from tests.soak.erasure import Result, drill, on_postgresql, on_sqlite

CITIZENS = 3


@pytest.mark.slow
def test_nothing_is_found_on_sqlite(tmp_path: Path) -> None:
    place = on_sqlite(tmp_path)
    try:
        _in_order(drill(place, CITIZENS))
    finally:
        place.town.close()


@pytest.mark.postgres
@pytest.mark.slow
def test_nothing_is_found_on_postgresql_outside_its_write_ahead_log(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    place = on_postgresql(postgres_server, tmp_path, "leaves_nothing")
    try:
        _in_order(drill(place, CITIZENS, first=50_000))  # other tests' citizens lie in the same folder
    finally:
        place.town.close()
        for name in ("leaves_nothing", "leaves_nothing_keys"):
            postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _in_order(found: Result) -> None:
    assert (found.after, found.restored, found.words_in_wal, found.problems) == ({}, {}, 0, [])
    assert found.verdict == "0 (I ORDEN / IN ORDER (0))"
    assert found.before == 7 * CITIZENS, "the search must find what is there"
    assert found.ok


def test_the_journal_is_empty_after_an_erasure(town: Town) -> None:
    person = town.plant(1, early(2026))
    town.erase(person.citizen_id)

    for engine in (town.engine, vault_of(town.engine).keystore.engine):
        journal = Path(f"{engine.url.database}-journal")
        assert not journal.exists() or journal.stat().st_size == 0


@given(
    wanted=st.sets(st.binary(min_size=WINDOW, max_size=40), min_size=1, max_size=8),
    around=st.lists(st.binary(max_size=30), min_size=1, max_size=6),
    data=st.data(),
)
def test_the_search_finds_what_is_there_and_nothing_else(
    wanted: set[bytes], around: list[bytes], data: st.DataObject
) -> None:
    planted = data.draw(st.lists(st.sampled_from(sorted(wanted)), max_size=5))
    pieces = [piece for pair in zip(around, [*planted, *[b""] * len(around)], strict=False) for piece in pair]
    content = b"".join(pieces)

    assert Search(wanted).in_bytes(content) == {each for each in wanted if each in content}
