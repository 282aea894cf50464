"""Kill caseworkers in the middle of their work, again and again, and see that nothing acknowledged is lost.

    make soak                                five minutes on SQLite
    .venv/bin/python tests/soak/run.py 30    thirty minutes

Each process writes down a decision only after it was acknowledged. After every round the log must verify,
and every decision written down must be there, once.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import col, select

from service.database import reading, upgrade
from service.identity import Actor
from service.log.verify import verify
from service.tables.decision import Decision
from tests.builders import an_admission
from tests.cast import gather
from tests.journeys.a_day import one_case
from tests.parts.vaults import sealed_engine

WORKERS = 4
STARTING = 4.0
SHORTEST, LONGEST = 0.5, 8.0
"""Seconds that workers need to start, and that a round lasts after that, before they are killed."""


def work(url: str, by: Actor, prefix: str, acknowledged: Path) -> None:
    """Decide cases until killed; a key is written down when its decision has been acknowledged."""
    engine = sealed_engine(url)
    with acknowledged.open("a", encoding="ascii") as book:
        for number in range(10**6):
            key = f"{prefix}-{number}"
            one_case(engine, by, key, "basal")
            book.write(key + "\n")
            book.flush()


def one_round(url: str, people: list[Actor], number: int, books: Path, seconds: float) -> int:
    """Let all of them work, kill them, and give how many were killed at work."""
    spawning = multiprocessing.get_context("spawn")
    workers: list[BaseProcess] = [
        spawning.Process(target=work, args=(url, by, f"{number}-{by.username}", books / by.username))
        for by in people
    ]
    for worker in workers:
        worker.start()
    time.sleep(seconds)
    killed = 0
    for worker in workers:
        if worker.is_alive() and worker.pid is not None:
            os.kill(worker.pid, signal.SIGKILL)
            killed += 1
        worker.join()
    return killed


def written_down(books: Path) -> list[str]:
    """Every key that somebody saw acknowledged; a line cut off by a kill does not count."""
    return [line for book in books.iterdir() for line in book.read_text("ascii").split("\n")[:-1]]


def lost(engine: Engine, keys: list[str]) -> list[str]:
    """The acknowledged keys that have no decision."""
    with reading(engine) as session:
        stored = set(session.exec(select(col(Decision.idempotency_key))).all())
    return [key for key in keys if key not in stored]


def main() -> int:
    """Rounds until the time is up; the last line says what was counted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance, until, rounds, kills = Random(wanted.seed), time.monotonic() + wanted.minutes * 60, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        url, books = f"sqlite:///{folder}/soak.db", Path(folder, "books")
        books.mkdir()
        engine = sealed_engine(url)
        upgrade(engine)
        cast = gather(engine)
        an_admission(engine, cast.dan)
        people = [cast.alma, cast.bent, cast.freja, cast.carla][:WORKERS]
        while time.monotonic() < until:
            kills += one_round(url, people, rounds, books, STARTING + chance.uniform(SHORTEST, LONGEST))
            rounds += 1
            found, missing = verify(engine), lost(engine, written_down(books))
            wrong = len(found.problems)
            print(f"round {rounds}: {found.entries} entries, {wrong} problems, {len(missing)} lost")
            if missing or not found.ok:
                print("\n".join([*found.problems, *missing]))
                return 1
        print(f"{len(written_down(books))} acknowledged decisions, {kills} kills in {rounds} rounds, 0 lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
