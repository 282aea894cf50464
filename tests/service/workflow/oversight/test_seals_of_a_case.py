"""Which checkpoint covers an entry of a case, and what only the seal can tell."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from service.database import reading, writing
from service.log.canonical import canonical
from service.log.merkle import leaf_hash
from service.signer.report import OK
from service.tables.decision import Decision
from service.workflow import decision
from service.workflow.case_file import open_file
from tests.answered import an_answered_case
from tests.cast import NOW, Cast
from tests.overseen import of_event, seen
from tests.service.signer.bench import Bench, tampered

Tampering = tuple[str, str, str]


def test_nothing_is_sealed_before_the_signer_has_been_there(
    engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    assert seen(engine, decided.case_id, bench).sealed == 0

    assert bench.seal().state == OK
    found = seen(engine, decided.case_id, bench)
    assert found.sealed == len(found.moments)

    with writing(engine) as session:
        file = open_file(session, decided.case_id)
        decision.plan(
            session, file.case.id, forms=("gruppe",), team="ortopaedisk", place="center",
            start_status="frit_valg", first_date=None, now=NOW, by=cast.alma,
        )  # fmt: skip
    found = seen(engine, decided.case_id, bench)
    assert [moment.event for moment in found.moments if moment.proof.seal is None] == ["planning:made"]


def test_the_earliest_kept_checkpoint_that_covers_an_entry_is_named(
    engine: Engine, cast: Cast, decided: Decision, bench: Bench
) -> None:
    bench.seal()
    first = bench.at
    size = bench.checkpoint(decided.shard).size  # type: ignore[union-attr]
    later = an_answered_case(engine, cast, number=2)
    bench.at = first + timedelta(days=3)
    bench.seal()

    early, late = seen(engine, decided.case_id, bench), seen(engine, later.id, bench)
    assert {(moment.proof.seal.size, moment.proof.seal.on) for moment in early.moments} == {
        (size, first.date())
    }
    assert {moment.proof.seal.on for moment in late.moments} == {(first + timedelta(days=3)).date()}


@pytest.mark.requirement("G-15")
def test_an_entry_rewritten_with_a_hash_that_fits_is_found_by_the_seal(
    engine: Engine, decided: Decision, bench: Bench
) -> None:
    bench.seal()
    with reading(engine) as session:
        entry = of_event(seen(engine, decided.case_id, bench), "decision:made")
        where = {"shard": entry.shard, "seq": entry.seq}
        query = text("SELECT entry FROM log_entries WHERE shard = :shard AND seq = :seq")
        said = session.connection().execute(query, where).scalar_one()
    changed = said.replace("funktion_nu", "kapacitet!").encode()
    assert changed != said.encode() and canonical(json.loads(changed)) == changed
    rewrite = "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = :seq"
    tampered(engine, rewrite, entry=changed.decode(), leaf=leaf_hash(changed), **where)
    (broken,) = seen(engine, decided.case_id, bench).broken

    assert broken.event == "decision:made"
    assert broken.proof.findings == ()  # by itself it fits: only the seal knows
    assert broken.proof.seal_broken


def test_a_checkpoint_that_nobody_signed_seals_nothing(
    engine: Engine, decided: Decision, bench: Bench
) -> None:
    bench.seal()
    for note in (bench.settings.seals / decided.shard).rglob("*"):
        if note.is_file() and (note.name == "checkpoint" or note.parent.name == "history"):
            note.chmod(0o644)
            note.write_bytes(note.read_bytes().replace(b"skoen.test", b"skoen.fest", 1))
    found = seen(engine, decided.case_id, bench)

    assert found.sealed == 0
    assert all(moment.proof.seal_broken for moment in found.moments)
