"""What the calculation weighed in her case, in words for everybody: as it was shown, and once it is decided.

Before the decision nothing of it is told, so that whoever reads the page out cannot see it there first. What
nobody was shown is not told either: a sealed answer stays sealed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from service import log
from service.clock import local_date
from service.tables.suggestion import Suggestion
from service.workflow.case_file import CaseFile, CaseState, all_of
from service.workflow.citizen_page import words

DECIDED = (CaseState.DECIDED, CaseState.PLANNED, CaseState.CLOSED)
POINTS_TO = "forslag"
"""The mode in which the page for the caseworker says what everything points to."""


@dataclass(frozen=True)
class Pull:
    """One fact that pulled: its name in the declaration, what it is called, what stood there, and how."""

    name: str
    label: str
    value: str
    text: str


@dataclass(frozen=True)
class Weighing:
    """What one calculation weighed, strongest first; `whole` is what it came to where that was shown.

    `missing` are the questions that it had no answer to, `not_used` those it never asks about.
    """

    day: date
    pulls: tuple[Pull, ...]
    whole: str
    missing: tuple[str, ...]
    not_used: tuple[str, ...]

    @property
    def others(self) -> str:
        """What is said of the facts that are not listed."""
        return words.OTHERS_PULLED if self.pulls else words.NOTHING_PULLED

    def sentences(self) -> tuple[str, ...]:
        """What we say of it in sentences of our own."""
        pulls = (pull.text for pull in self.pulls)
        return tuple(filter(None, (words.WEIGHED, *pulls, self.others, self.whole, *words.WEIGHED_CAVEATS)))


def weighings_of(session: Session, file: CaseFile) -> tuple[Weighing, ...]:
    """Every calculation that was shown in a case that is decided, in the order of time."""
    if file.decision is None or file.state not in DECIDED:
        return ()
    return tuple(_weighings(session, file))


def _weighings(session: Session, file: CaseFile) -> Iterator[Weighing]:
    for row in all_of(session, Suggestion, file.case.id):
        if row.outcome == "shown":
            payload = log.open_part(session, row)["payload"]
            if payload["contributions"]:
                yield _weighing(file, row, payload)


def _weighing(file: CaseFile, row: Suggestion, payload: Mapping[str, Any]) -> Weighing:
    return Weighing(
        day=local_date(row.at),
        pulls=tuple(_pull(file, item) for item in payload["contributions"]["items"]),
        whole=_whole(file, payload) if row.mode == POINTS_TO else "",
        missing=tuple(payload["missing"]),
        not_used=tuple(payload.get("not_used", ())),
    )


def _pull(file: CaseFile, item: Mapping[str, Any]) -> Pull:
    offer = _offer(file, item["toward"])
    text = f"Det trak {item['strength']} mod {offer}." if item["certain"] else words.UNSURE
    return Pull(item["question"], item["label"], item["value"] or words.NOT_STATED, text)


def _whole(file: CaseFile, payload: Mapping[str, Any]) -> str:
    """The headline of the mode that has one, in her words; it says nothing clear where that did not."""
    level, similar = payload["model_level"], payload["similar"]
    if payload["flags"] or not level or similar is None or similar["reference_level"] != level:
        return words.NOT_CLEAR
    return f"Samlet trak det mod {_offer(file, level)}."


def _offer(file: CaseFile, level: str) -> str:
    return file.area.citizen_words.offers.get(level, file.area.level_label(level).lower())
