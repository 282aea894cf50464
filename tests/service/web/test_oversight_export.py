"""A case taken out of the oversight: a zip that anybody can check, and nothing where it cannot be made."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.log.offline import skoen_verify
from service.tables.decision import Decision
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.overseen import OF_A_CITIZEN, Visit, access, opened_by, words_of
from tests.service.signer.bench import Bench, tampered


@pytest.fixture
def bench(app: Flask, engine: Engine) -> Bench:
    """The signer of the application under test."""
    return Bench(engine, app.extensions["skoen"].settings)


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A decision of Alma's, on evidence that she was shown."""
    return a_decision(engine, an_answered_case(engine, cast), cast.alma, text="Hun går selv.")


@pytest.mark.requirement("R-20", "G-15")
def test_the_export_is_believed_by_a_verifier_that_knows_nothing_of_us(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision, bench: Bench, tmp_path: Path
) -> None:
    dorte = visit("dorte")
    opened_by(dorte, decided.case_id)
    bench.seal()
    answer = dorte.post(f"/tilsyn/sag/{decided.case_id}/eksport", {})

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert access(engine, decided.case_id)[-1] == ("data:exported", cast.dorte.person_id, "klage")
    file, own = tmp_path / "sag.zip", tmp_path / "verify.py"
    file.write_bytes(answer.data)
    own.write_bytes(dorte.get("/tilsyn/verifikator").data)
    pinned = (bench.settings.seals / "vkeys.txt").read_text().strip()
    command = [sys.executable, "-I", str(own), str(file), "--vkey", pinned]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert own.read_bytes() == Path(skoen_verify.__file__).read_bytes()
    assert not list(bench.settings.var.glob("eksport-*"))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert not [name for name in archive.namelist() if name.startswith("opened/")]
        assert not any(word.encode() in archive.read(name) for name in archive.namelist()
                       for word in OF_A_CITIZEN)  # fmt: skip


def test_the_personal_content_goes_out_only_when_it_is_asked_for(
    engine: Engine, visit: Visit, decided: Decision, bench: Bench
) -> None:
    dorte = visit("dorte")
    opened_by(dorte, decided.case_id, "aktindsigt")
    bench.seal()
    answer = dorte.post(f"/tilsyn/sag/{decided.case_id}/eksport", {"aabnet": "ja"})
    assert answer.status_code == 200, words_of(answer.text)

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        opened = [archive.read(name) for name in archive.namelist() if name.startswith("opened/")]
    assert any(b"Agnes" in each for each in opened)


def test_an_export_that_cannot_be_made_says_so_and_is_not_logged_as_one(
    engine: Engine, visit: Visit, decided: Decision, bench: Bench
) -> None:
    dorte, path = visit("dorte"), f"/tilsyn/sag/{decided.case_id}/eksport"
    assert dorte.post(path, {}).status_code == 403  # no purpose, no export
    opened_by(dorte, decided.case_id)
    unsealed = dorte.post(path, {})
    assert unsealed.status_code == 409 and "Eksporten blev ikke lavet" in unsealed.text

    bench.seal()
    tampered(
        engine, "UPDATE log_entries SET entry = replace(entry, 'funktion_nu', 'kapacitet!')"
        " WHERE shard = :shard AND seq = :seq", shard=decided.shard, seq=decided.log_seq,
    )  # fmt: skip
    damaged = dorte.post(path, {})
    assert damaged.status_code == 409 and "not what was sealed" in damaged.text
    assert {event for event, *_ in access(engine, decided.case_id)} == {"case:opened"}
    assert not list(bench.settings.var.glob("eksport-*"))
