"""What the test for bias looked at beside what it tested, as facts: what tells a group, and its basis."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.audit import FEWEST
from service.workflow.documents.facts import Cell, Fact, Number, Unit, Window, said, table

LABELS = {
    "model.told": "Hvor godt en gruppe kan gættes",
    "model.basis": "Grundlaget for hver gruppe mod andre med samme behov",
}
GUESSES = {
    "told_by_inputs": "Af sagens oplysninger", "told_by_contributions": "Af forklaringen",
    "told_by_residuals": "Af forslagets afvigelser",
}  # fmt: skip
BASIS = {
    "fast_stoerste": "Samme vigtigste oplysning, når modellen tilpasses igen",
    "tier": "Modellen tier", "lighed": "Lighed med tidligere sager", "mangler": "Oplysninger, der mangler",
}  # fmt: skip
NONE = "Prøven har ingen gruppe, der er stor nok til at se efter."


def looked_at(audit: Mapping[str, Any], source: str, since: Window) -> tuple[Fact, ...]:
    """Both facts of a record; where no group was large enough, they say so."""
    told, basis = tuple(_told(audit["flips"])), tuple(_basis(audit["exploratory"]["measures"], since))
    heads = {"model.told": ("Kendetegn", *GUESSES.values()), "model.basis": ("Gruppe", *BASIS.values())}
    return tuple(
        table(key, LABELS[key], source, heads[key], rows, NONE)
        if rows
        else said(key, LABELS[key], source, NONE)
        for key, rows in (("model.told", told), ("model.basis", basis))
    )


def _told(flips: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    found = [{each["axis"]: each for each in flips[name]} for name in GUESSES]
    for each in flips["told_by_inputs"]:
        yield (each["label"], *(_guess(by_axis[each["axis"]]) for by_axis in found))


def _guess(told: Mapping[str, Any]) -> str:
    auc, else_ = (f"{100 * told[name]:.1f} %".replace(".", ",") for name in ("auc", "by_chance"))
    return f"{auc} af parrene; behov og tilfældet giver højst {else_}"


def _basis(measures: Any, since: Window) -> Iterator[tuple[Cell, ...]]:
    rows: dict[str, dict[str, Cell]] = {}
    for measure in measures:
        for axis in measure["by"] if measure["code"] in BASIS else ():
            for group in axis["groups"]:
                cells = rows.setdefault(f"{axis['label']}: {group['label']}", {})
                cells[measure["code"]] = _gap(group, since)
    return ((name, *(cells.get(code, "–") for code in BASIS)) for name, cells in rows.items())


def _gap(group: Mapping[str, Any], since: Window) -> Cell:
    gap = group["gap"]
    if group["n"] < FEWEST:
        return f"under {FEWEST} sager"
    if not gap:
        return "–"
    return Number(gap["gap"], since, group["n"], (gap["low"], gap["high"]), Unit.POINTS)
