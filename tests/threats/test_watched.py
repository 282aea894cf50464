"""A whole day in the real service, watched from inside and out.

It reaches for nothing outside, opens nothing that could run, and lets no citizen out by any other way than
the pages of her case: not by an address, a header, a line it says about itself, or a file it writes.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.clock import local_date, utc_now
from service.config import Settings
from service.database import reading, writing
from service.keys import read_keys
from service.log import open_engine
from service.tables.log import LogEntry
from service.workflow import intake
from service.workflow.intake.referral import Citizen
from tests.builders import READ, a_referral
from tests.journeys.at_the_demo import PASSWORD
from tests.parts import demo
from tests.parts.tree import ROOT
from tests.threats.walker import Walker

pytestmark = pytest.mark.gunicorn

CITIZEN = Citizen("7103779991", "Kanariefugl Syngedal", "Fuglevænget 77, 9999 Fjordby", "77 77 99 91")
CANARIES = ("7103779991", "710377-9991", "Kanariefugl", "Syngedal", "Fuglev")
WORDS = "Kanariefugl Syngedal, 710377-9991, bor Fuglevænget 77."
WATCHING = ROOT / "tests" / "threats" / "watching"


@dataclass
class Day:
    """What is left of the day: what was written down, what came back, and where the service's files lie."""

    events: list[str]
    kept: list[str]
    statuses: list[int]
    said: str
    var: Path
    case_id: str


@pytest.fixture(scope="module")
def day(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Day]:
    """A case of a citizen with unmistakable data goes all the way, with everything that can be typed said."""
    home = tmp_path_factory.mktemp("watched")
    var, book, said = home / "var", home / "book", home / "said"
    shutil.copytree(demo_home, var)
    case_id, port = a_canary(var), demo._free_port()
    environment = {**demo.environment_of(var), "PYTHONPATH": str(WATCHING), "WATCHED_IN": str(book)}
    with said.open("wb") as stream:
        server = subprocess.Popen(
            [str(demo.SKOEN), "serve", "--port", str(port)],
            env=environment, stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
    try:
        served = demo.Served(f"http://127.0.0.1:{port}", var, server)
        demo._wait(served)
        walkers = walk(served.url, case_id)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=demo.PATIENCE)
    yield Day(
        events=book.read_text(encoding="utf-8", errors="replace").splitlines(),
        kept=[text for walker in walkers for text in walker.kept],
        statuses=[status for walker in walkers for status in walker.statuses],
        said=said.read_text(encoding="utf-8"),
        var=var,
        case_id=case_id,
    )


def a_canary(var: Path) -> str:
    """The case; gives its id."""
    settings = Settings.from_environment({"SKOEN_VAR": str(var)})
    engine, today = open_engine(settings), local_date(utc_now())
    referral = a_referral(
        request_id="canary", received_on=today, discharged_on=today - timedelta(days=1),
        contact_from=today - timedelta(days=9), contact_to=today - timedelta(days=1), citizen=CITIZEN,
        sections={"helbred": WORDS, "funktion_nu": WORDS}, operational={"maal": WORDS},
    )  # fmt: skip
    with writing(engine) as session:
        found = intake.receive(
            session, referral, pepper=read_keys(settings).pepper, now=utc_now(), by=None
        ).id
    engine.dispose()
    return found


def walk(url: str, case_id: str) -> list[Walker]:
    """Everything people do with a case, the mistakes too."""
    alma, tove, dorte, dan = (Walker(url) for _ in range(4))
    alma.get(f"/log-ind?videre=/sag/{case_id}")
    alma.send("/log-ind", brugernavn=WORDS, adgangskode=WORDS)
    alma.sign_in("alma", PASSWORD)
    alma.send("/indbakke/soegning", soegning="Kanariefugl")
    alma.get(f"/sag/{case_id}")
    alma.send(f"/sag/{case_id}/tag")
    alma.get(f"/sag/{case_id}/fejl-i-oplysning?oplysning=restriktion")
    alma.send(f"/sag/{case_id}/fejl-i-oplysning", oplysning="restriktion", note=WORDS)
    alma.get(f"/sag/{case_id}/sparring")
    alma.send(f"/sag/{case_id}/sparring", tekst=WORDS)
    alma.get(f"/sag/{case_id}")
    reading_ = {f"oplysning.{name}": value for name, value in READ.items()}
    alma.send(f"/sag/{case_id}/vurdering", valg="guld", sikkerhed="sikker", **reading_)
    alma.send(f"/sag/{case_id}/vurdering", valg="basal", sikkerhed="sikker", **reading_)
    alma.send(f"/sag/{case_id}/beslutning/kladde", text=WORDS)
    alma.get(f"/sag/{case_id}/grundlag")
    alma.send(f"/sag/{case_id}/beslutning", choice="basal", reason_code="andet", text=WORDS)
    for path in ("planlaegning", "kvittering", "journal.txt", "bevis", "ret", "svar", "som-vist/x"):
        alma.get(f"/sag/{case_id}/{path}")
    for path in ("sag/ny", f"sag/{CITIZEN.cpr}", f"findes-ikke?navn={CANARIES[2]}", "api/v1/adgang"):
        alma.get(f"/{path}")
    alma.get(f"/api/v1/sager/{case_id}/oplysninger")
    tove.sign_in("tove", PASSWORD)
    for path in ("statistik", "statistik.csv", f"sag/{case_id}", "om-modellen", "enhed", "drift"):
        tove.get(f"/{path}")
    dorte.sign_in("dorte", PASSWORD)
    for path in ("indbakke", f"sag/{case_id}", "statistik", "drift", "logkontrol", "logkontrol/overblik"):
        dorte.get(f"/{path}")
    dan.sign_in("dan", PASSWORD)
    dan.get("/om-modellen")
    alma.get("/indbakke")
    alma.send("/log-ud")
    return [alma, tove, dorte, dan]


