"""What was looked at beside the test for bias: what tells a group, age, and the basis each group gets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from service.web.formatting import half_up

GUESSES = ("told_by_inputs", "told_by_contributions", "told_by_residuals")
BASIS = ("fast_stoerste", "fast_orden", "tier", "lighed", "mangler")
NONE = "–"
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """Rows of cells. `guessed` by attribute, `aged` by age group, `basis` by attribute and group."""

    guessed: tuple[Cells, ...]
    aged: tuple[Cells, ...]
    basis: tuple[Cells, ...]


def looked_at(told: Any) -> Looked:
    """The view of a record's exploratory part; each empty where the record has nothing of it."""
    return Looked(
        tuple(_guessed(told["flips"])),
        tuple(_aged(each) for each in told["flips"]["by_age"]),
        tuple(_basis(told["exploratory"]["measures"])),
    )


def _guessed(flips: Any) -> Iterator[Cells]:
    found = [{each["axis"]: each for each in flips[name]} for name in GUESSES]
    for each in flips[GUESSES[0]]:
        yield (each["label"], *(_guess(by_axis[each["axis"]]) for by_axis in found))


def _guess(told: Any) -> str:
    seen, else_ = half_up(told["auc"]), half_up(told["by_chance"])
    if told["auc"] > told["by_chance"]:
        return gettext("%(seen)s, mere end %(other)s", seen=seen, other=else_)
    return gettext("%(seen)s, ikke over %(other)s", seen=seen, other=else_)


def _aged(each: Any) -> Cells:
    gap, low, high = (_levels(each[name]) for name in ("gap", "low", "high"))
    moved = gettext("%(gap)s (%(low)s til %(high)s)", gap=gap, low=low, high=high)
    return each["from_label"], each["to_label"], str(each["n"]), moved


def _basis(measures: Any) -> Iterator[Cells]:
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for measure in measures:
        for axis in measure["by"] if measure["code"] in BASIS else ():
            for group in axis["groups"]:
                cells = rows.setdefault((axis["label"], group["label"]), {})
                cells[measure["code"]] = _mean(group)
    return ((*key, *(cells.get(code, NONE) for code in BASIS)) for key, cells in rows.items())


def _mean(group: Any) -> str:
    if group["mean"] is None:
        return NONE
    gap = group["gap"]
    if not gap or gap["low"] <= 0 <= gap["high"]:
        return half_up(group["mean"])
    side = gettext("over andre") if gap["low"] > 0 else gettext("under andre")
    return f"{half_up(group['mean'])}, {side}"


def _levels(gap: float) -> str:
    return f"{gap:+.2f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")
