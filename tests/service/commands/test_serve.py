"""`skoen serve` as it runs in production: the web and the signer, neither in need of the other."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from service import sessions
from service.clock import utc_now
from service.config import Settings
from service.database import reading, writing
from service.sandbox import version
from service.signer.report import OK, read_status
from service.tables.decision import Decision
from tests.answered import an_answered_case
from tests.cast import Cast
from tests.desk import Desk
from tests.parts.demo import PATIENCE, SKOEN, _free_port
from tests.parts.web import TOKEN

pytestmark = [pytest.mark.gunicorn]


class Home:
    """An installation on the air, and Alma's browser."""

    def __init__(self, desk: Desk, cast: Cast, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.cast, self.process, self.url = cast, process, f"http://127.0.0.1:{port}"
        self.settings = Settings.from_environment()
        with writing(desk.engine) as session:
            self.cookie = sessions.create(session, now=utc_now(), content={}, person_id=cast.alma.person_id)
            session.commit()

    def ask(self, path: str, form: dict[str, str] | None = None) -> str:
        """Open a page, or send a form; gives the page it leads to."""
        data = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Cookie": f"skoen={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(self.url + path, data, headers)
        with urllib.request.urlopen(request) as answer:
            return str(answer.read().decode())

    def decide(self, case_id: str, number: int = 1) -> None:
        """Alma's decision through the pages."""
        token = TOKEN.search(self.ask(f"/sag/{case_id}/grundlag"))
        assert token is not None
        said = {"choice": "basal", "reason_code": "borgerens_maal", "key": f"{number:032}"}
        self.ask(f"/sag/{case_id}/beslutning", {**said, "csrf_token": token[1]})

    def children(self, word: str) -> list[int]:
        """The processes below ours whose command line holds a word."""
        return [pid for pid in below(self.process.pid) if word in command_of(pid)]

    def when(self, true: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, f"never {what}"
            time.sleep(0.05)


def below(pid: int) -> list[int]:
    """A process's children and theirs."""
    try:
        own = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return own + [inner for child in own for inner in below(child)]


def command_of(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@contextmanager
def on_the_air(desk: Desk, cast: Cast, command: Callable[[int], list[str]], **more: str) -> Generator[Home]:
    """Start a command that listens on a port, and end it whatever happens."""
    port = _free_port()
    environment = {**os.environ, "SKOEN_PUBLIC_URL": f"http://127.0.0.1:{port}", **more}
    process = subprocess.Popen(command(port), env=environment, start_new_session=True)
    home = Home(desk, cast, port, process)
    try:
        home.when(lambda: answers(home) or process.poll() is not None, "answered")
        assert process.poll() is None, "it ended while starting"
        yield home
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def answers(home: Home) -> bool:
    """Whether somebody listens."""
    try:
        home.ask("/log-ind")
    except urllib.error.HTTPError:
        return True
    except urllib.error.URLError:
        return False
    return True


def rights_given_up(home: Home) -> list[bool]:
    """Whether gunicorn itself, and each of its workers, can gain no rights any more."""
    states = [Path(f"/proc/{pid}/status").read_text() for pid in home.children("gunicorn")]
    return ["NoNewPrivs:\t1" in state for state in states]


def serve(port: int) -> list[str]:
    return [str(SKOEN), "serve", "--port", str(port)]


def sealed_at(home: Home) -> int:
    """How many entries are sealed in all."""
    status = read_status(home.settings.seals)
    return sum(each["size"] for each in status.shards.values()) if status and status.state == OK else 0


@pytest.fixture(autouse=True)
def signers_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's database lies beside its var: there the signer's folder cannot be."""
    monkeypatch.setenv("SKOEN_SIGNER", str(tmp_path_factory.mktemp("apart") / "signer"))


@pytest.fixture
def answered(desk: Desk, cast: Cast) -> str:
    """A case that Alma has judged, and that she may decide."""
    return an_answered_case(desk.engine, cast).id


def test_one_command_serves_and_seals_and_ends_as_one(desk: Desk, cast: Cast, answered: str) -> None:
    with on_the_air(desk, cast, serve) as home:
        home.when(lambda: sealed_at(home) > 0, "sealed")
        home.decide(answered)
        assert version() == 0 or rights_given_up(home) == [False, True, True]
        family = below(home.process.pid)
        os.kill(home.process.pid, signal.SIGINT)
        assert home.process.wait(PATIENCE) == 0
        home.when(lambda: not any(command_of(pid) for pid in family), "ended")
    with reading(desk.engine) as session:
        assert session.exec(select(Decision)).one().choice == "basal"


def test_a_killed_signer_comes_back_and_casework_never_noticed(desk: Desk, cast: Cast, answered: str) -> None:
    with on_the_air(desk, cast, serve) as home:
        home.when(lambda: sealed_at(home) > 0, "sealed")
        (signer,) = home.children("signer run")
        os.kill(signer, signal.SIGKILL)
        home.decide(answered)
        before = sealed_at(home)
        home.when(lambda: home.children("signer run") not in ([], [signer]), "started again")
        home.when(lambda: sealed_at(home) > before, "sealed again")


def test_killing_the_command_itself_leaves_nobody_behind(desk: Desk, cast: Cast) -> None:
    with on_the_air(desk, cast, serve) as home:
        family = below(home.process.pid)
        assert len(family) >= 4
        os.kill(home.process.pid, signal.SIGKILL)
        home.process.wait(PATIENCE)
        home.when(lambda: not any(command_of(pid) for pid in family), "ended")


def test_without_a_signer_only_the_web_runs(desk: Desk, cast: Cast) -> None:
    with on_the_air(desk, cast, lambda port: [*serve(port), "--no-signer"]) as home:
        assert home.children("signer run") == []
        assert not home.settings.signer.exists()


def test_a_signers_folder_among_the_webs_is_refused(desk: Desk) -> None:
    environment = {**os.environ, "SKOEN_SIGNER": str(Settings.from_environment().var / "signer")}
    result = subprocess.run(serve(_free_port()), env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1 and "SKOEN_SIGNER" in result.stderr


def test_no_web_process_can_reach_the_key_and_decisions_still_commit(
    desk: Desk, cast: Cast, answered: str, need: Callable[[str, bool], None]
) -> None:
    need("Landlock of version 6", version() >= 6)
    assert subprocess.run([str(SKOEN), "signer", "once"], check=False).returncode == 0

    def gunicorn(port: int) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "tests.parts.peeking:create()", "--bind", f"127.0.0.1:{port}",
            "--config", "python:service.web_process", "--workers", "2", "--worker-class", "gthread",
            "--threads", "2", "--no-control-socket",
        ]  # fmt: skip

    with on_the_air(desk, cast, gunicorn, SIGNER_OF_THE_TEST=str(os.getpid())) as home:
        for _ in range(6):
            assert home.ask("/kig") == f"uid {os.getuid()} did: "
        home.decide(answered)
    with reading(desk.engine) as session:
        assert session.exec(select(Decision)).one().choice == "basal"
    assert (home.settings.signer / "key").stat().st_size == 32
