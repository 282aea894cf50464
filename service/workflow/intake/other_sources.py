"""Facts from a source that is asked only after the citizen's yes: left out of her case until she has said it.

An import may bring them at any time. What she has not said yes to is kept nowhere; after her yes the same
file, imported again, fills in what is still unanswered, and touches nothing else. The yes is no legal basis:
the law is the same with it and without it, and she can take it back.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from models import facts as case_facts
from models.declaration import Source
from models.facts import Fact
from service.identity import Actor
from service.tables.intake import Case, FactsVersion
from service.workflow import in_force
from service.workflow.case_file import CaseState, arrival_of, open_file
from service.workflow.intake.facts_version import add_version
from service.workflow.intake.referral import Referral

NEED_HER_YES = frozenset({Source.CARE_RECORD})
OVER = (CaseState.DECIDED, CaseState.PLANNED, CaseState.CLOSED)
"""Where a case stands when there is nothing more to find out."""


def without_them(referral: Referral) -> Referral:
    """The referral as it is without facts that need her yes."""
    kept = {name: fact for name, fact in referral.facts.items() if fact.source not in NEED_HER_YES}
    return replace(referral, facts=kept)


def take_accepted(
    session: Session, case: Case, offered: Mapping[str, Fact], now: datetime, by: Actor | None
) -> FactsVersion | None:
    """Take what the citizen has said yes to and nobody has answered yet; the commit is the caller's.

    Gives None, and writes nothing, without her yes, in a case that is over, or where all is answered.
    """
    needing = {name: fact for name, fact in offered.items() if fact.source in NEED_HER_YES}
    if not needing or not in_force.may_ask_other_sources(session, case.id):
        return None
    file = open_file(session, case.id)
    missing = {name: fact for name, fact in needing.items() if file.facts[name].value is None}
    if not missing or file.state in OVER:
        return None
    given = {name: fact for name, fact in file.facts.items() if not file.area.by_name[name].computed}
    facts = case_facts.complete(file.area, {**given, **missing}, arrival_of(case), now)
    return add_version(session, case, file.area, facts, "fetched", now, by)
