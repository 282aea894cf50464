"""The chapters of a report on where a version is right and where not: shares, levels, time, single cases."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.instants import local_date, read_instant
from models.recognisable import Crowd, coarsened
from models.tables import shapley
from training.candidates import KINDS
from training.danish_numbers import decimal, mean_text
from training.measures import wilson

Table = Callable[..., str]
SIDE, EDGE, INK, DOT, LINE = 360, 56, "#1a1a1a", "#0b5c8a", "#767676"
WORST, FACTS = 5, 4


def calibration_drawing(bins: Sequence[Mapping[str, Any]]) -> str:
    """What was said against what was so, with 95 % intervals; the line is where both are the same."""
    span = SIDE - 2 * EDGE

    def at(x: float, y: float) -> tuple[float, float]:
        return EDGE + x * span, SIDE - EDGE - y * span

    marks = [f'<line x1="{EDGE}" y1="{SIDE - EDGE}" x2="{SIDE - EDGE}" y2="{EDGE}" stroke="{LINE}"/>']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(share, share)
        marks.append(_text(x, SIDE - EDGE + 18, f"{100 * share:.0f} %", "middle"))
        marks.append(_text(EDGE - 8, y + 4, f"{100 * share:.0f} %", "end"))
        marks.append(f'<line x1="{EDGE}" y1="{y:.1f}" x2="{SIDE - EDGE}" y2="{y:.1f}" stroke="#e4e4e4"/>')
    for each in bins:
        x, y = at(each["said"], each["was"])
        low, high = (at(0, float(end))[1] for end in each["was_interval"])
        marks.append(f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="{DOT}"/>')
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{DOT}"/>')
    marks.append(_text(SIDE / 2, SIDE - 6, "Modellens andel", "middle"))
    marks.append(_text(14, EDGE - 16, "Faktisk andel", "start"))
    return (
        f'<figure class="small"><svg viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" role="img" '
        'aria-labelledby="andele-titel andele-tekst"><title id="andele-titel">Modellens andel mod den '
        'faktiske andel</title><desc id="andele-tekst">Prikken er det, der skete, stregen et 95 %-interval. '
        f"Tabellen under siger det med tal.</desc>{''.join(marks)}</svg></figure>"
    )


def levels_chapter(artifact: Artifact, table: Table) -> str:
    """For each level a human gave, how often the model's likeliest level was which."""
    told = artifact.evaluation["chosen"].get("confusion")
    if not told:
        return ""
    names = [artifact.area.level_label(code) for code in artifact.area.level_codes]
    rows = [
        (f"Mennesket: {names[k].lower()}", sum(counts), *(_share(count, sum(counts)) for count in counts))
        for k, counts in enumerate(told)
    ]
    return (
        "<h2>Hvilke niveauer er de uenige om?</h2><p>Modellens mest sandsynlige niveau mod menneskets, på "
        "de senere sager, med 95 %-intervaller. At de er forskellige, siger ikke, hvem der havde ret.</p>"
        + table(("", "Sager", *(f"Modellen: {name.lower()}" for name in names)), rows)
    )


def windows_chapter(artifact: Artifact, table: Table) -> str:
    """How each kind of model did in earlier windows of time."""
    windows = artifact.evaluation.get("windows")
    if not windows:
        return "<p>Der er for få sager til også at prøve modellerne på tidligere tidsrum.</p>"
    kinds = [name for name in KINDS if name in windows[0]["log_loss"]]
    head = ("Lært af sager før", "Målt på", *(KINDS[name][0] for name in kinds))
    rows = [
        (each["tested_from"][:10], each["n_tested"], *(mean_text(each["log_loss"][name]) for name in kinds))
        for each in windows
    ]
    return (
        "<h3>Også på tidligere tidsrum</h3><p>Hver model er lavet på ny af sagerne før en dag og målt på dem "
        "efter. “Efter den bedste” ovenfor tæller alle tidsrum sammen.</p>" + table(head, rows)
    )


