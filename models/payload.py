"""The evidence for one case, and the JSON of it that is stored and shown: numbers as text, codes with labels.

When the evidence abstains, the payload says why and holds nothing about levels, similar cases or pull.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models import explanation
from models.answers import FactValue
from models.artifact import Artifact
from models.contributions import Contribution, Contributions
from models.declaration import Area, Code, Question, Source, label_in
from models.messages import NOT_STATED, say
from models.neighbourhood import Neighbourhood
from models.reference import EVERYONE, Wanted
from models.similar_case import Part, SimilarCase
from models.uncertainty import Doubt

FORMAT = 1


@dataclass(frozen=True)
class Evidence:
    """What can be said about one case. When `abstained` holds a reason, nothing is said about levels.

    `model_level` is the calculation's own; `unseen` are questions whose answer was never seen in training.
    """

    artifact: Artifact
    values: Mapping[str, FactValue | None]
    sources: Mapping[str, Source]
    own_level: str | None
    abstained: tuple[str, ...]
    flags: tuple[str, ...]
    similar: Neighbourhood | None
    contributions: Contributions | None
    model_level: str | None
    missing: tuple[Question, ...]
    unseen: tuple[str, ...]
    wanted: Wanted = EVERYONE
    doubt: Doubt = field(default_factory=Doubt)

    @property
    def reference_level(self) -> str | None:
        """R, frozen in the row that says what was shown; None on a tie and on abstention."""
        return None if self.similar is None or self.abstained else self.similar.reference_level

    def payload(self) -> dict[str, Any]:
        """Exactly what is stored, and what the page is rendered from: plain JSON."""
        return _payload(self)


def _payload(evidence: Evidence) -> dict[str, Any]:
    """The payload of one answer."""
    area, manifest = evidence.artifact.area, evidence.artifact.manifest
    return {
        "format": FORMAT,
        "area": area.name,
        "model_version": manifest.version,
        "manifest_hash": evidence.artifact.manifest_hash,
        "data_window": [day.isoformat() for day in manifest.data_window],
        "own_level": evidence.own_level,
        "levels": _labelled(area.levels),
        "facts": _facts(evidence),
        "abstained": list(evidence.abstained),
        "abstained_sentences": [
            explanation.abstention_sentence(reason, evidence.similar) for reason in evidence.abstained
        ],
        "flags": list(evidence.flags),
        "flag_sentences": [explanation.FLAGS[flag] for flag in evidence.flags],
        "similar": _similar(area, evidence),
        "own_sentence": explanation.own_sentence(evidence.own_level, evidence.reference_level),
        "contributions": _contributions(area, evidence),
        "uncertainty": _uncertainty(area, evidence.doubt),
        "model_level": evidence.model_level,
        "headline": None
        if evidence.model_level is None
        else explanation.headline(
            area, evidence.reference_level, evidence.model_level, evidence.flags, evidence.doubt.plausible
        ),
        "missing": [question.label for question in evidence.missing],
        "unseen": [area.by_name[name].label for name in evidence.unseen],
        "not_used": [question.label for question in evidence.artifact.codebook.left_out],
        "not_in_calculation": list(area.not_known_to_model),
        "caveats": list(explanation.CAVEATS),
    }


def decimal(number: float) -> str:
    """A number as text with six decimals; there is no minus zero."""
    text = f"{number:.6f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _labelled(codes: Iterable[Code]) -> list[dict[str, str]]:
    return [{"code": code.code, "label": code.label} for code in codes]


def _facts(evidence: Evidence) -> list[dict[str, Any]]:
    """The facts the answer rests on, those the version uses, in declared order."""
    return [
        {
            "name": question.name,
            "label": question.label,
            "value": say(question, evidence.values.get(question.name)),
            "known": evidence.values.get(question.name) is not None,
            "source": evidence.sources.get(question.name, question.source).value,
        }
        for question in evidence.artifact.codebook.questions
    ]


def _similar(area: Area, evidence: Evidence) -> dict[str, Any] | None:
    similar = evidence.similar
    if similar is None or evidence.abstained:
        return None
    return {
        "count": similar.count,
        "spread": [_level(area, similar, level) for level in area.level_codes],
        "reference_level": similar.reference_level,
        "reference_reason": similar.reference_reason,
        "sentence": explanation.spread_sentence(area, similar),
        "nearness_sentence": explanation.nearness_sentence(similar),
        "searched": _searched(evidence),
        "cases": [_case(area, case) for case in similar.cases],
        "counter_example": None if similar.counter_example is None else _case(area, similar.counter_example),
        "practice": {
            "forms": _counted(area.forms, similar.forms),
            "teams": _counted(area.teams, similar.teams),
            "places": _counted(area.places, similar.places),
        },
    }


def _searched(evidence: Evidence) -> dict[str, Any]:
    """Whose cases were looked through: those of how many municipalities, or the case's own alone."""
    among = len(evidence.artifact.reference.municipalities)
    own = evidence.wanted.municipality is not None
    return {"own": own, "municipalities": among, "sentence": explanation.searched_sentence(among, own)}


