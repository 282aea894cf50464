"""What is so in an invented municipality, before anybody writes it down."""

from dataclasses import dataclass
from datetime import date

from training.assumptions import Assumptions
from training.need import Need
from training.population import Population
from training.practice import Given, Practice


@dataclass(frozen=True)
class Scene:
    """Everything that is so in the invented municipality; the first `past` cases are its history."""

    assumed: Assumptions
    people: Population
    need: Need
    practice: Practice
    request_ids: tuple[str, ...]
    as_of: date
    past: int
    inbox_from: int
    seed: int

    def given(self, row: int, level: int) -> Given:
        """What a case gets, and what comes of it, at one level."""
        weeks_ago = (self.as_of - self.people.arrivals[row].received_on).days / 7
        fitting = int(self.need.fitting_level()[row])
        log_odds = float(self.need.log_odds[row])
        return self.practice.given(row, self.people.group[row], level, fitting, log_odds, weeks_ago)
