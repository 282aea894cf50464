"""What a planner says about one offer on one day, and which numbers cannot be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import areas
from service.clock import local_date

AREA = "genoptraening"
MOST = 5000
LONGEST_WAIT = 1000
OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class Entered:
    """How an offer stood on a day: places, of them free, people waiting, days to the next possible start."""

    unit_id: str
    offer: str
    counted_on: date
    places: int
    free: int
    waiting: int
    wait_days: int


def offers() -> dict[str, str]:
    """The offers by code, with their Danish names, in declared order."""
    return {team.code: team.label for team in areas.get(AREA).teams}


def faults_of(entered: Entered, now: datetime) -> dict[str, str]:
    """The sentence for each field that cannot be taken; none when all can."""
    found = {
        name: f"Skriv et tal fra 0 til {most}."
        for name, most in (("places", MOST), ("free", MOST), ("waiting", MOST), ("wait_days", LONGEST_WAIT))
        if not 0 <= getattr(entered, name) <= most
    }
    if not found.keys() & {"places", "free"} and entered.free > entered.places:
        found["free"] = "Der kan ikke være flere ledige pladser end pladser."
    if entered.offer not in offers():
        found["offer"] = f"Vælg et tilbud: {', '.join(offers())}."
    today = local_date(now)
    if not today - OLDEST <= entered.counted_on <= today:
        found["counted_on"] = "Datoen skal ligge inden for det seneste år og ikke i fremtiden."
    return found
