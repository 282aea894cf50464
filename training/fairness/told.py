"""A record in words and rows, for the command line, the report and the register."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.audit import FEWEST, UNAVAILABLE
from models.promotion import status_of

GROUP_STATUS = {
    "for_faa": "for få til at sige noget",
    "alene": "ingen anden gruppe er stor nok",
    "fund": "fund",
    "ligevaerdig": "vist under 10 procentpoint",
    "intet_fund": "intet fund",
}
HEAD = (
    "Oplysning", "Gruppe", "Sager", "For lavt", "Forskel i procentpoint (90 %)", "Kunne findes", "Svar"
)  # fmt: skip
"""A difference is to others with the same need; one of the size in "Kunne findes" would have been found."""
TELLING = {
    "told_by_inputs": "Sagens oplysninger",
    "told_by_contributions": "Forklaringen",
    "told_by_residuals": "Forslagets afvigelser",
}
TOLD_HEAD = ("Oplysning", *TELLING.values())
PROXY_HEAD = ("Oplysning", "Siger mest om den", "Gætter rigtigt", "Ændrer forslaget", "Fagligt kriterium")
AGE_HEAD = ("Fra", "Til", "Sager", "Flytter forslaget, i niveauer (90 %)")
BASIS = {
    "fast_stoerste": "Samme vigtigste",
    "fast_orden": "Samme rækkefølge",
    "tier": "Modellen tier",
    "lighed": "Lighed med tidligere",
    "mangler": "Mangler",
}
"""Of the measures looked at, those that tell how good a basis each group gets."""
BASIS_HEAD = ("Oplysning", "Gruppe", *BASIS.values())
SEEN_HEAD = ("Mål", "Om", "Sager", "Grupper, hvor 90 %-intervallet ikke rummer nul")
ABOUT = {"S": "forslag", "E": "eget skøn", "D": "beslutning", "O": "resultat", "grundlag": "grundlag"}
NONE = "–"


def rows_of(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """One row for each group of each attribute, as in HEAD; an attribute that is missing says why."""
    return [row for axis in record["axes"] for row in _rows(axis)]


def _rows(axis: dict[str, Any]) -> list[tuple[str, ...]]:
    if axis["status"] == UNAVAILABLE:
        return [
            (axis["label"], "", "", "", "", "", f"ikke til rådighed: {axis['reason'] or 'ingen grund givet'}")
        ]
    return [_row(axis, group) for group in axis["groups"]]


def _row(axis: dict[str, Any], group: dict[str, Any]) -> tuple[str, ...]:
    gap, status = group["under_gap"], GROUP_STATUS[status_of(axis, group)]
    if not gap:
        n = f"under {FEWEST}" if group["n"] < FEWEST else str(group["n"])
        return (axis["label"], group["label"], n, "", "", "", status)
    return (
        axis["label"], group["label"], str(group["n"]), points(group["under"]["share"]),
        between(gap, 100, 1), f"{100 * gap['detectable']:.1f}".replace(".", ","), status,
    )  # fmt: skip


def told_rows(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """How well each attribute can be guessed, beside what need and chance make, as TOLD_HEAD."""
    flips = record["flips"]
    found = {name: {each["axis"]: each for each in flips[name]} for name in TELLING}
    return [
        (each["label"], *(_guessed(found[name][each["axis"]]) for name in TELLING))
        for each in flips["told_by_inputs"]
    ]


def _guessed(told: dict[str, Any]) -> str:
    words = f"{points(told['auc'])} (ellers {points(told['by_chance'])})"
    return f"{words} *" if told["auc"] > told["by_chance"] else words


def proxy_rows(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """The five facts that tell each attribute best, and what changes through each, as PROXY_HEAD."""
    return [
        (
            each["axis_label"], each["label"], points(each["auc"]), points(max(each["excess"], 0.0)),
            "ja" if each["clinical"] else "nej",
        )
        for each in record["flips"]["through"]
    ]  # fmt: skip


def age_rows(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """How far a suggestion moves when all but the criteria are as of the oldest, as AGE_HEAD."""
    return [
        (each["from_label"], each["to_label"], str(each["n"]), between(each, 1, 2))
        for each in record["flips"]["by_age"]
    ]


def basis_rows(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """How good a basis each group gets, as BASIS_HEAD; a star where it is unlike the others'."""
    measures = {each["code"]: each for each in record["exploratory"]["measures"]}
    found: dict[tuple[str, str], dict[str, str]] = {}
    for code in BASIS:
        for axis in measures[code]["by"] if code in measures else ():
            for group in axis["groups"]:
                place = found.setdefault((axis["label"], group["label"]), {})
                place[code] = NONE if group["mean"] is None else points(group["mean"]) + _star(group["gap"])
    return [(*key, *(row.get(code, NONE) for code in BASIS)) for key, row in found.items()]


def seen_rows(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """Everything that was looked at, and for which groups it differs by more than one interval, as SEEN_HEAD.

    Likeness to one's own group is left out: a larger group is always met more often.
    """
    return [
        (each["label"], ABOUT[each["about"]], str(each["n"]), "; ".join(_apart(each)) or "ingen")
        for each in record["exploratory"]["measures"]
        if each["n"] and not each["code"].startswith("egen_gruppe_")
    ]


def _apart(measure: dict[str, Any]) -> Iterator[str]:
    for axis in measure["by"]:
        apart = [
            f"{group['label']} ({_ends(group['gap'])})" for group in axis["groups"] if _star(group["gap"])
        ]
        if apart:
            yield f"{axis['label']}: {', '.join(apart)}"


def _ends(gap: Mapping[str, float]) -> str:
    """Both ends of an interval without zero, with so many decimals that neither reads as zero."""
    places = 2 if min(abs(gap["low"]), abs(gap["high"])) >= 0.005 else 4
    return f"{_signed(gap['low'], places)} til {_signed(gap['high'], places)}"


def _star(gap: dict[str, float] | None) -> str:
    return " *" if gap and not gap["low"] <= 0 <= gap["high"] else ""


def between(gap: Mapping[str, float], times: float, places: int) -> str:
    """A gap and its interval in some unit, each with its sign."""
    middle, low, high = (_signed(times * gap[name], places) for name in ("gap", "low", "high"))
    return f"{middle} ({low} til {high})"


def _signed(number: float, places: int) -> str:
    told = f"{number:+.{places}f}".replace(".", ",")
    return told if float(told.replace(",", ".")) else told[1:]


def points(share: float) -> str:
    """A share in percent with one decimal, as Danes write it."""
    return f"{100 * share:.1f} %".replace(".", ",")
