"""Opening a case is an entry in the access log, with its purpose, before anything of it is shown."""

from flask import session as browser

from service import log
from service.database import reading, writing
from service.errors import SkoenError
from service.log import Event
from service.web.current import now, runtime
from service.web.guard import current_actor
from service.workflow.case_file import CaseFile, open_file

PURPOSE_OF_ROLE = {"visitator": "sagsbehandling", "teamleder": "faglig_ledelse"}
"""Roles whose work says what a case is opened for; the others choose."""

PURPOSES = {
    "klage": "Klage",
    "aktindsigt": "Aktindsigt eller indsigt",
    "stikproeve": "Stikprøve",
    "fejlretning": "Fejlretning",
}
"""What others may open a case for, with the words people choose from."""

CHOSEN = "formaal"
"""Where the browser's session keeps the purposes chosen: case id to code."""


class PurposeMissing(SkoenError):
    """Somebody opens a case whose role does not say what for; the page asks."""

    status = 403
    sentence = "Vælg først, hvad du åbner sagen for."


def purpose_here(case_id: str) -> str:
    """What the case is opened for by whoever asks; raises PurposeMissing when it must be chosen first."""
    of_role = PURPOSE_OF_ROLE.get(current_actor().role)
    chosen = of_role or browser.get(CHOSEN, {}).get(case_id)
    if chosen is None:
        raise PurposeMissing
    return str(chosen)


def open_case(case_id: str) -> CaseFile:
    """Write that the case is opened, then read it. If the entry cannot be written, nothing is shown."""
    actor, purpose = current_actor(), purpose_here(case_id)
    with writing(runtime().engine) as session:
        log.append(session, Event.CASE_OPENED, at=now(), by=actor, case_id=case_id, purpose=purpose)
        session.commit()
    return read_case(case_id)


def read_case(case_id: str) -> CaseFile:
    """The case for a request that shows nothing of it; a form that is shown again opens the case again."""
    with reading(runtime().engine) as session:
        return open_file(session, case_id)
