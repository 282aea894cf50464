"""The chapter of a report that lays the whole model open: every table as a drawing (SVG) and as numbers.

A drawing is told by title and description, and stands above a table of the same. A square of a map is as
large as its pull, full towards the highest level and hollow away from it.
"""

from collections.abc import Iterable, Sequence
from html import escape

from models.artifact import Artifact
from models.shapes import PairShape, Shape, Value, pair_shapes_of, shapes_of

WIDTH, NAMES, COUNTS, ROW, FOOT = 700, 260, 90, 26, 30
CELL, LARGEST, SMALLEST, SLANT = 34, 26.0, 3.0, 5.6
INK, PULL, QUIET, LINE = "#1a1a1a", "#0b5c8a", "#595959", "#d5d5d5"
LONGEST_NAME = 32


def tables_chapter(artifact: Artifact) -> str:
    """Every single table, and the strongest pair tables, with the number of cases behind each value."""
    shapes, pairs = shapes_of(artifact), pair_shapes_of(artifact)
    top = artifact.area.level_label(artifact.area.level_codes[-1]).lower()
    refitted = len(artifact.refitted.classes) // len(artifact.tables.classes)
    silent = [shape.question.label for shape in shapes if not shape.size]
    intro = (
        "Scoren er summen af disse tabeller. Der er ikke andet i den. "
        f"Tallene er træk mod {escape(top)} i log-odds; 0 er gennemsnittet af de sager, den bygger på. "
        f"Intervallerne er 90 %, fra {refitted} modeller lavet på sager trukket på ny. "
        "Antal sager er afrundet til tiere; et svar med under 20 sager har intet træk for sig selv."
    )
    parts = [
        f"<h2>Hele modellen</h2><p>{intro}</p>",
        _steadiness(artifact),
        *(_single(shape, place) for place, shape in enumerate(shapes) if shape.size),
        f"<p>Trækker ikke for sig selv: {escape(', '.join(silent).lower())}.</p>" if silent else "",
    ]
    if pairs:
        parts.append(
            "<h2>To oplysninger sammen</h2><p>Det, to svar trækker ud over, hvad de trækker hver for sig. "
            "Den første oplysning står ned ad siden, den anden hen over. "
            f"De {len(pairs)} stærkeste af {len(artifact.tables.pairs)} par.</p>"
        )
    parts += [_pair(shape, place) for place, shape in enumerate(pairs)]
    return "".join(parts)


def _steadiness(artifact: Artifact) -> str:
    told = artifact.evaluation.get("steadiness", {})
    if told.get("unsure") is None:
        return ""
    unsure, order = _decimal(100 * told["unsure"], 0), _decimal(told["order"], 2)
    holds = told.get("told")
    sure = (
        "Siden siger om ingen to, at den ene er stærkere end den anden."
        if holds is None
        else "Siden siger kun, at en er stærkere end en anden, hvor det er sikkert: "
        f"dér er tau {_decimal(holds, 2)}."
    )
    return (
        f"<p>På {told['cases']} senere sager er retningen usikker for {unsure} % af oplysningerne, der ville "
        "blive vist; de nævnes ikke i en sætning. Rækkefølgen af de fem stærkeste er den samme i de andre "
        f"modeller med Kendalls tau {order} i gennemsnit. {sure}</p>"
    )


def _single(shape: Shape, place: int) -> str:
    rows = [_row(each) for each in shape.values]
    notes = []
    if shape.question.never_lowers:
        notes.append(f"Falder aldrig: {shape.question.never_lowers}")
    if shape.merged:
        notes.append(f"For få sager til at stå alene, regnet som ikke oplyst: {', '.join(shape.merged)}.")
    if shape.joined:
        notes.append(f"Naboer med under 20 sager er regnet under ét: {'; '.join(shape.joined)}.")
    if shape.merged_into:
        notes.append(f"Sammensætninger med under 20 sager er regnet under ét: {shape.merged_into}.")
    return (
        f"<h3>{escape(shape.question.label)}</h3>"
        + _bars(shape.values, shape.question.label, f"enkelt-{place}")
        + "".join(f"<p>{escape(note)}</p>" for note in notes)
        + _folded(_numbers(("Svar", "Træk", "Kan ligge", "Sager"), rows))
    )


def _row(value: Value) -> tuple[str, str, str, str]:
    if not value.cases:
        return value.label, "", "", _cases(0)
    low, high, pull = map(_signed, _ends(value))
    return value.label, pull, f"{low} til {high}", _cases(value.cases)


