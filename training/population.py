"""The people of a municipality that does not exist, and the facts of their cases.

Each citizen has a group, an age, a latent severity and a latent frailty; the facts follow from these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from models.declaration import UNKNOWN, Arrival, Question
from training.assumptions import Assumptions
from training.chance import Indexes, Numbers, pick, pick_rows, stream
from training.facts_drawn import Drawn, draw_facts

Answers = dict[str, Any]


@dataclass(frozen=True)
class Population:
    """n citizens with one case each. `true` is what is so, `stated` what plan and records say of it."""

    group: tuple[str, ...]
    age_band: Indexes
    age: Indexes
    municipality: Indexes
    protected: tuple[dict[str, str], ...]
    severity: Numbers
    frailty: Numbers
    arrivals: tuple[Arrival, ...]
    true: tuple[Answers, ...]
    stated: tuple[Answers, ...]

    def __len__(self) -> int:
        """How many citizens there are."""
        return len(self.group)


def populate(assumed: Assumptions, received_on: tuple[date, ...], seed: int) -> Population:
    """One citizen for each day of receipt; the same arguments give the same people."""
    n = len(received_on)
    groups = assumed.groups
    codes = tuple(groups)
    which = pick(stream(seed, "group"), [groups[code]["share"] for code in codes], n)
    group = tuple(codes[i] for i in which)
    band = _age_bands(assumed, group, seed)
    age = _ages(assumed, band, seed)
    severity, frailty = _latents(assumed, group, band, seed)
    arrivals = _arrivals(assumed, group, severity, received_on, seed)
    drawn = draw_facts(assumed, Drawn(group, severity, frailty, arrivals), seed)
    true = _completed(assumed, drawn, arrivals)
    return Population(
        group=group,
        age_band=band,
        age=age,
        municipality=pick(stream(seed, "municipality"), assumed["municipalities"]["shares"], n),
        protected=_protected(assumed, band, seed),
        severity=severity,
        frailty=frailty,
        arrivals=arrivals,
        true=true,
        stated=_stated(assumed, drawn, seed),
    )


def _age_bands(assumed: Assumptions, group: tuple[str, ...], seed: int) -> Indexes:
    shares = np.asarray(assumed["people"]["age"]["shares"], dtype=np.float64)
    older = np.array([assumed.groups[code]["older"] for code in group])
    tilt = np.exp(older[:, None] * np.arange(len(shares))[None, :])
    # Nobody who is tilted towards old age is a child.
    tilt[:, 0] *= older < 0.2
    return pick_rows(stream(seed, "age band"), shares[None, :] * tilt)


def _ages(assumed: Assumptions, band: Indexes, seed: int) -> Indexes:
    years = np.asarray(assumed["people"]["age"]["years"])
    low, high = years[band, 0], years[band, 1]
    return np.asarray(low + np.floor(stream(seed, "age").random(len(band)) * (high - low + 1))).astype(
        np.int64
    )


def _latents(
    assumed: Assumptions, group: tuple[str, ...], band: Indexes, seed: int
) -> tuple[Numbers, Numbers]:
    people = assumed["people"]
    rng = stream(seed, "latents")
    by_group = np.array([assumed.groups[code]["severity"] for code in group])
    severity = by_group + np.asarray(people["age"]["severity"])[band]
    frailty = np.asarray(people["age"]["frailty"], dtype=np.float64)[band]
    severity = severity + people["severity_spread"] * rng.standard_normal(len(group))
    return severity, frailty + people["frailty_spread"] * rng.standard_normal(len(group))


def _arrivals(
    assumed: Assumptions, group: tuple[str, ...], severity: Numbers, received_on: tuple[date, ...], seed: int
) -> tuple[Arrival, ...]:
    calendar = assumed["calendar"]
    rng = stream(seed, "arrivals")
    chance = rng.random((len(group), 6))
    arrivals = []
    for row, code in enumerate(group):
        sent, late, outpatient, stay, deferred, until = chance[row]
        discharged = received_on[row] - timedelta(days=_days_underway(calendar, sent, late))
        days = (
            0
            if outpatient < assumed.groups[code]["outpatient"]
            else _stay(assumed, code, severity[row], stay)
        )
        start_after = None
        if deferred < calendar["deferred_start"]:
            low, high = calendar["deferred_days"]
            start_after = discharged + timedelta(days=int(low + until * (high - low)))
        arrivals.append(
            Arrival(received_on[row], discharged, start_after, discharged - timedelta(days=days), discharged)
        )
    return tuple(arrivals)


def _days_underway(calendar: Mapping[str, Any], sent: float, late: float) -> int:
    """Days from discharge to receipt; negative when the plan was sent ahead."""
    if sent < calendar["sent_early"]:
        return -1 - int(late * 3)
    if sent < calendar["sent_early"] + calendar["sent_at_once"]:
        return int(late < 0.5)
    return 2 + min(int(-calendar["late_days_mean"] * np.log(1 - late)), 50)


def _stay(assumed: Assumptions, group: str, severity: float, point: float) -> int:
    """Days in hospital: exponential around the group's mean, longer for the more severely ill."""
    mean = assumed.groups[group]["days"] * float(np.exp(0.25 * severity))
    return 1 + min(int(-mean * np.log(1 - point)), 110)


def _protected(assumed: Assumptions, band: Indexes, seed: int) -> tuple[dict[str, str], ...]:
    columns: dict[str, list[str]] = {}
    for name, shares in assumed["people"]["protected"].items():
        codes = [code for code in shares if code not in ("assumption", "source", "sources")]
        which = pick(stream(seed, f"protected {name}"), [shares[code] for code in codes], len(band))
        columns[name] = [codes[i] for i in which]
    age = assumed["people"]["age"]
    if age["question"]:
        columns[age["question"]] = [age["codes"][i] for i in band]
    return tuple({name: column[row] for name, column in columns.items()} for row in range(len(band)))


def _completed(
    assumed: Assumptions, drawn: dict[str, list[Any]], arrivals: tuple[Arrival, ...]
) -> tuple[Answers, ...]:
    rows = []
    for row, arrival in enumerate(arrivals):
        answers = {name: column[row] for name, column in drawn.items()}
        rows.append(answers | assumed.area.derive(answers, arrival))
    return tuple(rows)


def _stated(assumed: Assumptions, drawn: dict[str, list[Any]], seed: int) -> tuple[Answers, ...]:
    people = assumed["people"]
    n = len(next(iter(drawn.values())))
    thin = stream(seed, "thin plans").random(n) < people["thin_plans"]
    stated = {name: list(column) for name, column in drawn.items()}
    for name, column in stated.items():
        question: Question = assumed.area.by_name[name]
        missing = assumed["facts"][name]["missing"]
        factor = np.where(thin & question.read_from_text, people["thin_plan_factor"], 1.0)
        gone = stream(seed, f"missing {name}").random(n) < missing * factor
        for row in np.flatnonzero(gone):
            if column[row] is not None:
                column[row] = UNKNOWN
    return tuple({name: column[row] for name, column in stated.items()} for row in range(n))
