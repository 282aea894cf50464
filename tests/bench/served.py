"""What evidence costs as it is served: gunicorn, two workers, 200,000 earlier cases, a durable log.

    .venv/bin/python tests/bench/run.py served

The rates are of the thinnest route there is (`thin.py`): the evidence as JSON once an entry of our log is
committed, against the same route with the obvious pipeline, and against a route that only commits a row.
The product's own step does more than that: it stores a judgement and its answer, sealed, with four entries.
It is measured beside, as are the page, and the memory and the start of the product's own workers.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import mean, median

from models import artifact
from models.artifact import Artifact
from models.facts import values
from service.clock import utc_now
from tests.bench import obvious, thin
from tests.bench.load import CLIENTS, Client, Measured, ask_at_once, gunicorn, private_bytes, until_answered
from tests.bench.neighbours import growth, no_more
from tests.bench.rows import MILLISECONDS, Row
from tests.bench.versions import enlarged, trained
from tests.builders import READ, an_admission
from tests.soak.caseworker import Caseworker
from tests.soak.gunicorn_hooks import OWN, SHELF
from tests.soak.installation import Installation, install
from tests.soak.serving import Serving, serving
from training.dataset import Dataset

REFERENCE, MANY = 200_000, 2_000_000
ROUNDS, REQUESTS, SLOW_REQUESTS = 5, 200, 40
JUDGED, STARTS = 40, 5
WORKERS = 2
ROUTE = f"evidence of one of {REFERENCE:,} as JSON, one entry in the log"
OBVIOUS = "predict_proba, TreeExplainer and NearestNeighbors"
IMPORTS = "import sklearn.ensemble, sklearn.neighbors, shap"


def measure() -> list[Row]:
    """Every line; the version and the obvious pipeline are made once."""
    made, data = trained()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        version = enlarged(made, REFERENCE, "v200k")
        artifact.save(version, folder / "version")
        obvious.prepare(folder / "obvious", version, data)
        at = _installation(folder / "small", version)
        rows = rates(folder, at, data)
        rows += product(folder, at)
        at.close()
        large = _installation(folder / "large", enlarged(made, MANY, "v2m"))
        rows += growing(at, large)
        large.close()
    return rows


def rates(folder: Path, at: Installation, data: Dataset) -> list[Row]:
    """The thin route, beside the same with the obvious pipeline, and beside one that only commits a row."""
    learned = {question.name for question in data.area.learned}
    some = [values(case.facts) for case in data.cases[:200]]
    asked = [{name: each for name, each in case.items() if name in learned} for case in some]
    thin.lay(folder, at.cast.alma, asked)
    told = {name: Measured() for name in thin.SERVICES}
    alone = {name: Measured() for name in ("evidence", "row")}
    environment = {**at.environment, thin.WORK: str(folder), obvious.FOLDER: str(folder / "obvious")}
    with ExitStack() as stack:
        asking: dict[str, list[Client]] = {}
        for name in thin.SERVICES:
            port = stack.enter_context(
                gunicorn("tests.bench.thin:create_app()", {**environment, thin.ROUTE: name})
            )
            asking[name] = [Client(port) for _ in range(CLIENTS)]
            for client in asking[name]:
                until_answered(lambda client=client: client.ask(f"{thin.PATH}/0"))
        for number in range(ROUNDS + 1):
            for name, clients in asking.items():
                count = SLOW_REQUESTS if name == "obvious" else REQUESTS
                into = told[name] if number else Measured()  # the first round only warms up
                ask_at_once(into, clients, _ask, range(count))
        for _ in range(ROUNDS):
            for name, measured in alone.items():
                ask_at_once(measured, asking[name][:1], _ask, range(REQUESTS))
    ours, theirs, row = (told[name] for name in ("evidence", "obvious", "row"))
    return [
        more(f"requests/s: {ROUTE}: the same route with {OBVIOUS}", ours.rate, theirs.rate, 10),
        *_beside_a_row(f"{CLIENTS} clients", ours, row),
        *_beside_a_row("one client", alone["evidence"], alone["row"]),
    ]


def _ask(client: Client, number: int) -> None:
    client.ask(f"{thin.PATH}/{number}")


def _beside_a_row(who: str, ours: Measured, row: Measured) -> list[Row]:
    """With several clients whoever writes the rows goes on writing: few wait, and those few wait long."""
    against = f"{ROUTE}, {who}: a route that commits one row"
    return [
        no_more(f"p50: {against}", ours.p50, row.p50, 3, MILLISECONDS, 1e3),
        no_more(f"p95: {against}", ours.p95, row.p95, 3, MILLISECONDS, 1e3),
    ]


def more(name: str, ours: float, baseline: float, goal: float) -> Row:
    """Ours and a baseline a second; the ratio says how many times more ours are."""
    ratio = ours / baseline
    return {
        "name": name, "ours": round(ours, 1), "baseline": round(baseline, 1), "ratio": round(ratio, 2),
        "goal": f"≥ {goal:g}", "met": ratio >= goal, "unit": "/s",
    }  # fmt: skip


class Desk:
    """Alma at the product itself: cases that wait, and clients signed in as she."""

    def __init__(self, at: Installation, served: Serving, cases: Sequence[str]) -> None:
        alma = Caseworker("alma", served.port, Random(140))
        alma.sign_in()
        who = {"Cookie": alma.browser.cookie, "Sec-Fetch-Site": "same-origin"}
        token = json.loads(Client(served.port, who).ask("/api/v1/adgang"))["csrf_token"]
        self._headers = who | {"X-CSRF-Token": token}
        self._port, self.cases = served.port, list(cases)
        self.clients = [self.client() for _ in range(CLIENTS)]

    def client(self) -> Client:
        """Another connection of hers."""
        return Client(self._port, self._headers)

    def judge(self, client: Client, number: int, wants: bool = True) -> None:
        """Store a judgement and its answer."""
        case = self.cases[number]
        body = {
            "choice": "basal", "confidence": "sikker", "read_version": 1, "answers": READ,
            "opened_at": utc_now().isoformat(), "key": f"judgement-{case}", "wants_evidence": wants,
        }  # fmt: skip
        client.ask(f"/api/v1/sager/{case}/vurdering", body, 201)

    def decline(self, client: Client, number: int) -> None:
        """Judge without asking for evidence."""
        self.judge(client, number, wants=False)

    def page(self, client: Client, number: int) -> bytes:
        """The basis page."""
        return client.ask(f"/sag/{self.cases[number]}/grundlag")


def product(folder: Path, at: Installation) -> list[Row]:
    """The product's own workers: a judgement answered, the page, and what a worker holds."""
    cases = [at.receive("alma", f"served-{number}") for number in range(5 * JUDGED)]
    parts = [range(first, first + JUDGED) for first in range(0, len(cases), JUDGED)]
    others = {SHELF: "tests.bench.obvious:ObviousShelf", obvious.FOLDER: str(folder / "obvious")}
    ours, theirs, shown, bare = (Measured() for _ in range(4))
    with serving(at, WORKERS, **{SHELF: OWN}) as own, serving(at, WORKERS, **others) as other:
        desk, obviously = Desk(at, own, cases), Desk(at, other, cases)
        for first, second in (parts[0:2], parts[2:4]):
            ask_at_once(ours, desk.clients, desk.judge, first)
            ask_at_once(theirs, obviously.clients, obviously.judge, second)
        ask_at_once(Measured(), desk.clients, desk.decline, parts[4])
        if b"lignende sager" not in desk.page(desk.clients[0], 0):
            raise AssertionError("the page that is measured shows no evidence")
        for _ in range(ROUNDS):
            ask_at_once(shown, desk.clients[:1], desk.page, parts[0])
            ask_at_once(bare, desk.clients[:1], desk.page, parts[4])
        held, against = (mean(private_bytes(pid) for pid in each.workers()) for each in (own, other))
    step = "requests/s: a judgement stored and answered by the product, sealed, with its entries"
    page = "p50: the basis page: the same page with the evidence left out"
    memory = f"private memory of a worker, {REFERENCE:,} cases: one with {OBVIOUS}"
    return [
        growth(more(f"{step}: the same with {OBVIOUS}", ours.rate, theirs.rate, 1)),
        no_more(page, shown.p50, bare.p50, 2, MILLISECONDS, 1e3),
        no_more(memory, held, against, 0.3, "MB", 1e-6),
    ]