def test_the_day_went_all_the_way(day: Day) -> None:
    """Else what follows would prove little."""
    engine = open_engine(Settings.from_environment({"SKOEN_VAR": str(day.var)}))
    with reading(engine) as session:
        events = session.exec(select(LogEntry.event).where(col(LogEntry.entry).contains(day.case_id))).all()
    engine.dispose()

    assert {"case:received", "facts:recorded", "consultation:asked", "assessment:recorded", "decision:made",
            "case:opened"} <= set(events)  # fmt: skip
    assert day.statuses.count(200) > 30
    assert max(day.statuses) < 500
    assert day.events.count("watching") >= 3  # the one that starts them, the web with its workers, the signer


def test_the_service_reaches_for_nothing_outside(day: Day) -> None:
    out = [event for event in day.events if event.startswith(("socket.", "urllib", "http.", "smtp", "ftp"))]

    assert [event for event in out if not is_its_own_address(event)] == []


def is_its_own_address(event: str) -> bool:
    """Gunicorn looks up the address that it was told to listen on, and nothing else does."""
    return event.startswith("socket.getaddrinfo") and "'127.0.0.1'" in event


def test_nothing_that_could_run_is_unpickled(day: Day) -> None:
    """Babel keeps its calendars and plurals in pickles of its own wheel, which is installed by its hash."""
    unpickled = {event.partition(" ")[2].split("'")[1] for event in day.events if "pickle" in event}

    assert unpickled <= {"babel.dates", "babel.localedata", "babel.numbers", "babel.plural"}
    assert [event for event in day.events if "extension" in event] == []


def test_the_service_starts_nothing_but_itself(day: Day) -> None:
    started = [event for event in day.events if event.startswith(("subprocess", "os."))]

    assert started
    assert [event for event in started if "'gunicorn'" not in event and "'signer', 'run'" not in event] == []


def test_no_address_and_no_header_names_a_citizen(day: Day) -> None:
    assert len(day.kept) > 500
    assert [text for text in day.kept if any(canary in text for canary in CANARIES)] == []


def test_the_service_says_nothing_of_a_citizen_about_itself(day: Day) -> None:
    lines = [line for line in day.said.splitlines() if line.startswith("{")]

    assert lines
    assert all(json.loads(line) for line in lines)
    assert [canary for canary in CANARIES if canary in day.said] == []


@pytest.mark.requirement("G-05", "G-28")
def test_no_file_of_the_service_holds_a_citizen_in_clear(day: Day) -> None:
    """The database, what is freed in it, its journal, the keystore, the seals: whatever lies on the disk."""
    files = (*day.var.rglob("*"), *day.var.with_name("var-signer").rglob("*"))
    held = {file: file.read_bytes() for file in files if file.is_file()}
    found = [
        (file.name, canary)
        for file, content in held.items()
        for canary in CANARIES
        if canary.encode() in content or canary.encode("utf-16-le") in content
    ]

    assert any(file.name == "skoen.db" for file in held)
    assert any("tile" in file.parts for file in held)
    assert found == []


def test_the_watch_sees_what_it_is_there_to_see(tmp_path: Path) -> None:
    code = (
        "import pickle, socket, subprocess, collections\n"
        "pickle.loads(pickle.dumps(collections.OrderedDict()))\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))\n"
        "subprocess.run(['true'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(WATCHING), "WATCHED_IN": str(tmp_path / "book")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    events = {line.partition(" ")[0] for line in (tmp_path / "book").read_text().splitlines()}

    assert events == {"watching", "pickle.find_class", "socket.connect", "subprocess.Popen"}
