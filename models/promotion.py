"""The promotion gate: what the numbers of a fairness audit and of an evaluation let a version do.

Pure and without a way round: the same numbers always have the same answer. A finding refuses; a doubt lets
the version show the overview and be computed in shadow, and no headline. Each says what would let it pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.audit import (
    ALPHA,
    CALIBRATION,
    FEWEST,
    FEWEST_FOR_CALIBRATION,
    KAPPA_MARGIN,
    LOSS_MARGIN,
    MATERIAL_LOWER,
    MATERIAL_UNDER,
    UNAVAILABLE,
)
from models.by_proxy import by_proxy
from models.given_away import given_away
from models.labels import OLDER_PRACTICE
from models.measured import finite, points, surely_above

PASSED = "bestaaet"
TOO_LITTLE = "utilstraekkeligt_belyst"
FAILED = "ikke_bestaaet"
STATUS = {PASSED: "bestået", TOO_LITTLE: "utilstrækkeligt belyst", FAILED: "ikke bestået"}

NEVER = frozenset({"legacy_robot", "unknown", "control_arm"})
"""Sources that nothing may be learned from."""
LEAST_AFTER_CHANGE = 300
"""Whole cases of the new practice, below which a model is of the old one."""
OBJECTS = frozenset({"S", "E", "D", "O"})
"""Suggestion, own judgement, decision and outcome: a record without one of them says nothing."""

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One thing against a version: a code, what was found, and what would make it pass, both in Danish."""

    code: str
    words: str
    cure: str

    def __str__(self) -> str:
        """Both, as one reads them."""
        return f"{self.words} {self.cure}"


@dataclass(frozen=True)
class Verdict:
    """What the gate says: findings refuse, doubts allow the overview and shadow alone."""

    findings: tuple[Found, ...]
    doubts: tuple[Found, ...]

    @property
    def status(self) -> str:
        """One of STATUS."""
        if self.findings:
            return FAILED
        return TOO_LITTLE if self.doubts else PASSED


def verdict(audit: Told, evaluation: Told) -> Verdict:
    """What a record (`models.audit`) and an artifact's evaluation say together.

    Numbers that are missing or cannot be read are a finding, for then nobody knows.
    """
    try:
        of_record = (
            *_objects(audit),
            *_groups(audit),
            *_proxies(audit),
            *_axes(audit),
            *_whole(audit),
        )
        findings = (*of_record, *_model(evaluation))
        doubts = (*_equivalence(audit), *_doubtful_calibration(audit))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        unread = Found(
            "tal", "Prøvens eller evalueringens tal kan ikke læses.", "Træn og prøv versionen igen."
        )
        return Verdict((unread,), ())
    return Verdict(findings, doubts)


def is_finding(axis: Told, group: Told) -> bool:
    """Whether suggestions lie lower for a group: shown by the test, and large enough to matter."""
    if axis["status"] == UNAVAILABLE or group["n"] < FEWEST or not finite(axis["p_adjusted"]) < ALPHA:
        return False
    limits = (("under_gap", MATERIAL_UNDER), ("lower_gap", MATERIAL_LOWER))
    return any(group[gap] and finite(group[gap]["shrunk_low"]) > limit for gap, limit in limits)


def status_of(axis: Told, group: Told) -> str:
    """How one group reads: `for_faa`, `alene`, `fund`, `ligevaerdig` (shown to be alike) or `intet_fund`.

    A group is alone where no other is large enough, or none shares a need with it.
    """
    if group["n"] < FEWEST:
        return "for_faa"
    if not group["under_gap"]:
        return "alene"
    if is_finding(axis, group):
        return "fund"
    return "ligevaerdig" if group["equivalent"] else "intet_fund"


def _objects(audit: Told) -> Iterator[Found]:
    missing = sorted(OBJECTS - {each["code"] for each in audit["objects"]})
    if missing:
        yield Found("tal", f"Prøven mangler {', '.join(missing)}.", "Kør skoen model audit igen.")


def _groups(audit: Told) -> Iterator[Found]:
    tests = 2 * sum(bool(group["worse_than_active"]) for axis in audit["axes"] for group in axis["groups"])
    for axis in audit["axes"]:
        for group in axis["groups"]:
            name = f"{axis['label']}: {group['label']}"
            if is_finding(axis, group):
                yield Found(
                    "gruppe",
                    f"Beregningen ligger lavere end det faglige skøn for {name}"
                    f" end for andre med samme behov ({points(group['under_gap']['gap'])} procentpoint).",
                    "Find årsagen, ret den, og træn igen, til forskellen er under 5 procentpoint.",
                )
            yield from _group_quality(name, group, tests)


def _group_quality(name: str, group: Told, tests: int) -> Iterator[Found]:
    """A group may not lose to no model, nor surely to the one in use: the worst of all is looked for."""
    if group["n"] >= FEWEST and group["better_than_prior"]:
        kappa = group["kappa"]
        if finite(group["better_than_prior"]["high"]) < 0 or (kappa and finite(kappa["high"]) < 0):
            yield Found(
                "gruppetab",
                f"For {name} er beregningen dårligere end blot at kende andelen af hvert niveau.",
                "Skaf flere sager fra gruppen, eller træn en enklere model.",
            )
        active, behind = group["worse_than_active"], group["kappa_behind"]
        beyond = ((active, LOSS_MARGIN), (behind, KAPPA_MARGIN))
        if any(told and surely_above(told, margin, tests, ALPHA) for told, margin in beyond):
            yield Found(
                "gruppetab",
                f"For {name} er beregningen dårligere end den, der er i brug.",
                "Træn på flere sager fra gruppen, eller behold den, der er i brug.",
            )
    if _is_off(group, certainly=True):
        yield _miscalibrated(name, group)


