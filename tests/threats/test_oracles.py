"""Nothing tells whether a citizen, a case or a user exists: not an answer, not its time, not the log."""

import hashlib
import hmac
import json
import re
import secrets
import statistics
import time
from collections.abc import Callable
from itertools import product
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import passwords
from service.database import reading
from service.identity import find_citizen
from service.sign_in import sign_in
from service.tables.intake import Case, IdentityMap, PersonalPart
from service.tables.log import LogEntry
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, PEPPER, Cast
from tests.parts.size import sized
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
CPR, UNKNOWN = "7102479995", "7202779995"
HEXADECIMAL = re.compile(r"[0-9a-f]{32,}")


def test_a_thousand_guessed_ids_find_nothing(engine: Engine, cast: Cast, visit: Visit) -> None:
    """Random ones, neighbours of a real one, and what is not an id at all."""
    case_id, carla, alma = a_case(engine).id, visit("carla"), visit("alma")
    number = int(case_id, 16)
    neighbours = [f"{(number + step) % 2**128:032x}" for step in (*range(-250, 0), *range(1, 250))]
    guesses = [*neighbours, *(secrets.token_hex(16) for _ in range(480))]
    guesses += ["1", "2401", CPR, case_id.upper(), case_id[:-1], case_id + "0", "%00", "..", "*", " ", "null"]
    found = []
    for guess in [*guesses, *(f"{each}" for each in range(2401, 2411))]:
        answer = alma.client.get(f"/api/v1/sager/{guess}/oplysninger")
        found += [(guess, answer.status_code)] if answer.status_code != 404 else []

    assert len(guesses) + 10 >= 1000
    assert found == []
    assert carla.client.get(f"/api/v1/sager/{case_id}/oplysninger").status_code == 404
    assert alma.client.get(f"/api/v1/sager/{case_id}/oplysninger").status_code == 200


def median_gap(first: Callable[[], object], second: Callable[[], object], pairs: int) -> float:
    """Seconds between the medians of two things, each done in turn and in no fixed order.

    Counted in the work of this thread alone, which holds the database too: a busy machine has no say.
    """
    waited: tuple[list[float], list[float]] = ([], [])
    chance = Random(140)
    for _ in range(pairs):
        order = [(first, waited[0]), (second, waited[1])]
        chance.shuffle(order)
        for action, times in order:
            before = time.thread_time()
            action()
            times.append(time.thread_time() - before)
    return abs(statistics.median(waited[0]) - statistics.median(waited[1]))


def test_finding_a_citizen_takes_as_long_as_finding_none(engine: Engine, cast: Cast) -> None:
    a_case(engine)
    with reading(engine) as session:

        def find(cpr: str) -> str | None:
            return find_citizen(session, cast.alma.municipality_id, cpr, PEPPER)

        assert (find(CPR) is None, find(UNKNOWN) is None) == (False, True)
        assert median_gap(lambda: find(CPR), lambda: find(UNKNOWN), sized(1000, 10_000)) < 0.001


def test_a_hidden_case_is_refused_as_fast_as_one_that_is_not_there(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    hidden, carla = a_case(engine).id, visit("carla")

    def ask(case_id: str) -> int:
        return carla.client.get(f"/sag/{case_id}").status_code

    assert median_gap(lambda: ask(hidden), lambda: ask("0" * 32), sized(100, 10_000)) < 0.001


def test_an_unknown_user_costs_the_same_work_as_a_wrong_password(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow part is counted, so that no noise of the machine has a say: one check, of a hash as dear."""
    checked: list[str] = []
    monkeypatch.setattr(passwords, "is_password", lambda hashed, typed: bool(checked.append(hashed)))
    for number, name in enumerate(("alma", "nobody", "", "x" * 5000)):
        with pytest.raises(Exception, match="forkert"):
            sign_in(engine, name, "forkert-kode", address=f"192.0.2.{number}", now=NOW)

    dear = passwords.hash_password("en lang adgangskode").rpartition("$")[0].rpartition("$")[0]
    assert len(checked) == 4
    assert {each.rpartition("$")[0].rpartition("$")[0] for each in checked} == {dear}


def test_no_value_in_the_log_is_made_of_a_cpr_number_alone(engine: Engine, cast: Cast) -> None:
    """Whoever tried all possible numbers would try the right one too: none of its hashes is there to be met.

    Every usual hash, of every way to write it, alone, with what stands in the open log, and keyed by it.
    """
    for number in (1, 2):
        a_decision(engine, an_answered_case(engine, cast, number=number), cast.alma)
    with reading(engine) as session:
        entries = session.exec(select(LogEntry.entry, LogEntry.leaf_hash)).all()
        stored = {row.lookup for row in session.exec(select(IdentityMap))}
        stored |= {part.id for part in session.exec(select(PersonalPart))}
    text = " ".join(entry for entry, _ in entries)
    there = {*HEXADECIMAL.findall(text), *stored, *(leaf_hash for _, leaf_hash in entries)}
    open_values = {str(value) for entry, _ in entries for value in json.loads(entry).values()}
    written = (CPR, f"{CPR[:6]}-{CPR[6:]}", CPR[:6], f"0999:{CPR}", f"{cast.alma.municipality_id}:{CPR}")
    keys = {"", "skoen", "pepper", *list(open_values)[:200]}
    made = set()
    for cpr, name in product(written, ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256")):
        made.add(hashlib.new(name, cpr.encode()).hexdigest())
        for key in keys:
            made.add(hashlib.new(name, (key + cpr).encode()).hexdigest())
            made.add(hashlib.new(name, (cpr + key).encode()).hexdigest())
            made.add(hmac.new(key.encode(), cpr.encode(), name).hexdigest())

    assert len(there) > 100
    assert there & made == set()
    assert not any(part in text for part in (CPR, CPR[:6]))


def test_two_cases_of_one_citizen_have_nothing_in_common_in_the_log(engine: Engine, cast: Cast) -> None:
    first, second = (a_case(engine, request_id=f"request-{number}") for number in (1, 2))
    with reading(engine) as session:
        entries = [json.loads(entry) for entry in session.exec(select(LogEntry.entry))]
        cases = session.exec(select(Case)).all()
    of = {case.id: set() for case in (first, second)}
    for entry in entries:
        if entry.get("case") in of:
            of[entry["case"]] |= set(HEXADECIMAL.findall(json.dumps(entry)))

    assert len({case.citizen_id for case in cases}) == 1
    shared = of[first.id] & of[second.id]
    assert all(len(values) > 2 for values in of.values())
    assert shared <= {cast.alma.person_id, cast.alma.unit_id, cast.alma.municipality_id}
    assert cases[0].citizen_id not in " ".join(json.dumps(entry) for entry in entries)
