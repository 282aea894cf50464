"""In the minute before an entry is sealed only the receipt knows it: rewritten then, the receipt tells."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from service.log import merkle
from service.log.canonical import canonical
from service.log.tlog_proof import parse_proof
from service.signer.ledger import signers_engine
from service.signer.report import OK
from service.signer.seal import seal
from tests.answered import an_answered_case
from tests.cast import NOW, Cast
from tests.parts.tampering import defenceless
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
SHARD = "decisions/2026"
FINGERPRINT = re.compile(r"fingeraftryk ([0-9a-f]{64})")


@pytest.fixture
def care_record(engine: Engine, cast: Cast, visit: Visit) -> tuple[str, str]:
    """A decision, and the text that the caseworker put into the citizen's record: case id and text."""
    case_id, alma = an_answered_case(engine, cast).id, visit("alma")
    alma.get(f"/sag/{case_id}/grundlag")
    said = {"choice": "avanceret", "reason_code": "funktion_nu", "key": "decision-1"}
    alma.post(f"/sag/{case_id}/beslutning", said)
    return case_id, alma.get(f"/sag/{case_id}/journal.txt").text


def sealed(app: Flask) -> None:
    """A round of the signer, a minute later."""
    settings = app.extensions["skoen"].settings
    (settings.var).mkdir(exist_ok=True)
    engine = signers_engine(settings)
    assert seal(settings, engine, NOW + timedelta(minutes=1)).state == OK
    engine.dispose()


def fingerprint_proved(visitor: Visitor, case_id: str) -> str:
    """What the proof file proves, worked out from the file alone."""
    entry = parse_proof(visitor.get(f"/sag/{case_id}/bevis").data).entry
    assert entry is not None
    return merkle.leaf_hash(entry).hex()


def rewrite_all(engine: Engine, **fields: str) -> None:
    """Change the newest decision and make every hash of the database fit, as whoever owns it could."""
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        query = "SELECT seq, event, entry FROM log_entries WHERE shard = :shard ORDER BY seq"
        frontier: tuple[bytes, ...] = ()
        for seq, event, entry in connection.execute(text(query), {"shard": SHARD}).all():
            changed = canonical({**json.loads(entry), **(fields if event == "decision:made" else {})})
            leaf = merkle.leaf_hash(changed)
            frontier = merkle.append(seq, frontier, leaf)
            connection.execute(
                text("UPDATE log_entries SET entry = :e, leaf_hash = :l WHERE shard = :s AND seq = :n"),
                {"e": changed.decode(), "l": leaf, "s": SHARD, "n": seq},
            )
        connection.execute(
            text("UPDATE log_heads SET frontier = :f WHERE shard = :s"), {"f": b"".join(frontier), "s": SHARD}
        )
        connection.commit()


def test_a_decision_rewritten_before_it_was_sealed_does_not_fit_the_record(
    app: Flask, engine: Engine, visit: Visit, care_record: tuple[str, str]
) -> None:
    case_id, record = care_record
    kept = FINGERPRINT.search(record)
    rewrite_all(engine, actor="f" * 32)
    sealed(app)

    assert kept is not None
    assert fingerprint_proved(visit("alma"), case_id) != kept[1]


def test_a_decision_that_was_left_alone_fits_the_record(
    app: Flask, visit: Visit, care_record: tuple[str, str]
) -> None:
    case_id, record = care_record
    kept = FINGERPRINT.search(record)
    sealed(app)

    assert kept is not None
    assert fingerprint_proved(visit("alma"), case_id) == kept[1]
