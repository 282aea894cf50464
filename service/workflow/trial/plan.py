"""The plan of a trial as it is registered: what it must say, and the hash that holds it to its word."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlmodel import Session, select

from models import areas
from models.declaration import Area
from service.digest import digest
from service.errors import Refused
from service.tables.organisation import Unit
from service.tables.trial import Trial
from service.workflow.statistics.periods import quarter_of
from service.workflow.trial.standing import Standing

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
LONGEST = timedelta(days=366)
"""A trial lasts a year at most: what goes on is decided anew, with what the last one told."""
ANALYSIS = (
    "intention to treat, by unit and quarter as the statistics show them; primary: right first time, six"
    " weeks; also: start in time, minutes per case, level; looks: right first time and start in time, each"
    " with half of alpha, Mantel-Haenszel over units, O'Brien-Fleming spending in both directions"
)
"""What will be counted, settled with the plan."""


@dataclass(frozen=True)
class Plan:
    """What a trial is to be; see `service.tables.trial.Trial`. `units` are ids."""

    name: str
    area: str
    units: tuple[str, ...]
    share: int
    starts_on: date
    ends_on: date
    approver: str
    null_option: str
    expected_with: int
    expected_without: int
    cases: int
    looks: int = 4
    alpha: int = 50
    margin: int = 5
    exempt: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the plan and of how it will be analysed."""
        said = {**asdict(self), "starts_on": self.starts_on.isoformat(), "ends_on": self.ends_on.isoformat()}
        told = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
        return digest({**told, "analysis": ANALYSIS})


def plan_of(trial: Trial) -> Plan:
    """The plan as it stands in a row; its hash must be the row's `plan_hash`."""
    return Plan(
        name=trial.name, area=trial.area, units=tuple(trial.units), share=trial.share,
        starts_on=trial.starts_on, ends_on=trial.ends_on, approver=trial.approver,
        null_option=trial.null_option, expected_with=trial.expected_with,
        expected_without=trial.expected_without, cases=trial.cases, looks=trial.looks, alpha=trial.alpha,
        margin=trial.margin, exempt=tuple(trial.exempt),
    )  # fmt: skip


def refuse_unfit(
    session: Session, plan: Plan, municipality_id: str, on: date, others: Sequence[Standing]
) -> None:
    """Raise Refused, with the field, for a plan that cannot be registered on a day."""
    rules = (
        ("name", NAME.fullmatch(plan.name), "Navnet skrives med små bogstaver, tal og bindestreger."),
        ("share", 1 <= plan.share <= 90, "Andelen uden grundlag skal være mellem 1 og 90 procent."),
        ("starts_on", plan.starts_on >= on, "Forsøget kan ikke begynde, før det er registreret."),
        ("ends_on", plan.ends_on > plan.starts_on, "Forsøget skal slutte, efter at det er begyndt."),
        ("ends_on", plan.ends_on - plan.starts_on <= LONGEST, "Et forsøg varer højst et år ad gangen."),
        ("approver", plan.approver.strip(), "Skriv, hvem der har godkendt forsøget."),
        ("null_option", plan.null_option.strip(), "Skriv, hvad det ville betyde at lade være."),
        (
            "expected_with",
            1 <= plan.expected_with <= 99 and 1 <= plan.expected_without <= 99,
            "Skriv, hvor mange procent af sagerne der ventes ændret med og uden grundlag.",
        ),
        ("cases", plan.cases >= 40, "Planen skal have mindst 40 sager. Ellers kan intet ses."),
        ("looks", 1 <= plan.looks <= 10, "Der kan være mellem 1 og 10 kig undervejs."),
        ("alpha", 1 <= plan.alpha <= 100, "Risikoen for at stoppe ved en fejl er mellem 1 og 100 promille."),
        ("margin", 1 <= plan.margin <= 20, "Grænsen skal være mellem 1 og 20 procentpoint."),
        ("area", plan.area in areas.names(), "Området findes ikke."),
    )
    for field, holds, sentence in rules:
        if not holds:
            raise Refused(sentence, field=field)
    _refuse_units(session, plan, municipality_id)
    _refuse_exempt(areas.get(plan.area), plan.exempt)
    _refuse_overlap(plan, others)


def label_of_fact(area: Area, exempt: str) -> str:
    """A fact for which no lots are drawn, in words: "Hjemmepleje: nej"."""
    name, _, code = exempt.partition("=")
    question = area.by_name[name]
    return f"{question.label}: {question.code_label(code)}"


def _refuse_units(session: Session, plan: Plan, municipality_id: str) -> None:
    known = set(session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)))
    if not plan.units or not set(plan.units) <= known or len(set(plan.units)) < len(plan.units):
        raise Refused("Vælg en eller flere af kommunens enheder.", field="units")


def _refuse_exempt(area: Area, exempt: Sequence[str]) -> None:
    codes = {f"{question.name}={code.code}" for question in area.questions for code in question.codes}
    for each in exempt:
        if each not in codes:
            raise Refused(f"“{each}” er ikke en oplysning med en kode.", field="exempt")


def _refuse_overlap(plan: Plan, others: Sequence[Standing]) -> None:
    """Two trials of a unit in one quarter could not be told apart in the numbers of that quarter."""
    for other in others:
        shares = set(plan.units) & set(other.trial.units) and plan.area == other.trial.area
        apart = plan.starts_on > other.until and quarter_of(plan.starts_on) != quarter_of(other.until)
        before = plan.ends_on < other.trial.starts_on and (
            quarter_of(plan.ends_on) != quarter_of(other.trial.starts_on)
        )
        if other.trial.name == plan.name:
            raise Refused("Der er allerede et forsøg med det navn.", field="name")
        if shares and not (apart or before or other.withdrawn):
            raise Refused("Et andet forsøg bruger enheden i samme kvartal.", field="starts_on")
