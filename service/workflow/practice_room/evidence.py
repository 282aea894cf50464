"""The evidence of an exercise as a payload: the same parts as a model gives, so that the page is the same."""

from typing import Any

from models import areas, explanation
from models.answers import FactValue
from models.declaration import Area, Code
from models.messages import NOT_STATED, inner, listed, say
from service.workflow.practice_room.exercises import Exercise, Pull

NO_MODEL = "opdigtet"
"""Stands where a model version stands in real evidence."""
WINDOW = ["2022-01-01", "2025-12-31"]
FORMAT = 1
NOTHING_COUNTED: dict[str, Any] = {
    "frequencies": [], "plausible": [], "several_sentence": "", "frequency_sentences": [],
}  # fmt: skip
"""Invented evidence has no later cases to be held against."""


def payload_of(area_name: str, exercise: Exercise, own: str) -> dict[str, Any]:
    """What is shown after one's own judgement; nothing in it says whether anything is planted."""
    area = areas.get(area_name)
    own_level = own if own in area.level_codes else None
    reference = reference_level(area, exercise)
    return {
        "format": FORMAT,
        "area": area.name,
        "model_version": NO_MODEL,
        "manifest_hash": "",
        "data_window": WINDOW,
        "own_level": own_level,
        "levels": [{"code": level.code, "label": level.label} for level in area.levels],
        "facts": _facts(area, exercise),
        "abstained": [],
        "abstained_sentences": [],
        "flags": [],
        "flag_sentences": [],
        "similar": _similar(area, exercise, reference),
        "own_sentence": explanation.own_sentence(own_level, reference),
        "contributions": _pulls(area, exercise, own_level or reference),
        "uncertainty": NOTHING_COUNTED,
        "model_level": reference,
        "headline": None,
        "missing": [question.label for question in area.learned if _taken(exercise, question.name) is None],
        "unseen": [],
        "not_used": [],
        "not_in_calculation": list(area.not_known_to_model),
        "caveats": list(explanation.CAVEATS),
    }


def reference_level(area: Area, exercise: Exercise) -> str:
    """The most common level among the similar cases; of equals, the first in the area's order."""
    return max(area.level_codes, key=lambda level: exercise.spread.get(level, 0))


def _taken(exercise: Exercise, name: str) -> FactValue | None:
    """What the calculation took for a fact."""
    return exercise.evidence.get(name, exercise.case.get(name))


def _facts(area: Area, exercise: Exercise) -> list[dict[str, Any]]:
    return [
        {
            "name": question.name,
            "label": question.label,
            "value": say(question, _taken(exercise, question.name)),
            "known": _taken(exercise, question.name) is not None,
            "source": question.source.value,
        }
        for question in area.learned
    ]


def _similar(area: Area, exercise: Exercise, reference: str) -> dict[str, Any]:
    """Cases of the most common level first; the first of another is the counter-example."""
    common_first = sorted(area.level_codes, key=lambda level: level != reference)
    levels = [level for level in common_first for _ in range(exercise.spread.get(level, 0))]
    cases = [_case(area, exercise, rank, level) for rank, level in enumerate(levels, start=1)]
    other = next((case for case in cases if case["level"] != reference), None)
    return {
        "count": len(cases),
        "spread": [_level(area, exercise, level) for level in area.level_codes],
        "reference_level": reference,
        "reference_reason": None,
        "sentence": _spread_sentence(area, exercise),
        "nearness_sentence": _nearness(exercise),
        "searched": {"own": False, "municipalities": 1, "sentence": ""},
        "cases": cases,
        "counter_example": other,
        "practice": {
            "forms": _carried_out(area.forms, len(cases)),
            "teams": _carried_out(
                tuple(team for team in area.teams if team.code == exercise.team), len(cases)
            ),
            "places": _carried_out(area.places, len(cases)),
        },
    }


