"""What the tests of the oversight share: a decided case, the signer, and a look at the timeline."""

import json
import re
from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import col, select

from service.database import reading
from service.log.seals import seals_of
from service.tables.log import LogEntry
from service.workflow.oversight import Moment, Timeline, timeline_of
from tests.parts.web import Visitor
from tests.service.signer.bench import Bench

Visit = Callable[[str], Visitor]
OF_A_CITIZEN = ("Agnes", "710247", "7102479995", "Prøvevej", "Faldet hjemme")


def access(engine: Engine, case_id: str) -> list[tuple[str, str, str]]:
    """What the access log says of a case: event, who, what for."""
    query = (
        select(LogEntry.entry).where(col(LogEntry.shard).startswith("access/")).order_by(col(LogEntry.seq))
    )
    with reading(engine) as session:
        entries = [json.loads(entry) for entry in session.exec(query)]
    return [(e["type"], e["actor"], e.get("purpose", "")) for e in entries if e.get("case") == case_id]


def opened_by(visitor: Visitor, case_id: str, purpose: str = "klage") -> str:
    """The timeline, once the purpose is said."""
    visitor.post(f"/tilsyn/sag/{case_id}/formaal", {"formaal": purpose})
    answer = visitor.get(f"/tilsyn/sag/{case_id}")
    assert answer.status_code == 200
    return answer.text


def words_of(html: str) -> str:
    """What a page says, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def seen(engine: Engine, case_id: str, bench: Bench) -> Timeline:
    """The timeline of a case."""
    with reading(engine) as session:
        return timeline_of(session, case_id, seals_of(bench.settings.seals, bench.settings.origin))


def of_event(timeline: Timeline, event: str) -> Moment:
    """The one moment of an event."""
    (found,) = [moment for moment in timeline.moments if moment.event == event]
    return found
