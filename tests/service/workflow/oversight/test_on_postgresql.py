"""The oversight, the mirror and the stop of all units, once through on the other database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.workflow.governance import stop_all
from service.workflow.statistics import mirror
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, gather
from tests.overseen import seen
from tests.service.signer.bench import Bench, settings_of, tampered

WHY = "En prøve."


@pytest.mark.postgres
def test_the_same_is_seen_on_postgresql(postgres_engine: Engine, tmp_path: Path) -> None:
    engine, cast = postgres_engine, gather(postgres_engine)
    bench = Bench(engine, settings_of(engine, tmp_path))
    decided = a_decision(engine, an_answered_case(engine, cast), cast.alma)
    whole = seen(engine, decided.case_id, bench)
    assert whole.judged_first and not whole.broken and len(whole.moments) == 7

    assert mirror.look(engine, "genoptraening", "", now=NOW, by=cast.alma).pattern.decided == 1
    for press in (stop_all.stop_all, stop_all.release_all):
        with writing(engine) as session:
            assert press(session, reason=WHY, now=NOW, by=cast.ada).changed == ("Træning Nord", "Træning Syd")
    with reading(engine) as session:
        assert not stop_all.all_stopped(session, cast.ada.municipality_id)

    tampered(engine, "UPDATE decisions SET choice = 'basal' WHERE id = :id", id=decided.id)
    assert [each.event for each in seen(engine, decided.case_id, bench).broken] == ["decision:made"]
