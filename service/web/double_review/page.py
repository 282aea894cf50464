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
from service.web.statistics.words import choice_label, share_words
from service.workflow import double_review
from service.workflow.double_review import Agreement, BlindCase, Progress
from service.workflow.double_review.alpha import Alpha
from service.workflow.double_review.lots import UNDECIDED
from service.workflow.double_review.results import LEAST_PAIRS
from service.workflow.statistics.periods import Period, parse

GOOD, TENTATIVE = 0.8, 0.667
"""A rough reading of alpha after Krippendorff."""


@dataclass(frozen=True)
class AgreementView:
    """How two blind judgements agree, in words; `lines` are name, figure and what it is of."""

    n: int
    reading: str
    lines: tuple[tuple[str, str], ...]


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


def agreement_view(found: Agreement) -> AgreementView:
    """Agreement in words, or why it is not told."""
    if found.levels is None and found.same is None:
        words = gettext(
            "%(n)s sager er vurderet to gange i de seneste fire kvartaler. Enigheden vises fra %(least)s"
            " sager og tre medarbejdere, for den skal ikke sige noget om den enkelte.",
            n=found.n,
            least=LEAST_PAIRS,
        )
        return AgreementView(found.n, words, ())
    lines = [
        (gettext("Krippendorffs alfa, niveauer i rækkefølge"), _alpha_words(found.levels)),
        (gettext("Krippendorffs alfa, alle svar"), _alpha_words(found.answers)),
    ]
    if found.same is not None:
        lines.append((gettext("Samme svar som den første blinde vurdering"), share_words(found.same)))
    if found.as_most is not None:
        lines.append((gettext("Samme niveau som flest lignende sager"), share_words(found.as_most)))
    return AgreementView(found.n, _reading(found.levels), tuple(lines))


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


def _alpha_words(found: Alpha | None) -> str:
    if found is None:
        return gettext("Kan ikke beregnes: alle svarede det samme")
    if found.low is None or found.high is None:
        return gettext("%(value)s, uden interval: for lidt variation", value=_number(found.value))
    return gettext(
        "%(value)s (%(low)s til %(high)s), %(n)s sager",
        value=_number(found.value), low=_number(found.low), high=_number(found.high), n=found.n,
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _reading(found: Alpha | None) -> str:
    """What an alpha says, in one sentence."""
    if found is None:
        return gettext("Der er for lidt variation til at sige, hvor ens sagerne vurderes.")
    if found.value >= GOOD:
        return gettext("Kolleger vurderer for det meste sagerne ens.")
    if found.value >= TENTATIVE:
        return gettext("Kolleger vurderer ofte sagerne ens. Tallet er foreløbigt.")
    return gettext(
        "Kolleger vurderer tit den samme sag forskelligt. Tal om vejledningen, ikke om personerne."
    )
