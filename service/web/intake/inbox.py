"""The inbox: open cases by legal deadline and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from service import log
from service.database import reading, writing
from service.log import Event
from service.policy import Action
from service.web.current import now, runtime, today
from service.web.guard import current_actor, guarded
from service.web.kept_words import opened, sealed
from service.web.purposes import PURPOSE_OF_ROLE
from service.workflow.case_file import CaseState
from service.workflow.caseload import MINE, TEAM, InboxRow, inbox

blueprint = Blueprint("inbox", __name__)

PER_PAGE = 50
LONGEST_SEARCH = 80
SEARCH = "soegning"
NEEDS_HER = (CaseState.NEW, CaseState.BEING_READ, CaseState.ANSWERED, CaseState.JUDGED, CaseState.DECIDED)
"""States in which the next step is ours, not the hospital's."""


@dataclass(frozen=True)
class InboxPage:
    """One page of the inbox. `first` is the case that takes the focus, "" for none."""

    rows: Sequence[InboxRow]
    whose: str
    search: str
    total: int
    urgent: int
    number: int
    pages: int

    @property
    def first(self) -> str:
        """The first case on the page whose next step is ours: hers or nobody's, else a colleague's."""
        ours = [row for row in self.rows if row.state in NEEDS_HER]
        hers = [row for row in ours if row.is_hers_to_take_up]
        return next((row.case_id for row in (*hers, *ours)), "")


@blueprint.get("/indbakke")
@guarded(Action.SEE_INBOX)
def show() -> str:
    """Mine or the team's, or what a search found."""
    whose = TEAM if request.args.get("vis") == "team" else MINE
    search = opened(session.get(SEARCH, ""))
    with reading(runtime().engine) as reader:
        rows = inbox(reader, current_actor(), whose=whose, search=search or None, today=today())
    page = page_of(rows, whose, search, request.args.get("side", "1"))
    if search:
        _record_search(page)
    return render_template("intake/inbox.html", page=page)


def _record_search(page: InboxPage) -> None:
    """Write that somebody searched, and each case whose name the page is about to show."""
    actor = current_actor()
    purpose = PURPOSE_OF_ROLE.get(actor.role, actor.role)
    with writing(runtime().engine) as writer:
        log.append(writer, Event.SEARCHED, at=now(), by=actor, purpose=purpose, hits=str(page.total))
        for row in page.rows:
            log.append(writer, Event.CASE_FOUND, at=now(), by=actor, purpose=purpose, case_id=row.case_id)
        writer.commit()


def page_of(rows: Sequence[InboxRow], whose: str, search: str, side: str) -> InboxPage:
    """The rows of one page with the counts of all; a page that is not there is the nearest one."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(int(side) if side.isascii() and side.isdigit() else 1, 1), pages)
    soon = today() + timedelta(days=1)
    return InboxPage(
        rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        whose=whose,
        search=search,
        total=len(rows),
        urgent=sum(row.due_on <= soon and row.state in NEEDS_HER for row in rows),
        number=number,
        pages=pages,
    )


@blueprint.post("/indbakke/soegning")
@guarded(Action.SEE_INBOX)
def search() -> AnyResponse:
    """Find a number, a name or a diagnosis. The words stay out of addresses and the log, and are sealed."""
    session[SEARCH] = sealed(request.form.get(SEARCH, "").strip()[:LONGEST_SEARCH])
    return redirect("/indbakke", 303)
