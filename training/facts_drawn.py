"""How the answers to one question come about: one mechanism for each sort of question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.declaration import Arrival, Question
from training.assumptions import Assumptions, AssumptionsRefused
from training.chance import Numbers, logistic, pick_rows, stream


@dataclass(frozen=True)
class Drawn:
    """What is known of each citizen before the facts are drawn."""

    group: tuple[str, ...]
    severity: Numbers
    frailty: Numbers
    arrivals: tuple[Arrival, ...]


Column = list[Any]
Columns = dict[str, Column]
Spec = Mapping[str, Any]


def draw_facts(assumed: Assumptions, people: Drawn, seed: int) -> Columns:
    """A column of true answers for each question that is not computed, in declared order.

    A fact may depend on other facts; a circle of dependencies raises AssumptionsRefused.
    """
    area = assumed.area
    waiting = [question for question in area.questions if not question.computed]
    columns: Columns = {}
    while waiting:
        ready = [q for q in waiting if _needs(assumed["facts"][q.name], area.by_name) <= columns.keys()]
        if not ready:
            names = ", ".join(question.name for question in waiting)
            raise AssumptionsRefused(f"{area.name}.toml: these facts wait for each other: {names}")
        for question in ready:
            spec = assumed["facts"][question.name]
            rng = stream(seed, f"fact {question.name}")
            columns[question.name] = MECHANISMS[spec["draw"]](
                _Asked(question, spec, assumed, people, columns), rng
            )
        waiting = [question for question in waiting if question.name not in columns]
    return {question.name: columns[question.name] for question in area.questions if not question.computed}


@dataclass(frozen=True)
class _Asked:
    question: Question
    spec: Spec
    assumed: Assumptions
    people: Drawn
    columns: Columns


def _needs(spec: Spec, questions: Mapping[str, Question]) -> set[str]:
    return {name for name in (*spec.get("loads", {}), *spec.get("given", {})) if name in questions}


def _score(asked: _Asked) -> Numbers:
    """The latent score behind an answer, without its own noise."""
    people, spec = asked.people, asked.spec
    latents = {"severity": people.severity, "frailty": people.frailty}
    score = np.zeros(len(people.group))
    for name, load in spec.get("loads", {}).items():
        score = score + load * (latents[name] if name in latents else _steps(asked, name))
    for name, offsets in spec.get("given", {}).items():
        column = people.group if name == "group" else asked.columns[name]
        score = score + np.array([offsets.get(answer, 0.0) for answer in column])
    return score


def _steps(asked: _Asked, name: str) -> Numbers:
    """An earlier answer as a number: its place among the codes, or the number itself."""
    codes = asked.assumed.area.by_name[name].code_values
    column = asked.columns[name]
    return np.array([codes.index(answer) if codes else float(answer) for answer in column], dtype=np.float64)


def _ordered(asked: _Asked, rng: np.random.Generator) -> Column:
    codes = asked.question.code_values
    cuts = asked.spec["cuts"]
    if len(cuts) != len(codes) - 1:
        raise AssumptionsRefused(
            f"facts.{asked.question.name}: {len(codes)} codes need {len(codes) - 1} cuts"
        )
    score = _score(asked) + asked.spec.get("spread", 0.7) * rng.standard_normal(len(asked.people.group))
    index = (score[:, None] > np.asarray(cuts)[None, :]).sum(axis=1)
    return [codes[i] for i in index]


def _choice(asked: _Asked, rng: np.random.Generator) -> Column:
    codes = asked.question.code_values
    by_group = {code: _shares(asked, code) for code in set(asked.people.group)}
    shares = np.array([[by_group[group].get(code, 0.0) for code in codes] for group in asked.people.group])
    return [codes[i] for i in pick_rows(rng, shares)]


def _shares(asked: _Asked, group: str) -> Mapping[str, float]:
    rule = asked.spec.get("by_group")
    if rule is None:
        shares: Mapping[str, float] = asked.spec["shares"]
        return shares
    facts = asked.assumed.groups[group]
    if "shares" in rule:
        named: Mapping[str, float] = facts[rule["shares"]]
        return named
    yes = facts[rule["share"]]
    return {rule["yes"]: yes, rule["no"]: 1.0 - yes}


def _set(asked: _Asked, rng: np.random.Generator) -> Column:
    chances = asked.spec["chances"]
    score = _score(asked)
    has = {code: rng.random(len(score)) < logistic(score + chances[code]) for code in chances}
    return [frozenset(code for code in chances if has[code][row]) for row in range(len(score))]


def _count(asked: _Asked, rng: np.random.Generator) -> Column:
    low, high = asked.question.low or 0, asked.question.high
    counts = low + rng.poisson(np.exp(np.clip(asked.spec["base"] + _score(asked), -8.0, 4.0)))
    return [int(count) if high is None else min(int(count), high) for count in counts]


def _share(asked: _Asked, rng: np.random.Generator) -> Column:
    noisy = _score(asked) + rng.standard_normal(len(asked.people.group))
    return [round(float(value), 2) for value in logistic(noisy)]


def _term(asked: _Asked, rng: np.random.Generator) -> Column:
    groups = asked.assumed.groups
    points = rng.random(len(asked.people.group))
    edges = {code: np.cumsum(list(spec["codes"].values())) for code, spec in groups.items()}
    terms = {code: tuple(spec["codes"]) for code, spec in groups.items()}
    return [
        terms[group][int(np.searchsorted(edges[group], point * edges[group][-1], side="right"))]
        for group, point in zip(asked.people.group, points, strict=True)
    ]


def _start(asked: _Asked, rng: np.random.Generator) -> Column:
    return [arrival.start_after for arrival in asked.people.arrivals]


MECHANISMS: dict[str, Callable[[_Asked, np.random.Generator], Column]] = {
    "ordered": _ordered,
    "choice": _choice,
    "set": _set,
    "count": _count,
    "share": _share,
    "term": _term,
    "start": _start,
}