def against_chapter(evaluation: Mapping[str, Any]) -> str:
    """The difference to the version in use, case by case on the same cases, in a sentence."""
    against = evaluation["against"]
    if not against:
        return "<p>Den er ikke målt mod en version i brug (--against).</p>"
    worse = against["worse_than_active"]
    low, high = (worse["value"] + sign * 1.96 * worse["standard_error"] for sign in (-1, 1))
    word = "ikke klart forskellige" if low <= 0 <= high else "bedre" if high < 0 else "dårligere"
    learned = against["n_it_learned_from"]
    known = f" Den i brug havde selv lært af {learned} af dem, hvilket taler for den." if learned else ""
    return (
        f"<p><strong>Mod {escape(against['version'])}, som var i brug:</strong> {word}. Forskel i log-tab på "
        f"de samme {against['n']} sager: {_signed(worse['value'])} (95 %-interval {_signed(low)} til "
        f"{_signed(high)}); under nul er den nye bedst.{known}</p>"
    )


def misses_chapter(artifact: Artifact, table: Table) -> str:
    """The later cases in which the model was surest of another level than the human's, and what pulled.

    What could tell who it is about is told only where at least five cases share it.
    """
    if artifact.manifest.config["carries"] != "model":
        return ""
    rows = [_miss(artifact, row, share) for row, share in _missed(artifact)]
    head = ("Mennesket", "Modellen", "Modellens andel", "Trak mest mod modellens niveau")
    found = table(head, rows, first_number=9) if rows else "<p>Der er ingen.</p>"
    return (
        "<h2>Hvor er den mest uenig med mennesket?</h2><p>De senere sager, hvor modellen var sikrest på "
        "et andet niveau end menneskets. Læs dem som spørgsmål: manglede der en oplysning, eller så "
        "mennesket noget, som ikke står i sagen? En oplysning, som kunne røbe hvem det er, står her kun, "
        f"når mindst fem sager deler den.</p>{found}"
    )


def _missed(artifact: Artifact) -> list[tuple[int, float]]:
    """Rows among the reference cases, and the share the model gave its own level; the surest first."""
    reference = artifact.reference
    start = local_date(read_instant(artifact.manifest.config["split"]["tested_from"]))
    later = np.flatnonzero(reference.decided_mask(start, None).bools())
    shares = artifact.tables.probabilities(reference.codes.codes_of(later).T)
    codes = artifact.area.level_codes
    given = np.array([codes.index(level) for level in reference.values("levels", later)])
    wrong = np.flatnonzero(shares.argmax(axis=1) != given)
    order = wrong[np.argsort(-shares[wrong].max(axis=1), kind="stable")][:WORST]
    return [(int(later[place]), float(shares[place].max())) for place in order]


def _miss(artifact: Artifact, row: int, share: float) -> tuple[str, ...]:
    area, book = artifact.area, artifact.codebook
    codes = artifact.reference.codes.codes_of(np.array([row])).T
    said = int(artifact.tables.scores(codes)[0].argmax())
    found = shapley(artifact.tables, artifact.background).contributions_many(codes)[0]
    others = np.delete(np.arange(len(found)), said)
    pull = found[said] - found[others].mean(axis=0)
    strongest = [int(q) for q in np.argsort(-pull, kind="stable")[:FACTS] if pull[q] > 0]
    columns = tuple(book.names.index(name) for name in area.recognisable if name in book.names)
    hidden: frozenset[int] = frozenset()
    if columns:
        alike = [(q, int(codes[0, q])) for q in strongest]
        _, hidden = coarsened(Crowd(artifact.reference.codes, columns), alike, [])
    told = [
        f"{book.codings[q].question.label}: "
        + ("vises ikke" if q in hidden else book.code_labels(book.names[q])[codes[0, q]])
        for q in strongest
    ]
    human = artifact.reference.values("levels", np.array([row]))[0]
    return (
        area.level_label(human), area.level_label(area.level_codes[said]), f"{100 * share:.0f} %",
        "; ".join(told) or "–",
    )  # fmt: skip


def _share(count: int, n: int) -> str:
    if not n:
        return "–"
    low, high = wilson(count, n)
    return f"{decimal(100 * count / n, 1)} % ({decimal(100 * low, 1)}–{decimal(100 * high, 1)})"


def _signed(number: float) -> str:
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{decimal(abs(number), 4)}"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    told = escape(text)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{INK}">{told}</text>'
