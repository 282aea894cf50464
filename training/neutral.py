"""Neutral assumptions for an area without a file of its own, built from its declaration alone.

Answers follow one latent severity, every question weighs the same, nothing is known about the citizens.
Good enough to see a new area work from end to end; say nothing about any real municipality.
"""

from typing import Any

from models.declaration import Area, Kind, Question, Source, questions_of

MISSING_IN_TEXT = 0.06
MISSING_ELSEWHERE = 0.02
CALENDAR = {
    "years": 4, "quarter_days": 92, "inbox_days": 6, "referrals_per_history": 0.07,
    "inbox_per_history": 0.006, "reports_per_history": 0.0, "busy_season": 1.0, "sent_at_once": 0.8,
    "sent_early": 0.0,
    "late_days_mean": 5.0, "deferred_start": 0.05, "deferred_days": [7, 42], "decision_days_mean": 1.5,
    "other_plan_type": "", "other_plan_type_in_inbox": 0,
}  # fmt: skip
MUNICIPALITIES = {
    "codes": ["0999"], "names": ["Fjordby Kommune"], "towns": ["Fjordby"], "shares": [1.0],
    "threshold": [0.0], "units": [["Træning Nord"]],
}  # fmt: skip
PRACTICE = {
    "robot": 0.05, "unknown_author": 0.03, "never_started": 0.2, "never_started_in_need": 0.0,
    "interrupted": 0.1, "changed_when_met": 0.03, "changed_when_too_low": 0.3, "changed_when_too_high": 0.1,
    "weeks": [4, 12], "contacts_per_week": [1, 2], "days_to_start_median": 6.0, "days_to_start_spread": 0.25,
}  # fmt: skip


def neutral_numbers(area: Area) -> dict[str, Any]:
    """Every section of assumptions, as if it had been read from a file."""
    steps = {q.name: 1.0 / _steps(q) for q in area.learned if q.kind in (Kind.SCALE, Kind.COUNT, Kind.SHARE)}
    codes = {q.name: _spread(q) for q in area.learned if q.kind in (Kind.CHOICE, Kind.SET)}
    return {
        "calendar": CALENDAR,
        "municipalities": MUNICIPALITIES,
        "people": _people(area),
        "groups": {"alle": _group()},
        "facts": {q.name: neutral_fact(q) for q in area.questions if not q.computed},
        "prefilled": {"share": 1.0, "usually": [], "seldom": []},
        "need": {"per_step": steps, "codes": codes, "together": []},
        "practice": PRACTICE | {"forms": {}, "places": {}, "teams": {}, "outcomes": _outcomes(area)},
        "reports": {},
    }


def neutral_fact(question: Question) -> dict[str, Any]:
    """How answers to one question come about when nothing is known about it."""
    missing = MISSING_IN_TEXT if question.source is Source.PLAN_TEXT else MISSING_ELSEWHERE
    steps = _steps(question)
    by_kind: dict[Kind, dict[str, Any]] = {
        Kind.CHOICE: {"draw": "choice", "shares": dict.fromkeys(question.code_values, 1.0)},
        Kind.SCALE: {"draw": "ordered", "loads": {"severity": 1.0}, "cuts": _cuts(steps)},
        Kind.COUNT: {"draw": "count", "base": 0.5, "loads": {"severity": 0.3}},
        Kind.SHARE: {"draw": "share", "loads": {"severity": 0.7}},
        Kind.SET: {
            "draw": "set",
            "chances": dict.fromkeys(question.code_values, -1.5),
            "loads": {"severity": 0.3},
        },
        Kind.DATE: {"draw": "start"},
        Kind.TERM: {"draw": "term"},
    }
    return by_kind[question.kind] | {"missing": missing}


def neutral_words(area: Area) -> dict[str, Any]:
    """No phrases: each section of a plan then states the facts with their labels."""
    return {"sections": {section.code: [] for section in area.plan_sections}}


def _steps(question: Question) -> int:
    if question.codes:
        return max(len(question.codes) - 1, 1)
    if question.kind is Kind.COUNT and question.low is not None and question.high is not None:
        return max(min(question.high - question.low, 6), 1)
    return 1


def _cuts(steps: int) -> list[float]:
    return [-1.0 + 2.4 * step / max(steps - 1, 1) for step in range(steps)] if steps > 1 else [0.4]


def _spread(question: Question) -> dict[str, float]:
    """Weights from -0.5 to 0.5 over the codes, in declared order."""
    last = max(len(question.codes) - 1, 1)
    return {code: round(index / last - 0.5, 6) for index, code in enumerate(question.code_values)}


def _people(area: Area) -> dict[str, Any]:
    levels = len(area.levels)
    return {
        "severity_spread": 1.0, "frailty_spread": 1.0, "visitators": 8, "visitator_threshold_spread": 0.3,
        "disagreement": 0.12, "level_shares": [1.0 / levels] * levels, "unseen_share": 0.1, "thin_plans": 0.1,
        "thin_plan_factor": 3.0,
        "age": {"question": "", "codes": ["voksen"], "shares": [1.0], "years": [[18, 90]], "severity": [0.0],
                "frailty": [0.0]},
        "protected": {question: dict.fromkeys(codes, 1.0) for question, codes in _protected(area).items()},
    }  # fmt: skip


def _protected(area: Area) -> dict[str, tuple[str, ...]]:
    if area.protected is None:
        return {}
    return {question.name: question.code_values for question in questions_of(area.protected)}


def _outcomes(area: Area) -> dict[str, str]:
    """The declared outcomes by the part they play, in declared order."""
    parts = ("completed", "interrupted", "never_started", "under_way")
    return dict(zip(parts, (code.code for code in area.outcomes), strict=False))


def _group() -> dict[str, Any]:
    return {
        "share": 1.0, "severity": 0.0, "older": 0.0, "outpatient": 0.5, "days": 4.0,
        "codes": {"DX101": 2, "DX102": 1, "DX103": 1},
    }  # fmt: skip
