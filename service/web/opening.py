"""Opening a case is an entry in the access log, with its purpose, before anything of it is shown."""

from service import log
from service.database import reading, writing
from service.log import Event
from service.web.current import now, runtime
from service.web.guard import current_actor
from service.web.purposes import is_over, purpose_of
from service.workflow.case_file import CaseFile, open_file


def purpose_here(case_id: str) -> str:
    """What the case is opened for by whoever asks; raises PurposeMissing when it must be chosen first."""
    return purpose_of(current_actor().role, case_id)


def open_case(case_id: str) -> CaseFile:
    """Write that the case is opened, then read it. If the entry cannot be written, nothing is shown."""
    actor, purpose = current_actor(), purpose_here(case_id)
    with writing(runtime().engine) as session:
        log.append(
            session, Event.CASE_OPENED, at=now(), by=actor, case_id=case_id, purpose=purpose,
            reopened=is_over() or None,
        )  # fmt: skip
        session.commit()
    return read_case(case_id)


def read_case(case_id: str) -> CaseFile:
    """The case for a request that shows nothing of it; a form that is shown again opens the case again."""
    with reading(runtime().engine) as session:
        return open_file(session, case_id)
