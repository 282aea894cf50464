"""The test for bias of the model in use, in Danish words and rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from models.artifact import ArtifactRefused
from models.audit import UNAVAILABLE, AuditRefused
from models.promotion import FAILED, PASSED, TOO_LITTLE, Verdict, status_of
from service.web.formatting import half_up
from service.web.governance.fairness_basis import Looked, looked_at
from service.workflow.model_in_use.admission import ActiveModel
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.statistics.shares import whole_percent


@dataclass(frozen=True)
class Group:
    """One group of citizens; `too_low`, `gap` and `detectable` are empty where it is too small."""

    attribute: str
    group: str
    n: str
    enough: bool
    words: str
    too_low: str = ""
    gap: str = ""
    detectable: str = ""


@dataclass(frozen=True)
class Fairness:
    """What was found, and what could not be seen. `alarms` are the findings; `missing` says what and why."""

    status: str
    passed: bool
    failed: bool
    consequence: str
    n: int
    window: tuple[date, date]
    groups: tuple[Group, ...]
    missing: tuple[tuple[str, str], ...]
    alarms: tuple[str, ...]
    doubts: tuple[str, ...]
    control: str
    looked: Looked
    record: str


def fairness_of(shelf: ModelShelf, active: ActiveModel | None) -> Fairness | None:
    """The test of the model in use; None where there is none, or it cannot be read."""
    if active is None:
        return None
    try:
        found = shelf.audit(active.version, active.manifest_hash)
        said = shelf.verdict(active.version, active.manifest_hash)
    except (AuditRefused, ArtifactRefused):
        return None
    return view_of(found.content, said, found.sha256)


def view_of(told: Any, said: Verdict, sha256: str) -> Fairness:
    """The view of a record and of what the gate says of it."""
    first, last = (date.fromisoformat(day) for day in told["window"])
    tested = [axis for axis in told["axes"] if axis["status"] != UNAVAILABLE]
    return Fairness(
        status=status_words(said.status),
        passed=said.status == PASSED,
        failed=said.status == FAILED,
        consequence=consequence(said.status),
        n=told["n"],
        window=(first, last),
        groups=tuple(_group(axis, group) for axis in tested for group in axis["groups"]),
        missing=tuple(
            (axis["label"], axis["reason"]) for axis in told["axes"] if axis["status"] == UNAVAILABLE
        ),
        alarms=tuple(each.words for each in said.findings),
        doubts=tuple(each.words for each in said.doubts),
        control=told["exploratory"]["control"]["words"],
        looked=looked_at(told),
        record=sha256,
    )


def status_words(status: str) -> str:
    """How a test turned out, as people read it."""
    return {
        PASSED: gettext("Bestået"),
        TOO_LITTLE: gettext("Utilstrækkeligt belyst"),
        FAILED: gettext("Ikke bestået"),
    }[status]


def consequence(status: str) -> str:
    """What follows of how it turned out."""
    return {
        PASSED: gettext("Intet taler imod, at modellen bliver brugt."),
        TOO_LITTLE: gettext("Med borgere vises kun overblikket, aldrig en overskrift."),
        FAILED: gettext(
            "Med borgere vises intet grundlag, medmindre en etisk beslutning siger andet i en periode."
        ),
    }[status]


def group_words(status: str) -> str:
    """How one group turned out."""
    return {
        "for_faa": gettext("for få til at sige noget"),
        "alene": gettext("ingen anden gruppe er stor nok"),
        "fund": gettext("beregningen ligger lavere"),
        "ligevaerdig": gettext("forskellen er under 10 procentpoint"),
        "intet_fund": gettext("ingen forskel fundet"),
    }[status]


def _group(axis: Any, group: Any) -> Group:
    status = status_of(axis, group)
    if not group["under_gap"]:
        n = gettext("under 20") if group["n"] < 20 else str(group["n"])
        return Group(axis["label"], group["label"], n, False, group_words(status))
    low, high = (whole_percent(each) for each in group["under"]["interval"])
    gap = group["under_gap"]
    return Group(
        axis["label"], group["label"], str(group["n"]), True, group_words(status),
        f"{half_up(group['under']['share'])} ({low}–{high})",
        gettext(
            "%(gap)s (%(low)s til %(high)s)", gap=_points(gap["gap"]), low=_points(gap["low"]),
            high=_points(gap["high"]),
        ),
        _points(gap["detectable"], sign=False),
    )  # fmt: skip


def _points(share: float, *, sign: bool = True) -> str:
    points = f"{100 * share:{'+' if sign else ''}.1f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")
    return points
