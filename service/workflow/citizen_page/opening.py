"""Every time the page is shown is an entry in the access log, marked with who it was shown to."""

from datetime import datetime

from sqlalchemy import Engine

from service import log
from service.database import writing
from service.identity import Actor
from service.log import Event
from service.workflow.case_file import find_case
from service.workflow.citizen_page.speaker import PHONE, Speaker

INSIGHT = "egen_indsigt"
ON_BEHALF = "borgerens_oensker"


def opened_by_citizen(engine: Engine, case_id: str, speaker: Speaker, *, now: datetime) -> None:
    """The citizen, or her representative, is about to see the page. Raises CaseErased and LogUnavailable."""
    with writing(engine) as session:
        find_case(session, case_id)
        log.append(
            session, Event.CITIZEN_OPENED, at=now, by=None, case_id=case_id, purpose=INSIGHT,
            speaker=speaker.kind,
        )  # fmt: skip
        session.commit()


def opened_on_behalf(
    engine: Engine, case_id: str, speaker: Speaker | None, *, now: datetime, by: Actor, reopened_for: str = ""
) -> None:
    """A caseworker is about to see it: to read it out to somebody, or (without a speaker) to hand it over.

    `reopened_for` is what a case that is over was opened again for, "" for any other.
    """
    with writing(engine) as session:
        log.append(
            session, Event.CASE_OPENED, at=now, by=by, case_id=case_id, purpose=reopened_for or ON_BEHALF,
            reopened=bool(reopened_for) or None,
            channel=PHONE if speaker else None, speaker=speaker.kind if speaker else None,
        )  # fmt: skip
        session.commit()
