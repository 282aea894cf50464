"""A record in words and rows, for the command line, the report and the register."""

from typing import Any

from models.audit import FEWEST, UNAVAILABLE
from models.promotion import status_of

GROUP_STATUS = {
    "for_faa": "for få til at sige noget",
    "alene": "ingen anden gruppe er stor nok",
    "fund": "fund",
    "ligevaerdig": "vist under 10 procentpoint fra de andre",
    "intet_fund": "intet fund",
}
HEAD = ("Oplysning", "Gruppe", "Sager", "For lavt", "Forskel ved samme behov (90 %)", "Kunne findes", "Svar")


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
    middle, low, high = (points(gap[name], sign=True) for name in ("gap", "low", "high"))
    return (
        axis["label"], group["label"], str(group["n"]), points(group["under"]["share"]),
        f"{middle} ({low} til {high})", points(gap["detectable"]), status,
    )  # fmt: skip


def points(share: float, *, sign: bool = False) -> str:
    """A share in percent with one decimal, as Danes write it."""
    return f"{100 * share:{'+' if sign else ''}.1f} %".replace(".", ",")