def _is_off(group: Told, *, certainly: bool) -> bool:
    """Whether shares lie beyond 0.05 from what people judged: with the interval, or the point alone."""
    found = group["calibration"]
    if not found or group["n"] < FEWEST_FOR_CALIBRATION:
        return False
    if certainly:
        return bool(finite(found["low"]) > CALIBRATION or finite(found["high"]) < -CALIBRATION)
    return abs(finite(found["gap"])) > CALIBRATION


def _miscalibrated(name: str, group: Told) -> Found:
    gap = group["calibration"]["gap"]
    way = "over" if gap > 0 else "under"
    return Found(
        "kalibrering",
        f"For {name} ligger beregningens andele {points(abs(gap))} procentpoint {way} det,"
        " mennesker vurderede.",
        "Kalibrér modellen, til afstanden er højst 5 procentpoint.",
    )


def _whole(audit: Told) -> Iterator[Found]:
    """All cases together."""
    overall = audit["overall"]
    if _is_off(overall, certainly=True):
        yield _miscalibrated("alle sager", overall)
    error = overall["calibration_error"]
    if finite(error["value"]) > max(CALIBRATION, finite(error["by_chance"])):
        yield Found(
            "kalibrering",
            f"Beregningens andele ligger i gennemsnit {points(error['value'])} procentpoint fra det,"
            " mennesker vurderede.",
            "Kalibrér modellen, til afstanden er højst 5 procentpoint.",
        )


def _proxies(audit: Told) -> Iterator[Found]:
    return (Found(*each) for each in by_proxy(audit["flips"]))


def _axes(audit: Told) -> Iterator[Found]:
    if not audit["axes"]:
        yield Found("akse", "Ingen beskyttet oplysning er prøvet.", "Kør prøven med kommunens hvælving.")
    for axis in audit["axes"]:
        if axis["status"] == UNAVAILABLE and not str(axis["reason"] or "").strip():
            yield Found(
                "akse",
                f"{axis['label']} er ikke til rådighed, og der står ikke hvorfor.",
                f"Læg oplysningen i hvælvingen, eller skriv hvorfor: --without {axis['name']}=GRUND.",
            )


def _equivalence(audit: Told) -> Iterator[Found]:
    cure = "Saml flere sager fra grupperne, og prøv igen."
    for axis in audit["axes"]:
        if not axis["large"]:
            continue
        if axis["status"] == UNAVAILABLE:
            yield Found("ligevaerd", f"{axis['label']} er ikke til rådighed.", cure)
            continue
        lacking = [group["label"] for group in axis["groups"] if status_of(axis, group) != "ligevaerdig"]
        if lacking:
            yield Found(
                "ligevaerd",
                f"{axis['label']}: det er ikke vist, at forskellen er under 10 procentpoint for"
                f" {', '.join(lacking)}.",
                cure,
            )


def _doubtful_calibration(audit: Told) -> Iterator[Found]:
    named = [("alle sager", audit["overall"])]
    named += [(f"{a['label']}: {g['label']}", g) for a in audit["axes"] for g in a["groups"]]
    for name, group in named:
        if _is_off(group, certainly=False) and not _is_off(group, certainly=True):
            yield Found(
                "kalibrering",
                f"For {name} kan beregningens andele ligge mere end 5 procentpoint forkert.",
                "Saml flere sager, og prøv igen.",
            )


def _model(evaluation: Told) -> Iterator[Found]:
    """The baselines and the origin of the labels, as the evaluation in the artifact has them."""
    chosen = evaluation["chosen"]
    better = chosen["better_than_prior"]
    if finite(better["value"]) < -finite(better["standard_error"]):
        yield Found(
            "grundlinje",
            "Modellen er dårligere end blot at kende andelen af hvert niveau.",
            "Skaf flere sager med kendte oplysninger, og træn igen.",
        )
    behind = {each["name"]: each["behind_best"] for each in evaluation["candidates"]}[chosen["name"]]
    if finite(behind["value"]) > finite(behind["standard_error"]):
        yield Found(
            "grundlinje",
            "En enklere eller anden model, der også blev prøvet, er klart bedre.",
            "Vælg den bedste kandidat, eller den enkleste inden for én standardfejl af den.",
        )
    yield from _labels(evaluation)
    yield from (Found("privatliv", *each) for each in given_away(evaluation.get("privacy")))


def _labels(evaluation: Told) -> Iterator[Found]:
    sources, rules = evaluation.get("label_sources"), evaluation.get("label_rules")
    cure = "Giv hver sag sin kilde (label_source), og træn igen."
    if not sources or not rules:
        yield Found("oprindelse", "Det står ikke, hvor modellens eksempler kommer fra.", cure)
        return
    if sum(sources.values()) != sum(rules.values()):
        yield Found("oprindelse", "Ikke alle modellens eksempler har en kendt kilde.", cure)
    weights = evaluation["label_weights"]
    never = [row["source"] for row in weights["sources"] if row["source"] in NEVER and row["learned_from"]]
    if never:
        yield Found(
            "oprindelse",
            f"Modellen har lært af eksempler, den ikke må lære af: {', '.join(never)}.",
            "Tag dem ud, og træn igen.",
        )
    if rules.get(OLDER_PRACTICE) and finite(weights["whole_cases"]) < LEAST_AFTER_CHANGE:
        yield Found(
            "praksisskift",
            f"Praksis er ændret, og der er kun eksempler svarende til {weights['whole_cases']:.0f} sager"
            " fra den nye.",
            f"Vent, til der er {LEAST_AFTER_CHANGE}, og træn igen.",
        )
