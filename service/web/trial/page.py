"""A trial in Danish words: its plan, what was done about it, and its arms beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from sqlmodel import Session

from models import areas
from models.declaration import Area
from service.clock import local_date
from service.tables.organisation import Person
from service.tables.trial import Trial, TrialStep
from service.web.danish import listed
from service.web.effect.words import minutes_words, number
from service.web.forms import FieldView, Typed, text_field
from service.web.statistics.parts import Line
from service.web.statistics.words import count_words, difference_words, number_words, share_words
from service.workflow.effect.medians import Shift
from service.workflow.statistics.practice import Difference
from service.workflow.statistics.queries import names_of
from service.workflow.statistics.shares import Share
from service.workflow.trial.plan import label_of_fact
from service.workflow.trial.results import OTHER, WHO, Results
from service.workflow.trial.standing import Standing, State

REASON = "begrundelse"
NOTHING = "–"


@dataclass(frozen=True)
class TrialLine:
    """A trial in the list."""

    name: str
    state: str
    period: tuple[date, date]
    share: int
    harm: str


@dataclass(frozen=True)
class StepLine:
    """What was done about a trial."""

    day: date
    what: str
    by: str
    reason: str


@dataclass(frozen=True)
class Told:
    """The results: the tables and the sentence that holds them against the plan."""

    lines: tuple[Line, ...]
    compared: tuple[Line, ...]
    verdict: str
    quarters: str
    hidden: str


@dataclass(frozen=True)
class TrialPage:
    """The page of one trial; `told` is None while it is sealed."""

    trial: Trial
    state: str
    code: State
    units: str
    exempt: str
    risk: str
    steps: tuple[StepLine, ...]
    harm: str
    told: Told | None
    may_start: bool
    may_stop: bool
    may_unseal: bool
    reason: FieldView
    error: str


def lines_of(found: Sequence[Standing]) -> tuple[TrialLine, ...]:
    """The trials of a municipality in words."""
    return tuple(
        TrialLine(
            each.trial.name, state_words(each), (each.trial.starts_on, each.until), each.trial.share,
            harm_of(each),
        )
        for each in found
    )  # fmt: skip


def page_of(
    session: Session, found: Standing, told: Results | None, typed: Typed | None, error: str
) -> TrialPage:
    """Everything the page of one trial shows."""
    trial, area = found.trial, areas.get(found.trial.area)
    waiting, running = found.state is State.PLANNED, found.state is State.RUNNING
    return TrialPage(
        trial=trial,
        state=state_words(found),
        code=found.state,
        units=listed(sorted(names_of(session, trial.units).values())),
        exempt=listed([label_of_fact(area, each) for each in trial.exempt]),
        risk=f"{trial.alpha / 10:g}".replace(".", ","),
        steps=tuple(_step(session, each) for each in found.steps),
        harm=harm_of(found),
        told=_told(told, area, trial.margin) if told else None,
        may_start=waiting,
        may_stop=waiting or running,
        may_unseal=found.state is State.OVER and not found.withdrawn,
        reason=text_field(REASON, gettext("Hvorfor?"), typed, error if typed else ""),
        error=error,
    )


def state_words(found: Standing) -> str:
    """Where a trial stands."""
    if found.withdrawn:
        return gettext("Taget tilbage")
    return {
        State.PLANNED: gettext("Planlagt"),
        State.RUNNING: gettext("I gang"),
        State.OVER: gettext("Slut, forseglet"),
        State.UNSEALED: gettext("Slut, åbnet"),
    }[found.state]


def harm_of(found: Standing) -> str:
    """The sentence of a trial that stopped itself, or nothing."""
    stopped = found.step("stopped")
    return stopped.reason if stopped is not None and stopped.cause == "harm" else ""


def _step(session: Session, row: TrialStep) -> StepLine:
    said = {
        "started": gettext("Startet"),
        "stopped": gettext("Stoppede sig selv") if row.cause == "harm" else gettext("Stoppet"),
        "unsealed": gettext("Åbnet"),
        "looked": _look(row),
    }[row.kind]
    return StepLine(local_date(row.at), said, session.get_one(Person, row.named).display_name, row.reason)


def _look(row: TrialStep) -> str:
    if row.information is None:
        return gettext("Kig undervejs: for få sager endnu")
    words = gettext("går videre") if row.verdict == "go_on" else gettext("skade fundet")
    return gettext(
        "Kig undervejs: %(words)s (%(percent)s %% af det planlagte)", words=words, percent=row.information
    )


def _told(found: Results, area: Area, margin: int) -> Told:
    return Told(
        lines=_lines(found, area),
        compared=tuple(
            Line(_who(who), (_both(found.evidence.met[who]), _both(found.control.met[who]))) for who in WHO
        ),
        verdict=_verdict(found, margin),
        quarters=listed([each.label for each in found.quarters]),
        hidden=listed([each.label for each in found.hidden]),
    )


def _lines(found: Results, area: Area) -> tuple[Line, ...]:
    one, other = found.evidence, found.control
    labels = dict(zip(area.level_codes, (level.label for level in area.levels), strict=True))
    return (
        Line(
            gettext("Afgjorte sager"),
            (number_words(one.side.cases), number_words(other.side.cases), NOTHING),
        ),
        _share(gettext("Rigtigt første gang (6 uger)"), one.side.right, other.side.right, found.right),
        _share(gettext("Start tilbudt i tide"), one.in_time, other.in_time, found.in_time),
        Line(
            gettext("Tid pr. sag"),
            (minutes_words(one.side.minutes), minutes_words(other.side.minutes), _shift(found.minutes)),
        ),
        *(
            _share(labels.get(code, gettext("Andet")), share, dict(other.levels)[code], None)
            for code, share in one.levels
            if code != OTHER or share.hits or dict(other.levels)[code].hits
        ),
        _share(gettext("Visitator valgte grundlaget fra"), one.left, other.left, None),
    )


def _share(label: str, one: Share, other: Share, apart: Difference | None) -> Line:
    return Line(label, (_both(one), _both(other), difference_words(apart) if apart else NOTHING))


def _both(share: Share) -> str:
    """The percentage with its interval, and the counts behind it."""
    return count_words(share) if share.percent is None else f"{share_words(share)}, {count_words(share)}"


def _shift(found: Shift | None) -> str:
    if found is None:
        return NOTHING
    middle, low, high = (
        number(each).replace("-", "\N{MINUS SIGN}") for each in (found.middle, found.low, found.high)
    )
    return gettext("%(middle)s min. (%(low)s til %(high)s)", middle=middle, low=low, high=high)


def _who(who: str) -> str:
    return {
        "alone": gettext("Sagsbehandlerens egen vurdering, før grundlag"),
        "decision": gettext("Beslutningen"),
        "evidence alone": gettext("Grundlaget alene: flest lignende sager"),
    }[who]


def _verdict(found: Results, margin: int) -> str:
    """The difference against the margin that was settled beforehand."""
    return {
        "not_worse": gettext(
            "Hele intervallet ligger over grænsen på minus %(margin)s procentpoint: sager med grundlag blev"
            " ikke afgjort dårligere end sager uden, med den grænse.", margin=margin,
        ),
        "worse": gettext(
            "Hele intervallet ligger under grænsen på minus %(margin)s procentpoint: sager med grundlag blev"
            " afgjort dårligere end sager uden.", margin=margin,
        ),
        "open": gettext(
            "Intervallet går hen over grænsen på minus %(margin)s procentpoint: tallene kan ikke afgøre, om"
            " sager med grundlag blev afgjort dårligere.", margin=margin,
        ),
        "not_measured": gettext(
            "Forskellen kan ikke måles: en af grupperne er skjult eller har under 20 sager, der er fulgt i"
            " seks uger."
        ),
    }[found.verdict]  # fmt: skip
