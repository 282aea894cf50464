"""The chapter of a report that lays the whole model open: every table as a drawing (SVG) and as numbers.

A square of a map is as large as its pull, full towards the highest level and hollow away from it.
"""

from html import escape

from models.artifact import Artifact
from models.shapes import PairShape, Shape, Value, pair_shapes_of, shapes_of
from training.danish_numbers import decimal, signed
from training.report_drawing import (
    NAMES,
    PULL,
    QUIET,
    WIDTH,
    bars,
    cases,
    drawing,
    ends,
    folded,
    line,
    numbers,
    short,
    text_at,
)

CELL, LARGEST, SMALLEST, SLANT = 34, 26.0, 3.0, 5.6


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
    unsure, order = decimal(100 * told["unsure"], 0), decimal(told["order"], 2)
    holds = told.get("told")
    sure = (
        "Siden siger om ingen to, at den ene er stærkere end den anden."
        if holds is None
        else "Siden siger kun, at en er stærkere end en anden, hvor det er sikkert: "
        f"dér er tau {decimal(holds, 2)}."
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
        + bars(shape.values, shape.question.label, f"enkelt-{place}")
        + "".join(f"<p>{escape(note)}</p>" for note in notes)
        + folded(numbers(("Svar", "Træk", "Kan ligge", "Sager"), rows))
    )


def _row(value: Value) -> tuple[str, str, str, str]:
    if not value.cases:
        return value.label, "", "", cases(0)
    low, high, pull = map(signed, ends(value))
    return value.label, pull, f"{low} til {high}", cases(value.cases)


def _pair(shape: PairShape, place: int) -> str:
    label = f"{shape.first.label} og {shape.second.label.lower()}"
    rows = [
        (name, *(f"{signed(pull)} ({cases(count)})" if count else cases(0)
                 for pull, count in zip(pulls, counts, strict=True)))
        for name, pulls, counts in zip(shape.rows, shape.pulls, shape.cases, strict=True)
    ]  # fmt: skip
    return f"<h3>{escape(label)}</h3>{_map(shape, label, f'par-{place}')}" + folded(
        numbers((label, *shape.columns), rows)
    )


def _map(shape: PairShape, label: str, name: str) -> str:
    largest = max((abs(pull) for row in shape.pulls for pull in row), default=0.0) or 1.0
    marks, head = [], 24 + round(SLANT * max(len(short(text)) for text in shape.columns))
    for column, text in enumerate(shape.columns):
        x, above = NAMES + CELL * (column + 0.5), head - 8
        marks.append(text_at(x, above, short(text), "start", turned=f"rotate(-50 {x:.1f} {above})"))
    for row, (text, pulls, counts) in enumerate(zip(shape.rows, shape.pulls, shape.cases, strict=True)):
        y = head + CELL * (row + 0.5)
        marks.append(text_at(NAMES - 10, y + 4, short(text), "end"))
        for column, (pull, count) in enumerate(zip(pulls, counts, strict=True)):
            x = NAMES + CELL * (column + 0.5)
            marks.append(_square(x, y, pull, largest) if count else line(x - 3, y, x + 3, y, QUIET))
    told = (
        "Fyldt firkant: mod det højeste niveau. Hul: væk fra det. Jo større, jo mere. Streg: under 20 sager."
    )
    width = max(WIDTH, NAMES + CELL * len(shape.columns) + 60)
    return drawing(name, label, told, width, head + CELL * len(shape.rows) + 8, marks)


def _square(x: float, y: float, pull: float, largest: float) -> str:
    side = max(SMALLEST, LARGEST * (abs(pull) / largest) ** 0.5)
    return (
        f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="{PULL if pull > 0 else "#ffffff"}" stroke="{PULL}" stroke-width="1.5"/>'
    )
