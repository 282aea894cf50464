"""The bench of what is served: what it times is what it says, and a wrong answer stops it."""

import os
import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.bench import run, thin
from tests.bench.load import Client, Measured, ask_at_once, private_bytes
from tests.bench.served import more
from tests.bench.versions import enlarged
from tests.models.workbench import (
    make_artifact,
    random_codes,
    random_tables,
    reference_cases,
    repair_codebook,
)


def test_the_route_that_only_commits_a_row_commits_one_for_each_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(thin.ROUTE, "row")
    monkeypatch.setenv(thin.WORK, str(tmp_path))
    server = make_server("127.0.0.1", 0, thin.create_app(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    told, clients = Measured(), [Client(server.port) for _ in range(2)]
    try:
        ask_at_once(told, clients, lambda client, of: client.ask(f"{thin.PATH}/{of}"), range(6))
        with pytest.raises(AssertionError, match="404"):
            clients[0].ask("/findes-ikke")
    finally:
        for client in clients:
            client.close()
        server.shutdown()
        thread.join()
        server.server_close()
    rows = sqlite3.connect(tmp_path / "row.db")
    assert rows.execute("SELECT count(*) FROM rows").fetchone() == (6,)
    rows.close()
    assert len(told.seconds) == 6
    assert 0 < told.p50 <= told.p95 <= max(told.seconds) * 1.5
    assert told.rate > 0


def test_a_version_is_enlarged_by_its_own_cases_under_new_keys() -> None:
    book = repair_codebook()
    few = reference_cases(book, random_codes(book, 30, 3), ["a", "b", "c"] * 10)
    made = make_artifact(book, random_tables(book.area.level_codes, book.sizes, (), 4), few)
    large = enlarged(made, 500, "large").reference

    own = {tuple(column) for column in few.codes.unpacked().T.tolist()}
    assert len(large) == 500
    assert {tuple(column) for column in large.codes.unpacked().T.tolist()} <= own
    assert not set(large.all_keys()) & set(few.all_keys())


def test_more_a_second_meets_the_goal_and_fewer_do_not() -> None:
    assert more("a", 100.0, 10.0, 10)["met"]
    assert not more("b", 99.0, 10.0, 10)["met"]


def test_what_a_process_holds_alone_grows_with_what_it_takes() -> None:
    before = private_bytes(os.getpid())
    held = bytearray(64 << 20)
    held[:: 1 << 12] = b"x" * len(held[:: 1 << 12])
    assert private_bytes(os.getpid()) - before > 60 << 20


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "measured", lambda name: pytest.fail("nothing is measured"))
    with pytest.raises(SystemExit, match="no bench 'serverd'; there are explanations, neighbours, served"):
        run.main(["served", "serverd"])
