"""A signer killed at every step: it goes on at its next start, and never signs two roots for one size."""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.clock import utc_now
from service.signer.ledger import signers_engine
from service.signer.report import OK, REFUSED
from service.signer.seal import seal
from tests.parts.forks import forked
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, roll_back

STEPS = ("open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "shutil.rmtree")


class Killed(BaseException):
    """The process is dead: from here on it touches no file."""


class Axe:
    """Falls when the signer is about to change one of its files for the n-th time."""

    def __init__(self) -> None:
        self.folders: tuple[str, ...] = ()
        self.left, self.touched = 0, 0
        sys.addaudithook(self.watch)

    def watch(self, event: str, args: tuple[object, ...]) -> None:
        """The interpreter tells of every file before it is opened, renamed or removed."""
        if not self.folders or event not in STEPS or not str(args[0]).startswith(self.folders):
            return
        if event == "open" and not int(str(args[2] or 0)) & (os.O_WRONLY | os.O_RDWR):
            return
        self.touched += 1
        if self.touched > self.left:
            raise Killed

    @contextmanager
    def falling(self, bench: Bench, after: int) -> Generator[None]:
        """Let that many touches pass; the rest never happen."""
        self.folders = (str(bench.settings.seals), str(bench.settings.signer))
        self.left, self.touched = after, 0
        try:
            yield
        finally:
            self.folders = ()


AXE = Axe()


def touches(bench: Bench) -> int:
    """How often a whole round touches files, tried on a copy of everything that is kept."""
    kept = keep(bench)
    with AXE.falling(bench, sys.maxsize):
        bench.seal()
    found = AXE.touched
    bring_back(bench, kept)
    return found


def keep(bench: Bench) -> Path:
    """A copy of seals and signer."""
    kept = bench.settings.var / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(bench.settings.seals, kept / "seals")
    shutil.copytree(bench.settings.signer, kept / "signer")
    return kept


def bring_back(bench: Bench, kept: Path) -> None:
    """Seals and signer as they were."""
    for name, folder in (("seals", bench.settings.seals), ("signer", bench.settings.signer)):
        shutil.rmtree(folder)
        shutil.copytree(kept / name, folder)


def copy_of(bench: Bench, name: str) -> Path:
    """The database as it is now, with nobody connected."""
    bench.engine.dispose()
    return Path(shutil.copyfile(str(bench.engine.url.database), bench.settings.var / name))


def kill_at(bench: Bench, step: int) -> None:
    """One round, cut off at that step; whatever is public then is looked at."""
    with pytest.raises(Killed), AXE.falling(bench, step):
        bench.seal()
    bench.look()


def grown(bench: Bench) -> None:
    """Both logs sealed once, and grown past the end of a tile since."""
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 250)
    assert bench.seal().state == OK
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 10)


def test_killed_at_any_step_it_goes_on(bench: Bench) -> None:
    grown(bench)
    steps, kept = touches(bench), keep(bench)
    assert steps > 30
    bench.seen.clear()

    for step in range(steps):
        kill_at(bench, step)
        assert bench.seal().state == OK
        for shard in (DECISIONS, ACCESS):
            bench.require_whole(shard, 260)
        bring_back(bench, kept)


def test_what_a_killed_round_left_of_partial_tiles_goes_with_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(bench)
    with monkeypatch.context() as patch:
        patch.setattr("service.signer.seal._drop_partials", lambda folder, growth: None)
        assert bench.seal().state == OK
    assert [name for name in bench.public() if name.endswith("/250")]
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 1)

    assert bench.seal().state == OK
    assert not [name for name in bench.public() if name.endswith("/250")]


def test_killed_at_any_step_and_then_shown_another_history_it_never_signs_both(bench: Bench) -> None:
    """The database loses, after the kill, what no checkpoint had covered yet, and grows otherwise."""
    grown(bench)
    steps, kept = touches(bench), keep(bench)
    one = copy_of(bench, "one")
    roll_back(bench.engine, DECISIONS, 250)
    fill(bench.engine, DECISIONS, 10, word="another history")
    other = copy_of(bench, "other")
    outcomes = []

    for step in range(steps):
        bench.seen.clear()
        shutil.copyfile(one, str(bench.engine.url.database))
        kill_at(bench, step)
        shutil.copyfile(other, str(bench.engine.url.database))
        outcomes.append(bench.seal().state)  # `look` fails at a second root for a size
        bring_back(bench, kept)

    bound = outcomes.index(REFUSED)
    assert 0 < bound < len(outcomes) - 1
    assert outcomes == [OK] * bound + [REFUSED] * (steps - bound)


def test_killed_at_any_step_of_its_first_start_it_goes_on(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 3)
    step = 0
    while True:
        for folder in (bench.settings.seals, bench.settings.signer):
            shutil.rmtree(folder, ignore_errors=True)
        bench.seen.clear()
        try:
            with AXE.falling(bench, step):
                bench.seal()
            break
        except Killed:
            pass
        assert bench.seal().state == OK
        bench.require_whole(DECISIONS, 3)
        step += 1
    assert step > 10


def test_killed_in_earnest_while_the_log_grows(bench: Bench) -> None:
    chance = random.Random(9)
    fill(bench.engine, DECISIONS, 1)

    def seal_on_and_on() -> None:
        engine = signers_engine(bench.settings)
        while True:
            seal(bench.settings, engine, utc_now())

    for _ in range(25):
        with forked(seal_on_and_on) as child:
            until = time.monotonic() + chance.uniform(0.05, 0.25)
            while time.monotonic() < until:
                fill(bench.engine, DECISIONS, chance.randint(1, 30))
                bench.look()
                time.sleep(0.01)
            assert child.kill() == signal.SIGKILL
        bench.look()
    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, bench.seal().shards[DECISIONS]["size"])
    assert len(bench.seen) > 5