def growing(at: Installation, large: Installation) -> list[Row]:
    """A worker's own memory at ten times the cases; and its start, until the first answer."""
    few, many = _held(at), _held(large)
    modules = median(_seconds_of(IMPORTS) for _ in range(STARTS))
    start = f"start of a worker until its first answer, {REFERENCE:,} cases: importing scikit-learn and shap"
    return [
        no_more(
            f"private memory of a worker, {MANY:,} cases: at {REFERENCE:,}", many, few, 1.2, "MB", 1e-6
        ),
        no_more(start, _started(at), modules, 0.5, MILLISECONDS, 1e3),
    ]  # fmt: skip


def _held(at: Installation) -> float:
    """The private bytes of a worker at work, the mean of two: what one alone maps would count as its own."""
    cases = [at.receive("alma", f"held-{number}") for number in range(JUDGED)]
    with serving(at, WORKERS, **{SHELF: OWN}) as served:
        desk = Desk(at, served, cases)
        ask_at_once(Measured(), desk.clients, desk.judge, range(JUDGED))
        return mean(private_bytes(pid) for pid in served.workers())


def _started(at: Installation) -> float:
    """Seconds from the death of the only worker to its successor's first answer."""
    cases, started = [at.receive("alma", f"started-{number}") for number in range(STARTS)], []
    with serving(at, 1, **{SHELF: OWN}) as served:
        desk = Desk(at, served, cases)
        for number in range(STARTS):
            for worker in served.workers():
                os.kill(worker, signal.SIGKILL)
            began = time.perf_counter()
            until_answered(lambda number=number: desk.judge(desk.client(), number))
            started.append(time.perf_counter() - began)
            served.wait(1)
    return median(started)


def _seconds_of(statement: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def _installation(folder: Path, version: Artifact) -> Installation:
    """An installation with the cast at work and the version in use."""
    folder.mkdir()
    at = install(folder)
    digest = artifact.save(version, at.settings.models / version.manifest.version)
    an_admission(at.engine, at.cast.dan, version.manifest.version, digest, utc_now())
    return at