def _pair(shape: PairShape, place: int) -> str:
    label = f"{shape.first.label} og {shape.second.label.lower()}"
    rows = [
        (name, *(f"{_signed(pull)} ({_cases(count)})" if count else _cases(0)
                 for pull, count in zip(pulls, counts, strict=True)))
        for name, pulls, counts in zip(shape.rows, shape.pulls, shape.cases, strict=True)
    ]  # fmt: skip
    return f"<h3>{escape(label)}</h3>{_map(shape, label, f'par-{place}')}" + _folded(
        _numbers((label, *shape.columns), rows)
    )


def _bars(values: Sequence[Value], label: str, name: str) -> str:
    """A row for each answer: its pull as a dot, where it may lie as a line, and the cases at the right."""
    shown = [each for each in values if each.cases]
    end = max((abs(each.pull) + each.reach for each in shown), default=0.0) or 1.0
    middle, half = (NAMES + WIDTH - COUNTS) / 2, (WIDTH - COUNTS - NAMES) / 2 - 6
    bottom = ROW * len(values) + 6
    marks = [
        _line(middle + share * half, 4, middle + share * half, bottom, LINE if share else INK)
        + _text(middle + share * half, bottom + 18, _signed(share * end), "middle", QUIET)
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0)
    ]
    for row, each in enumerate(values):
        y = ROW * (row + 0.5) + 4
        marks.append(_text(NAMES - 10, y + 4, _short(each.label), "end"))
        marks.append(_text(WIDTH - 2, y + 4, _cases(each.cases), "end", QUIET))
        if each.cases:
            low, high, at = (middle + pull / end * half for pull in _ends(each))
            marks.append(_line(low, y, high, y, PULL, 2))
            marks.append(f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4.5" fill="{PULL}"/>')
    told = "Prikken er trækket, stregen hvor det kan ligge, tallet til højre antal sager. Tabellen siger det."
    return _drawing(name, label, told, WIDTH, bottom + FOOT, marks)


def _ends(value: Value) -> tuple[float, float, float]:
    return value.pull - value.reach, value.pull + value.reach, value.pull


def _map(shape: PairShape, label: str, name: str) -> str:
    largest = max((abs(pull) for row in shape.pulls for pull in row), default=0.0) or 1.0
    marks, head = [], 24 + round(SLANT * max(len(_short(text)) for text in shape.columns))
    for column, text in enumerate(shape.columns):
        x, above = NAMES + CELL * (column + 0.5), head - 8
        marks.append(_text(x, above, _short(text), "start", turned=f"rotate(-50 {x:.1f} {above})"))
    for row, (text, pulls, counts) in enumerate(zip(shape.rows, shape.pulls, shape.cases, strict=True)):
        y = head + CELL * (row + 0.5)
        marks.append(_text(NAMES - 10, y + 4, _short(text), "end"))
        for column, (pull, count) in enumerate(zip(pulls, counts, strict=True)):
            x = NAMES + CELL * (column + 0.5)
            marks.append(_square(x, y, pull, largest) if count else _line(x - 3, y, x + 3, y, QUIET))
    told = (
        "Fyldt firkant: mod det højeste niveau. Hul: væk fra det. Jo større, jo mere. Streg: under 20 sager."
    )
    width = max(WIDTH, NAMES + CELL * len(shape.columns) + 60)
    return _drawing(name, label, told, width, head + CELL * len(shape.rows) + 8, marks)


def _square(x: float, y: float, pull: float, largest: float) -> str:
    side = max(SMALLEST, LARGEST * (abs(pull) / largest) ** 0.5)
    return (
        f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="{PULL if pull > 0 else "#ffffff"}" stroke="{PULL}" stroke-width="1.5"/>'
    )


def _drawing(name: str, title: str, told: str, width: float, height: float, marks: Iterable[str]) -> str:
    return (
        f'<figure><svg viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img" '
        f'aria-labelledby="{name}-titel {name}-tekst">'
        f'<title id="{name}-titel">{escape(title)}</title><desc id="{name}-tekst">{escape(told)}</desc>'
        f"{''.join(marks)}</svg></figure>"
    )


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float = 1) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, colour: str = INK, turned: str = "") -> str:
    turn = f' transform="{turned}"' if turned else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{colour}"{turn}>'
        f"{escape(text)}</text>"
    )


def _numbers(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
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


def _folded(table: str) -> str:
    return f"<details><summary>Tallene</summary>{table}</details>"


def _cases(count: int) -> str:
    return f"ca. {count:,}".replace(",", ".") if count else "under 20"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_NAME else f"{label[: LONGEST_NAME - 1].rstrip()}…"


def _signed(pull: float) -> str:
    text = _decimal(abs(pull), 2)
    return text if text == "0,00" else f"{'+' if pull > 0 else '−'}{text}"


def _decimal(number: float, places: int) -> str:
    return f"{number:.{places}f}".replace(".", ",")
