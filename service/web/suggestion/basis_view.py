"""What the basis fragment shows: a payload ordered, counted and drawn, so that the template only shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.declaration import Source
from service.web.danish import day_in_words, level_phrase, listed, of, percent, signed_percent
from service.web.drawing.marks import Bar, Row, bar, row_of_marks

HEADLINE = "forslag"
MODES = ("overblik", HEADLINE)
NEAREST = 3
UNLIKE_MOST = "Den mest lignende af de sager, der fik noget andet end de fleste."
UNLIKE_NEAREST = "Den mest lignende af de sager, der fik noget andet end den sag, der ligner mest."
"""What the counter-example is beside: most cases, or, when none are most, the nearest one."""
MOST_FACTORS = 5


@dataclass(frozen=True)
class LevelRow:
    """How many of the similar cases had one level, and how those went."""

    label: str
    count: str
    outcomes: str
    marks: Row


@dataclass(frozen=True)
class SimilarCase:
    """One similar case without identity: its course, and where it is like and unlike this one."""

    rank: int
    level: str
    outcome: str
    likenesses: str
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Practice:
    """One side of how similar cases were carried out, as counts of the same denominator."""

    label: str
    counts: str


@dataclass(frozen=True)
class Pull:
    """One piece of information and how it pulled the calculation."""

    fact: str
    sentence: str
    direction: str
    strength: str
    share: str
    interval: str
    bar: Bar


@dataclass(frozen=True)
class PullsToward:
    """What pulled toward one level; every level has such a list, an empty one too."""

    level: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class UsedFact:
    """One piece of information the calculation used, in words."""

    label: str
    value: str
    source: str


@dataclass(frozen=True)
class Basis:
    """All that the fragment shows."""

    headline: str | None
    flags: tuple[str, ...]
    count: int
    sentence: str
    nearness: str
    searched: str
    own: str
    spread: tuple[LevelRow, ...]
    nearest: tuple[SimilarCase, ...]
    counter_example: SimilarCase | None
    unlike: str
    others: tuple[SimilarCase, ...]
    practice: tuple[Practice, ...]
    contrast: str
    measured_from: str
    unsure: str
    order: str
    compared_with: str
    toward: str
    doubt: tuple[str, ...]
    pulls_by_level: tuple[PullsToward, ...]
    pulls: tuple[Pull, ...]
    facts: tuple[UsedFact, ...]
    not_used: str
    not_in_calculation: str
    missing: str
    unseen: str
    caveats: tuple[str, ...]
    model_version: str
    data_from: str
    data_to: str


def view_of(payload: Mapping[str, Any], mode: str) -> Basis:
    """The basis of a payload in a mode. Levels keep the declared order: the count never orders them."""
    if mode not in MODES:
        raise ValueError(f"no mode {mode!r}; there are {', '.join(MODES)}")
    similar, pulls = payload["similar"], payload["contributions"]
    counter = similar["counter_example"]
    cases = [case for case in similar["cases"] if counter is None or case["key"] != counter["key"]]
    window = [date.fromisoformat(day) for day in payload["data_window"]]
    return Basis(
        headline=payload["headline"] if mode == HEADLINE else None,
        flags=tuple(payload["flag_sentences"]),
        count=similar["count"],
        sentence=similar["sentence"],
        nearness=similar["nearness_sentence"],
        searched=similar["searched"]["sentence"],
        own=payload["own_sentence"],
        spread=_spread(payload),
        nearest=tuple(_case(case) for case in cases[:NEAREST]),
        counter_example=None if counter is None else _case(counter),
        unlike=UNLIKE_MOST if similar["reference_level"] else UNLIKE_NEAREST,
        others=tuple(_case(case) for case in cases[NEAREST:]),
        practice=_practice(similar),
        contrast=pulls["sentence"],
        measured_from=pulls["base_sentence"],
        unsure=pulls["unsure_sentence"],
        order=pulls["order_sentence"],
        compared_with=level_phrase(_level_label(payload, pulls["from_level"])),
        toward=level_phrase(_level_label(payload, pulls["to_level"])),
        doubt=_doubt(payload["uncertainty"], mode),
        pulls_by_level=_pulls_by_level(payload),
        pulls=_pulls(payload),
        facts=tuple(_used(fact) for fact in payload["facts"]),
        not_used=listed(payload.get("not_used", [])),
        not_in_calculation=listed(payload["not_in_calculation"]),
        missing=listed(payload["missing"]),
        unseen=listed(payload["unseen"]),
        caveats=tuple(payload["caveats"]),
        model_version=payload["model_version"],
        data_from=day_in_words(window[0]),
        data_to=day_in_words(window[1]),
    )


def _level_label(payload: Mapping[str, Any], code: str) -> str:
    return next(str(level["label"]) for level in payload["levels"] if level["code"] == code)


def _doubt(uncertainty: Mapping[str, Any], mode: str) -> tuple[str, ...]:
    """That several levels may fit is said in every mode; how often each was given, with a headline."""
    several = uncertainty["several_sentence"]
    counted = uncertainty["frequency_sentences"] if mode == HEADLINE else []
    return (*([several] if several else []), *counted)


def _spread(payload: Mapping[str, Any]) -> tuple[LevelRow, ...]:
    similar = payload["similar"]
    found = {entry["level"]: entry for entry in similar["spread"]}
    rows = []
    for place, level in enumerate(payload["levels"]):
        entry = found.get(level["code"], {"count": 0, "outcomes": []})
        outcomes = [
            f"{outcome['count']} {outcome['label'].lower()}"
            for outcome in entry["outcomes"]
            if outcome["count"]
        ]
        rows.append(
            LevelRow(
                label=level["label"],
                count=of(entry["count"], similar["count"]),
                outcomes=listed(outcomes),
                marks=row_of_marks(entry["count"], place),
            )
        )
    return tuple(rows)


def _case(case: Mapping[str, Any]) -> SimilarCase:
    outcome = case["outcome_label"] or "Ikke oplyst"
    if case["level_changed"]:
        outcome += ". Niveauet blev ændret undervejs"
    return SimilarCase(
        rank=case["rank"],
        level=case["level_label"],
        outcome=outcome,
        likenesses="; ".join(f"{like['label']}: {like['value']}" for like in case["likenesses"]),
        differences=tuple(
            f"{unlike['label']}: her {unlike['here']}, dér {unlike['there']}"
            for unlike in case["differences"]
        ),
    )


def _used(fact: Mapping[str, Any]) -> UsedFact:
    value = str(fact["value"]) if fact["known"] else "ikke oplyst"
    return UsedFact(label=fact["label"], value=value, source=Source(fact["source"]).label)


def _practice(similar: Mapping[str, Any]) -> tuple[Practice, ...]:
    sides = (("forms", "Form"), ("teams", "Team"), ("places", "Sted"))
    return tuple(Practice(label, _counts(similar, similar["practice"][side])) for side, label in sides)


def _counts(similar: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> str:
    counts = [f"{entry['label']} {of(entry['count'], similar['count'])}" for entry in entries]
    return " · ".join(counts) or "Ikke oplyst"


def _pulls(payload: Mapping[str, Any]) -> tuple[Pull, ...]:
    pulls = payload["contributions"]
    toward = level_phrase(_level_label(payload, pulls["to_level"]))
    items = pulls["items"][:MOST_FACTORS]
    longest = max((Decimal(item["share"]) for item in items), default=Decimal(0))
    rows = []
    for item in items:
        favours, share = item["toward"] == pulls["to_level"], Decimal(item["share"])
        rows.append(
            Pull(
                fact=f"{item['label']}: {item['value']}",
                sentence=item["sentence"],
                direction=_direction(item, toward, favours),
                strength=item["strength"],
                share=signed_percent(share if favours else -share),
                interval=_interval(item),
                bar=bar(share, longest, favours, f"{item['label']}: {percent(share)} af det samlede træk"),
            )
        )
    return tuple(rows)


def _direction(item: Mapping[str, Any], toward: str, favours: bool) -> str:
    if not item["certain"]:
        return "usikker"
    return f"for {toward}" if favours else f"imod {toward}"


def _interval(item: Mapping[str, Any]) -> str:
    """Where the pull may lie, as shares of all pull, as the share itself is told."""
    whole = abs(Decimal(item["log_odds"])) / Decimal(item["share"])
    low, high = (signed_percent(Decimal(end) / whole) for end in item["interval"])
    return low if low == high else f"{low} til {high}"


def _pulls_by_level(payload: Mapping[str, Any]) -> tuple[PullsToward, ...]:
    items = payload["contributions"]["items"][:MOST_FACTORS]
    return tuple(
        PullsToward(
            level=level_phrase(level["label"]),
            sentences=tuple(
                item["sentence"] for item in items if item["certain"] and item["toward"] == level["code"]
            ),
        )
        for level in payload["levels"]
    )
