"""A change of law or guideline makes older decisions another practice: a model of them is shown to nobody.

The register says from which day; what a model learned from is in its manifest. A model with decisions from
before that day is refused, and one that is in use already is computed and sealed until there is another.
"""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from models.declaration import Area
from service.tables.governance import RegisterEntry
from service.tables.organisation import Municipality
from service.workflow.registers.approval import NotReady
from service.workflow.registers.book import standing
from service.workflow.registers.shapes import HELD_ON

KIND = "practice_change"


def changed_on(session: Session, municipality_id: str, on: date, area: Area | None = None) -> date | None:
    """The newest day, up to a day, from which a municipality has another practice.

    With an area its own changes count too: those of law and guideline, which hold everywhere.
    """
    newest = _newest(standing(session, municipality_id, KIND), on)
    declared = area.changed_by(on) if area else None
    days = [_day(newest)] if newest else []
    return max([*days, *([declared.on] if declared else [])], default=None)


def is_of_older_practice(first_day: date, changed: date | None) -> bool:
    """Whether a model that learned from this day on holds decisions from before a change."""
    return changed is not None and first_day < changed


def refuse_older_practice(session: Session, first_day: date, version: str, on: date) -> None:
    """Raise NotReady when a version learned from decisions from before a change in some municipality."""
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        newest = _newest(standing(session, place.id, KIND), on)
        if newest is not None and is_of_older_practice(first_day, _day(newest)):
            raise NotReady(
                f"Version {version} bygger på sager fra {first_day.isoformat()}."
                f" Fra {newest.content[HELD_ON]} er praksis en anden: {newest.content['titel']}."
                " Træn den på sager fra efter skiftet."
            )


def _newest(entries: Iterable[RegisterEntry], on: date) -> RegisterEntry | None:
    return max((each for each in entries if _day(each) <= on), key=_day, default=None)


def _day(entry: RegisterEntry) -> date:
    return date.fromisoformat(entry.content[HELD_ON])
