"""The gate of a hidden change of rule: a version that weighs otherwise waits until the change is discussed.

It reads the report of changes that training put in the version, and computes nothing.
There is no way round it.
"""

from datetime import date

from sqlmodel import Session, col, select

from models.artifact import Artifact
from models.rule_change import Changed, ReportUnread, changed_facts
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.model_in_use import admission
from service.workflow.registers.approval import NotReady
from service.workflow.registers.book import standing
from service.workflow.registers.rule_change import WEIGHED, unweighed


def refuse_hidden_change(session: Session, found: Artifact, on: date) -> None:
    """Raise NotReady for a version without a report against the one in use, or with changes nobody discussed.

    It is asked of every municipality that uses the service, in whatever phase.
    """
    active = admission.active_model(session, found.area.name)
    if active is None:
        return
    changed = _changed(found, active.manifest_hash)
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        if changed and governance.phase_of(session, place.id, on) is not None:
            lacking = unweighed(standing(session, place.id), found.manifest.version, changed)
            if lacking:
                raise NotReady(_words(found.manifest.version, place.code, lacking))


def _changed(found: Artifact, active_hash: str) -> tuple[Changed, ...]:
    version, report = found.manifest.version, found.evaluation.get("rule_change")
    cure = "Træn den igen med --against og mappen for den, der er i brug."
    if not report or report.get("manifest_hash") != active_hash:
        raise NotReady(f"Version {version} har ingen rapport over, hvad der vejer anderledes. {cure}")
    try:
        return changed_facts(report, found.area)
    except ReportUnread as unread:
        raise NotReady(f"Version {version} har en rapport, der ikke kan læses. {cure}") from unread


def _words(version: str, code: str, lacking: tuple[Changed, ...]) -> str:
    told = "; ".join(each.words for each in lacking)
    names = ", ".join(f'"{each.name}"' for each in lacking)
    return (
        f"Version {version} vejer anderledes end den, der er i brug: {told}. Drøft det i kommune {code},"
        f" og indfør et dilemma om model:{version} med {WEIGHED} = [{names}]: skoen register add dilemma."
    )