def _level(area: Area, similar: Neighbourhood, level: str) -> dict[str, Any]:
    outcomes = [case.outcome for case in similar.cases if case.level == level]
    counts = [(code.code, outcomes.count(code.code)) for code in area.outcomes]
    return {
        "level": level,
        "label": area.level_label(level),
        "count": similar.by_level[level],
        "outcomes": _counted(area.outcomes, counts),
    }


def _counted(codes: tuple[Code, ...], counts: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Codes that occur, with their counts, in declared order: never ordered by what is most common."""
    count_of = dict(counts)
    return [
        {"code": code.code, "label": code.label, "count": count_of[code.code]}
        for code in codes
        if count_of.get(code.code)
    ]


def _case(area: Area, case: SimilarCase) -> dict[str, Any]:
    return {
        "rank": case.rank,
        "key": case.key,
        "level": case.level,
        "level_label": area.level_label(case.level),
        "outcome": case.outcome,
        "outcome_label": NOT_STATED if case.outcome is None else label_in(area.outcomes, case.outcome),
        "level_changed": case.level_changed,
        "similarity": decimal(case.similarity),
        "likenesses": [{"label": part.label, "value": part.here} for part in case.likenesses],
        "differences": [_difference(part) for part in case.differences],
    }


def _difference(part: Part) -> dict[str, str]:
    return {"label": part.label, "here": part.here, "there": part.there}


def _contributions(area: Area, evidence: Evidence) -> dict[str, Any] | None:
    pull = evidence.contributions
    if pull is None:
        return None
    return {
        "from_level": pull.from_level,
        "to_level": pull.to_level,
        "base": decimal(pull.base),
        "score": decimal(pull.score),
        "background": len(evidence.artifact.background),
        "sentence": explanation.contrast_sentence(area, pull),
        "base_sentence": explanation.base_sentence(area, pull, len(evidence.artifact.background)),
        "unsure_sentence": explanation.unsure_sentence(pull),
        "order_sentence": explanation.order_sentence(pull),
        "items": [_item(area, item) for item in pull.items],
        "rest": decimal(pull.rest),
    }


def _uncertainty(area: Area, doubt: Doubt) -> dict[str, Any]:
    """How far the calculation can tell the levels apart; levels in the area's order, never by size."""
    return {
        "frequencies": [vars(each) for each in doubt.frequencies],
        "plausible": list(doubt.plausible),
        "several_sentence": explanation.several_sentence(area, doubt),
        "frequency_sentences": explanation.frequency_sentences(area, doubt),
    }


def _item(area: Area, item: Contribution) -> dict[str, Any]:
    return {
        "question": item.question.name,
        "label": item.question.label,
        "value": item.value,
        "log_odds": decimal(item.log_odds),
        "share": decimal(item.share),
        "strength": item.strength,
        "toward": item.toward,
        "rank": item.rank,
        "interval": [decimal(end) for end in item.interval],
        "certain": item.certain,
        "together_with": None if item.with_question is None else item.with_question.name,
        "sentence": explanation.pull_sentence(area, item),
    }
