"""The pages of the skønsprøve: lots and how they agree, her own queue, and one blind case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlmodel import Session

from models.declaration import Area
from service.identity import Actor
from service.tables.double_review import ReviewDraw, ReviewRound
from service.tables.intake import Case
from service.web.assessment.case_page import Group, Text, known_groups
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of
from service.web.statistics.agreement import AgreementView, agreement_view
from service.web.statistics.words import choice_label
from service.workflow import double_review
from service.workflow.double_review import BlindCase, Progress
from service.workflow.double_review.lots import UNDECIDED
from service.workflow.statistics.periods import Period, parse


@dataclass(frozen=True)
class LotsPage:
    """The lead's page. `open_quarter` may be drawn, None when it is drawn already."""

    unit: str
    lots: tuple[tuple[str, Progress], ...]
    open_quarter: Period | None
    agreement: AgreementView


@dataclass(frozen=True)
class QueueLine:
    """One case that waits: its draw, its number, and the quarter it is from."""

    draw_id: str
    serial: int
    quarter: str


@dataclass(frozen=True)
class BlindPage:
    """One drawn case. `form` is None once she has judged; `told` is then what became of it, in words."""

    draw_id: str
    serial: int
    groups: tuple[Group, ...]
    plan: tuple[Text, ...]
    form: FieldView | None
    levels: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend."""
        return faults_of((self.form,)) if self.form else ()


def lots_page(session: Session, area: Area, by: Actor, now: datetime) -> LotsPage:
    """The unit's lots, and the quarter that can be drawn now."""
    quarter = double_review.newest_quarter(session, now, by)
    found = double_review.progress(session, [by.unit_id])
    told = double_review.agreement(double_review.pairs(session, [by.unit_id], quarter), area)
    return LotsPage(
        unit=by.unit_name,
        lots=tuple((parse(each.lot.period).label, each) for each in found),
        open_quarter=None if quarter.code in {each.lot.period for each in found} else quarter,
        agreement=agreement_view(told),
    )


def queue_lines(session: Session, waiting: Sequence[ReviewDraw]) -> tuple[QueueLine, ...]:
    """The cases of a queue, with nothing but their numbers."""
    return tuple(
        QueueLine(
            drawn.id,
            session.get_one(Case, drawn.case_id).serial,
            parse(session.get_one(ReviewRound, drawn.round_id).period).label,
        )
        for drawn in waiting
    )


def blind_page(found: BlindCase, field: str, typed: Typed | None, error: str) -> BlindPage:
    """A drawn case before she has judged, or after."""
    area = found.area
    options = [(code, choice_label(area, code)) for code in (*area.level_codes, UNDECIDED)]
    told = [
        (gettext("Din vurdering"), found.judged),
        (gettext("Den første vurdering, før grundlaget blev vist"), found.first),
        (gettext("Beslutningen"), found.decided),
    ]
    question = gettext("Hvad har borgeren brug for?")
    return BlindPage(
        draw_id=found.draw_id,
        serial=found.serial,
        groups=known_groups(area, found.facts),
        plan=tuple(
            Text(section.label, found.sections[section.code])
            for section in area.plan_sections
            if section.code in found.sections
        ),
        form=None if found.judged else choice_field(field, question, options, typed, error),
        levels=tuple((level.label, level.help) for level in area.levels),
        told=tuple((name, choice_label(area, code)) for name, code in told if code),
    )
