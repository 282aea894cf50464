"""Runs the web and the signer side by side, as one command at a desk or on a small installation.

The web decides when it is over. A signer that dies is started again, and casework never waits for it.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event

import structlog

from service.sandbox import die_with_parent

LOOK = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a dead signer is started again; doubled each time, until one has lived a minute."""
LIVED = 60.0
PATIENCE = 35.0
"""Seconds that the web has to finish what it answers; gunicorn itself gives its workers thirty."""

Command = Sequence[str]


def run_both(web: Command, signer: Command) -> int:
    """Run both until the web ends or we are told to; gives the web's exit code."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    served, sealed = _start(web), _Restarted(signer)
    try:
        while not stop.wait(LOOK) and served.poll() is None:
            sealed.look()
    finally:
        end(served)
        end(sealed.process)
        for number, handler in before.items():
            signal.signal(number, handler)
    return served.returncode


def end(process: "subprocess.Popen[bytes] | None") -> None:
    """Ask a process to end, and insist when it does not."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Restarted:
    """A process that is started again when it has died, more slowly each time."""

    def __init__(self, command: Command, clock: Callable[[], float] = time.monotonic) -> None:
        self.command, self.clock = command, clock
        self.pause, self.due = FIRST_PAUSE, 0.0
        self.started = clock()
        self.process: subprocess.Popen[bytes] | None = _start(command)

    def look(self) -> None:
        """Notice a death, and start anew when the pause is over."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            structlog.get_logger().error("signer.died", status=self.process.returncode)
            self.pause = FIRST_PAUSE if self.clock() - self.started > LIVED else self.pause
            self.due, self.process = self.clock() + self.pause, None
            self.pause = min(2 * self.pause, LONGEST_PAUSE)
        elif self.clock() >= self.due:
            self.started, self.process = self.clock(), _start(self.command)


def _start(command: Command) -> "subprocess.Popen[bytes]":
    # Nobody is left behind holding the port or the lock when we are killed ourselves.
    on_linux = sys.platform == "linux"
    return subprocess.Popen(command, preexec_fn=_follow if on_linux else None)  # noqa: S603 - our own commands


def _follow() -> None:
    die_with_parent(signal.SIGTERM)
