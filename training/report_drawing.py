"""What the drawings of a report are made of: rows of dots with their reach, and lines and words of SVG.

A drawing is told by title and description, and stands above a table of the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from models.shapes import Value
from training.danish_numbers import signed

WIDTH, NAMES, COUNTS, ROW, FOOT = 700, 260, 90, 26, 30
INK, PULL, QUIET, LINE = "#1a1a1a", "#0b5c8a", "#595959", "#d5d5d5"
LONGEST_NAME = 32
NOTHING: Mapping[str, float] = {}


def bars(values: Sequence[Value], label: str, name: str, before: Mapping[str, float] = NOTHING) -> str:
    """A row for each answer: its pull as a dot, where it may lie as a line, and the cases at the right.

    What it pulled `before`, by the answer's label, is a hollow dot.
    """
    shown = [each for each in values if each.cases]
    earlier = [before[each.label] for each in shown if each.label in before]
    end = max(
        map(abs, [each.pull + side * each.reach for each in shown for side in (-1, 1)] + earlier), default=0.0
    )
    end = end or 1.0
    middle, half = (NAMES + WIDTH - COUNTS) / 2, (WIDTH - COUNTS - NAMES) / 2 - 6
    bottom = ROW * len(values) + 6
    marks = [
        line(middle + share * half, 4, middle + share * half, bottom, LINE if share else INK)
        + text_at(middle + share * half, bottom + 18, signed(share * end), "middle", QUIET)
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0)
    ]
    for row, each in enumerate(values):
        y = ROW * (row + 0.5) + 4
        marks.append(text_at(NAMES - 10, y + 4, short(each.label), "end"))
        marks.append(text_at(WIDTH - 2, y + 4, cases(each.cases), "end", QUIET))
        if each.cases:
            low, high, at = (middle + pull / end * half for pull in ends(each))
            marks.append(line(low, y, high, y, PULL, 2))
            if each.label in before:
                marks.append(_dot(middle + before[each.label] / end * half, y, "#ffffff", INK))
            marks.append(_dot(at, y, PULL, PULL))
    told = "Prikken er trækket, stregen hvor det kan ligge, tallet til højre antal sager. Tabellen siger det."
    if before:
        told = f"Den hule prik er trækket før. {told}"
    return drawing(name, label, told, WIDTH, bottom + FOOT, marks)


def _dot(x: float, y: float, fill: str, edge: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'


def ends(value: Value) -> tuple[float, float, float]:
    """Where a pull may lie at least and at most, and where it lies."""
    return value.pull - value.reach, value.pull + value.reach, value.pull


def drawing(name: str, title: str, told: str, width: float, height: float, marks: Iterable[str]) -> str:
    """A figure of some size; `told` is what somebody hears who cannot see it."""
    return (
        f'<figure><svg viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img" '
        f'aria-labelledby="{name}-titel {name}-tekst">'
        f'<title id="{name}-titel">{escape(title)}</title><desc id="{name}-tekst">{escape(told)}</desc>'
        f"{''.join(marks)}</svg></figure>"
    )


def line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float = 1) -> str:
    """A straight line."""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def text_at(x: float, y: float, text: str, anchor: str, colour: str = INK, turned: str = "") -> str:
    """Words at a point: `anchor` is start, middle or end."""
    turn = f' transform="{turned}"' if turned else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{colour}"{turn}>'
        f"{escape(text)}</text>"
    )


def numbers(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the row."""
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="n">{escape(each)}</td>' for each in row[1:])
        + "</tr>"
        for row in rows
    )
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="Tallene">{table}</div>'


def folded(table: str) -> str:
    """A table that opens when it is asked for."""
    return f"<details><summary>Tallene</summary>{table}</details>"


def cases(count: int) -> str:
    """About so many cases; under twenty is not told."""
    return f"ca. {count:,}".replace(",", ".") if count else "under 20"


def short(label: str) -> str:
    """A label that fits beside a drawing."""
    return label if len(label) <= LONGEST_NAME else f"{label[: LONGEST_NAME - 1].rstrip()}…"