def _case(area: Area, exercise: Exercise, rank: int, level: str) -> dict[str, Any]:
    differences = exercise.differences[: 1 + (rank - 1) % 3]
    return {
        "rank": rank,
        "key": f"{rank:032x}",
        "level": level,
        "level_label": area.level_label(level),
        "outcome": area.outcomes[0].code,
        "outcome_label": area.outcomes[0].label,
        "level_changed": None,
        "similarity": f"{exercise.likeness}0000",
        "likenesses": [
            {"label": area.by_name[name].label, "value": _said(area, name, _taken(exercise, name))}
            for name in exercise.likenesses
        ],
        "differences": [
            {
                "label": area.by_name[name].label,
                "here": _said(area, name, _taken(exercise, name)),
                "there": _said(area, name, there),
            }
            for name, there in differences
        ],
    }


def _said(area: Area, name: str, value: FactValue | None) -> str:
    return NOT_STATED if value is None else say(area.by_name[name], value)


def _level(area: Area, exercise: Exercise, level: str) -> dict[str, Any]:
    count = exercise.spread.get(level, 0)
    done = area.outcomes[0]
    outcomes = [{"code": done.code, "label": done.label, "count": count}] if count else []
    return {"level": level, "label": area.level_label(level), "count": count, "outcomes": outcomes}


def _spread_sentence(area: Area, exercise: Exercise) -> str:
    """As `explanation.spread_sentence`, of counts alone."""
    total = sum(exercise.spread.values())
    said = [
        f"I {count} af {total} {{}}blev det {inner(area.level_label(level))}."
        for level in area.level_codes
        if (count := exercise.spread.get(level, 0))
    ]
    return " ".join(each.format("" if place else "lignende sager ") for place, each in enumerate(said))


def _carried_out(codes: tuple[Code, ...], cases: int) -> list[dict[str, Any]]:
    """How the invented cases were carried out: most by the first code, the rest by the second."""
    first = cases if len(codes) == 1 else cases * 3 // 4
    counts = zip(codes, (first, cases - first), strict=False)
    return [{"code": code.code, "label": code.label, "count": count} for code, count in counts if count]


def _nearness(exercise: Exercise) -> str:
    likeness = float(exercise.likeness)
    if likeness >= explanation.VERY_ALIKE:
        return "De lignende sager ligner denne sag meget."
    if likeness >= explanation.QUITE_ALIKE:
        return "De lignende sager ligner denne sag en del. Se på forskellene."
    return "De lignende sager ligner kun denne sag noget. Se især på forskellene."


def _pulls(area: Area, exercise: Exercise, from_level: str) -> dict[str, Any]:
    to_level = next(level for level in area.level_codes if level != from_level)
    here, there = (inner(area.level_label(level)) for level in (from_level, to_level))
    toward = [pull.question for pull in exercise.pulls if pull.toward == to_level][:2]
    named = [
        f"{inner(area.by_name[name].label)} ({_said(area, name, _taken(exercise, name))})" for name in toward
    ]
    contrast = (
        f"Sammenlignet med {here} er det især {listed(named, 'og')}, der trækker mod {there}."
        if named
        else f"Sammenlignet med {here} er der ingen oplysninger, som trækker tydeligt mod {there}."
    )
    return {
        "from_level": from_level,
        "to_level": to_level,
        "base": "0.000000",
        "score": "0.000000",
        "background": 0,
        "sentence": contrast,
        "base_sentence": "",
        "unsure_sentence": "",
        "order_sentence": "",
        "items": [
            _item(area, exercise, pull, to_level) | {"rank": rank}
            for rank, pull in enumerate(exercise.pulls, start=1)
        ],
        "rest": "0.000000",
    }


def _item(area: Area, exercise: Exercise, pull: Pull, to_level: str) -> dict[str, Any]:
    question = area.by_name[pull.question]
    value = _said(area, pull.question, _taken(exercise, pull.question))
    sentence = f"{question.label}: {value}. Den oplysning trak beregningen {pull.strength} mod"
    log_odds = pull.share if pull.toward == to_level else f"-{pull.share}"
    return {
        "question": question.name,
        "label": question.label,
        "value": value,
        "log_odds": log_odds,
        "interval": [log_odds, log_odds],
        "certain": True,
        "together_with": None,
        "share": pull.share,
        "strength": pull.strength,
        "toward": pull.toward,
        "sentence": f"{sentence} {inner(area.level_label(pull.toward))}.",
    }
