"""The gaps between groups as a drawing: a dot, its interval, and the margin of likeness."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from models.audit import MARGIN
from models.promotion import status_of

INK, QUIET, BAND, RULE, FOUND = "#1a1a1a", "#595959", "#e8eef2", "#cccccc", "#b3261e"
WIDTH, LEFT, RIGHT, LINE, TOP, FOOT, SHOWN = 480, 118, 22, 24, 8, 54, 600
"""Narrow, so that a phone shows it whole and readable; SHOWN is its width where there is room."""
WIDEST = 0.3
"""In shares: no axis reaches further; an interval beyond it is cut there."""
Place = Callable[[float], float]


def gaps_drawn(audit: Mapping[str, Any]) -> str:
    """Every tested group's gap as a dot with its interval, beside the margin of likeness."""
    tested = [
        (axis, [group for group in axis["groups"] if group["under_gap"]])
        for axis in audit["axes"]
        if any(group["under_gap"] for group in axis["groups"])
    ]
    if not tested:
        return ""
    bottom = TOP + LINE * sum(1 + len(groups) for _, groups in tested)
    x = _scale(group["under_gap"] for _, groups in tested for group in groups)
    parts = [_band(x, bottom), *_ticks(x, bottom)]
    y = TOP + LINE / 2
    for axis, groups in tested:
        parts += [_rule(y - LINE / 2), _words(0, y + 5, axis["label"], "start", weight="600")]
        for group in groups:
            y += LINE
            parts += _line(axis, group, x, y)
        y += LINE
    height = bottom + FOOT
    title = "Forskel i for lave forslag for hver gruppe, med 90 %-interval. Tallene står i tabellen nedenfor."
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {height}" width="{SHOWN}" role="img" aria-label="{title}">'
        f"{''.join(parts)}</svg><figcaption>Prik: forskellen. Streg: 90 %-interval. Ligger hele stregen i "
        "det grå felt, er det vist, at forskellen er under 10 procentpoint.</figcaption></figure>"
    )


def _scale(gaps: Iterable[Mapping[str, float]]) -> Place:
    """Where a gap stands, with every interval inside where the axis allows it."""
    widest = max(abs(gap[end]) for gap in gaps for end in ("low", "high"))
    reach = min(WIDEST, max(MARGIN * 1.3, widest))
    inner = WIDTH - LEFT - RIGHT
    return lambda gap: LEFT + inner * (max(-reach, min(reach, gap)) + reach) / (2 * reach)


def _band(x: Place, bottom: float) -> str:
    """The margin of likeness, and no gap at all in the middle of it."""
    low, high = x(-MARGIN), x(MARGIN)
    return (
        f'<rect x="{low:.1f}" y="{TOP}" width="{high - low:.1f}" height="{bottom - TOP}" fill="{BAND}"/>'
        f'<line x1="{x(0):.1f}" y1="{TOP}" x2="{x(0):.1f}" y2="{bottom}" stroke="{QUIET}"/>'
    )


def _rule(y: float) -> str:
    return f'<line x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="{RULE}"/>'


def _line(axis: Mapping[str, Any], group: Mapping[str, Any], x: Place, y: float) -> Iterable[str]:
    gap = group["under_gap"]
    colour = FOUND if status_of(axis, group) == "fund" else INK
    yield _words(LEFT - 10, y + 5, group["label"], "end")
    yield (
        f'<line x1="{x(gap["low"]):.1f}" y1="{y:.1f}" x2="{x(gap["high"]):.1f}" y2="{y:.1f}" '
        f'stroke="{colour}" stroke-width="2"/>'
    )
    yield f'<circle cx="{x(gap["gap"]):.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


def _ticks(x: Place, y: float) -> Iterable[str]:
    for at, words in ((-MARGIN, "−10"), (0.0, "0"), (MARGIN, "+10")):
        yield f'<line x1="{x(at):.1f}" y1="{y}" x2="{x(at):.1f}" y2="{y + 5}" stroke="{QUIET}"/>'
        yield _words(x(at), y + 20, words, "middle")
    yield _words(x(0), y + 42, "procentpoint oftere for lavt end andre", "middle")


def _words(x: float, y: float, words: str, anchor: str, weight: str = "400") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="14" font-weight="{weight}" '
        f'fill="{INK}">{escape(words)}</text>'
    )
