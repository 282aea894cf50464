"""One number of each case for everything that may differ between groups."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from models.facts import values
from models.record import DecidedCase
from training.chance import Numbers
from training.fairness.panel import NOTHING, Panel, level_of
from training.fairness.primary import shortfall
from training.labelled import Levels

DAYS_ALLOWED = 7


@dataclass(frozen=True)
class Measure:
    """One number of each case (NaN: none), whose it is (S, E, D, O or the basis) and its name in Danish.

    `axis` is the one attribute it is told by; empty is all of them.
    """

    code: str
    about: str
    label: str
    values: Numbers
    axis: str = ""


def measures_of(panel: Panel) -> Iterator[Measure]:
    """What can be said of each case from what is in the records."""
    suggested, judged, decided = (_known(each) for each in (panel.suggested, panel.judged, panel.decided))
    yield Measure("niveau_S", "S", "Foreslået niveau, i trin", suggested)
    yield Measure("niveau_E", "E", "Eget skøn, i trin", judged)
    yield Measure("niveau_D", "D", "Besluttet niveau, i trin", decided)
    yield Measure("skift_S", "S", "Forslag mod eget skøn, i trin", suggested - judged)
    yield Measure("skift_D", "D", "Beslutning mod eget skøn, i trin", decided - judged)
    both = (panel.suggested != NOTHING) & (panel.judged != NOTHING)
    yield Measure("forskydning", "S", "Forslag under eget skøn, hvor for lidt tæller dobbelt",
                  np.where(both, shortfall(panel.suggested, panel.judged), np.nan))  # fmt: skip
    yield from _of_more_levels(panel)
    yield from _odds(panel, "E", panel.judged, "mennesker vurderede")
    yield from _odds(panel, "O", _held(panel), "der holdt")
    yield from _influence(panel, suggested, judged, decided)
    yield from _course(panel)
    yield Measure("mangler", "grundlag", "Andel oplysninger, der mangler", _missing(panel))
    for form in panel.area.forms:
        given = _of(panel, partial(_has_form, form.code))
        yield Measure(f"form_{form.code}", "D", f"Tilbudsform: {form.label.lower()}", given)


def _of_more_levels(panel: Panel) -> Iterator[Measure]:
    """What two levels cannot tell: the rate of each level, and suggestions that lie two levels too low."""
    if len(panel.area.levels) < 3:
        return
    for about, levels in (("S", panel.suggested), ("E", panel.judged), ("D", panel.decided)):
        for place, level in enumerate(panel.area.levels):
            yield Measure(f"andel_{level.code}_{about}", about, f"Andel {level.label.lower()}",
                          np.where(levels == NOTHING, np.nan, levels == place))  # fmt: skip
    far = np.where(panel.judged == NOTHING, np.nan, panel.suggested < panel.judged - 1)
    yield Measure("langt_under", "S", "Forslag mindst to trin under eget skøn", far)


def _odds(panel: Panel, against: str, truth: Levels, who: str) -> Iterator[Measure]:
    """Equalised odds of several classes: for each level, how often it was said when it was and was not so.

    Of two levels the first is the mirror of the second.
    """
    known = (panel.suggested != NOTHING) & (truth != NOTHING)
    for place, level in list(enumerate(panel.area.levels))[len(panel.area.levels) == 2 :]:
        said, so, label = (
            np.where(known, panel.suggested == place, np.nan),
            truth == place,
            f"Foreslået {level.label.lower()}",
        )
        yield Measure(f"ramt_{level.code}_{against}", "S", f"{label}, hvor det var det, {who}",
                      np.where(so, said, np.nan))  # fmt: skip
        yield Measure(f"falsk_{level.code}_{against}", "S", f"{label}, hvor det ikke var det, {who}",
                      np.where(so, np.nan, said))  # fmt: skip


def _held(panel: Panel) -> Levels:
    """The level that was decided and not changed within six weeks: the nearest to what was right."""
    held = [
        level_of(panel.area, case.final_level) if case.outcome.level_changed is False else NOTHING
        for case in panel.cases
    ]
    return np.array(held, dtype=np.int64)


def _influence(panel: Panel, suggested: Numbers, judged: Numbers, decided: Numbers) -> Iterator[Measure]:
    """What people do with what they are shown: changes toward it, and decisions above and below it."""
    reference = _of(panel, lambda case: _reference(panel, case))
    apart = np.isfinite(reference) & np.isfinite(decided) & (reference != judged)
    compared = np.isfinite(reference) & np.isfinite(decided)
    yield Measure("paavirkning", "D", "Skifter til det viste, når skønnet var et andet",
                  np.where(apart, (decided == reference).astype(float), np.nan))  # fmt: skip
    yield Measure("over_det_viste", "D", "Beslutter højere end det viste",
                  np.where(compared, (decided > reference).astype(float), np.nan))  # fmt: skip
    yield Measure("under_det_viste", "D", "Beslutter lavere end det viste",
                  np.where(compared, (decided < reference).astype(float), np.nan))  # fmt: skip
    yield Measure(
        "intet_grundlag",
        "S",
        "Intet grundlag, fordi beregningen tier",
        _of(panel, lambda c: float(c.withheld_reason == "abstained") if c.origin == "skoen" else None),
    )
    control = _of(panel, lambda c: 1.0 if c.arm == "control" else None)
    yield Measure(
        "kontrol_E", "E", "Eget skøn i kontrolgruppen, i trin", np.where(control == 1, judged, np.nan)
    )


def _reference(panel: Panel, case: DecidedCase) -> float | None:
    """The level she was shown most of, or None where nothing was shown."""
    place = level_of(panel.area, case.reference_level) if case.shown else NOTHING
    return None if place == NOTHING else float(place)


def _course(panel: Panel) -> Iterator[Measure]:
    """Process and outcome: where the real differences often lie."""

    def changed(case: DecidedCase) -> float | None:
        return None if case.outcome.level_changed is None else float(not case.outcome.level_changed)

    def started(case: DecidedCase) -> float | None:
        return None if case.outcome.started is None else float(case.outcome.started)

    def days(case: DecidedCase) -> float | None:
        return None if case.outcome.days_to_start is None else float(case.outcome.days_to_start)

    yield Measure("rigtigt_foerste_gang", "O", "Niveauet holdt", _of(panel, changed))
    yield Measure("begyndt", "O", "Forløbet begyndte", _of(panel, started))
    waited = _of(panel, days)
    yield Measure("dage_til_start", "O", "Dage til start", waited)
    yield Measure("over_fristen", "O", "Start efter mere end syv dage",
                  np.where(np.isfinite(waited), (waited > DAYS_ALLOWED).astype(float), np.nan))  # fmt: skip
    for status in panel.area.outcomes:
        went = _of(panel, partial(_went, status.code))
        yield Measure(f"forloeb_{status.code}", "O", f"Forløb: {status.label.lower()}", went)


def _went(code: str, case: DecidedCase) -> float | None:
    return None if case.outcome.status is None else float(case.outcome.status == code)


def _has_form(code: str, case: DecidedCase) -> float | None:
    return float(code in case.forms) if case.forms else None


def _known(levels: Any) -> Numbers:
    return np.where(levels == NOTHING, np.nan, levels.astype(np.float64))


def _of(panel: Panel, value: Callable[[DecidedCase], float | None]) -> Numbers:
    found = [value(case) for case in panel.cases]
    return np.array([np.nan if each is None else each for each in found], dtype=np.float64)


def _missing(panel: Panel) -> Numbers:
    asked = [question.name for question in panel.area.learned if not question.computed]
    known = [values(case.facts) for case in panel.cases]
    return np.array([sum(row[name] is None for name in asked) / max(len(asked), 1) for row in known])
