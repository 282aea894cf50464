"""Has somebody looked at the model in use each month? A missing month is told, and stops nothing."""

from sqlmodel import select

from models import areas
from service.clock import local_date
from service.database import reading
from service.selftest.findings import Finding, Installation, in_order, warning
from service.tables.organisation import Municipality
from service.workflow import governance, monitoring


def monitored(place: Installation) -> Finding:
    """Every municipality beyond practice has had each whole month of the last year looked at."""
    day = local_date(place.now)
    with reading(place.engine) as session:
        missed = [
            f"{each.code}:{area}:{month}"
            for each in session.exec(select(Municipality).order_by(Municipality.code))
            if governance.phase_of(session, each.id, day) not in (None, governance.PRACTICE)
            for area in areas.names()
            for month in monitoring.missed(session, each.id, area, day)
        ]
    if missed:
        return warning(
            f"Nobody has looked at the model in use in {len(missed)} months. Run: skoen model monitor",
            "Modellen i brug er ikke overvåget hver måned. Se siden Overvågning.",
            where=" ".join(missed),
        )
    return in_order("The model in use was looked at each month.", "Modellen i brug er overvåget hver måned.")
