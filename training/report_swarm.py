"""The chapter of a report on what pulls: a beeswarm of exact contributions, drawn by us.

It shows what shap's beeswarm shows, from values that were held against shap's own (golden rows). As a drawing
of ours it is sharp on paper, told by title and description, and stands above a table of the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from models.tables import Floats, shapley
from training.chance import stream
from training.danish_numbers import decimal, signed

CASES, FACTS = 300, 16
WIDTH, NAMES, ROW, FOOT, DOT, THICK = 700, 250, 30, 46, 5.0, 11.0
INK, QUIET, LINE = "#1a1a1a", "#595959", "#d5d5d5"
SHADES = ("#8ab0da", "#6394c6", "#4179b0", "#1f5f94", "#0b3c66")
"""Light for the first codes of a fact, dark for the last: lightness alone tells them apart."""
UNKNOWN = "#b0551c"


@dataclass(frozen=True)
class Swarm:
    """One fact: the pulls of some cases and where each case's answer lies among its codes, 0 to 1 or NaN."""

    label: str
    pulls: Floats
    place: Floats

    @property
    def mean(self) -> float:
        """The mean pull one way or the other."""
        return float(np.abs(self.pulls).mean())


def pulls_chapter(artifact: Artifact) -> str:
    """The beeswarm and its table; a version of similar cases alone has neither."""
    if artifact.manifest.config["carries"] != "model":
        return "<h2>Hvad trækker?</h2><p>Sagerne kan kun bære lignende sager, ikke en model.</p>"
    swarms = swarms_of(artifact)
    top = artifact.area.level_label(artifact.area.level_codes[-1]).lower()
    rows = "".join(
        f'<tr><th scope="row">{escape(each.label)}</th><td class="n">{decimal(each.mean, 2)}</td>'
        f'<td class="n">{signed(float(each.pulls.min()))} til {signed(float(each.pulls.max()))}</td></tr>'
        for each in swarms
    )
    return (
        f"<h2>Hvad trækker?</h2><p>Hver prik er en af {len(swarms[0].pulls)} tidligere sager. Til højre for "
        f"midten trak oplysningen mod {escape(top)}, til venstre væk fra det. Mørkere er et svar længere "
        "fremme i oplysningens rækkefølge, orange er ikke oplyst. De oplysninger, der trækker mest, står "
        f"øverst.</p>{_drawn(swarms, top)}"
        '<details><summary>Tallene</summary><div class="wide"><table><thead><tr>'
        '<th scope="col">Oplysning</th>'
        '<th scope="col">Træk i gennemsnit, log-odds</th><th scope="col">Fra og til</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>"
    )


def swarms_of(artifact: Artifact) -> list[Swarm]:
    """The facts that pull most, strongest first, over some of the reference cases."""
    every = len(artifact.reference)
    chosen = np.sort(stream(artifact.manifest.seed, "beeswarm").permutation(every)[:CASES])
    codes = artifact.reference.codes.codes_of(chosen).T
    found = shapley(artifact.tables, artifact.background).contributions_many(codes)
    pulls = found[:, -1, :] - found[:, 0, :]
    swarms = [
        Swarm(coding.question.label, pulls[:, q], _places(codes[:, q], coding.size))
        for q, coding in enumerate(artifact.codebook.codings)
    ]
    return sorted(swarms, key=lambda each: -each.mean)[:FACTS]


def _places(codes: Codes, size: int) -> Floats:
    return np.where(codes == 0, np.nan, (codes.astype(np.float64) - 1) / max(size - 2, 1))


def _drawn(swarms: Sequence[Swarm], top: str) -> str:
    end = max(float(np.abs(each.pulls).max()) for each in swarms) or 1.0
    middle, half = (NAMES + WIDTH) / 2, (WIDTH - NAMES) / 2 - 26
    bottom = ROW * len(swarms) + 6
    marks = [
        f'<line x1="{middle + share * half:.1f}" y1="4" x2="{middle + share * half:.1f}" y2="{bottom}" '
        f'stroke="{INK if share == 0 else LINE}" stroke-width="1"/>'
        + _text(middle + share * half, bottom + 18, signed(share * end), "middle", QUIET)
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0)
    ]
    marks.append(_text(middle, bottom + 36, f"Træk i log-odds (mod højre: {top})", "middle", QUIET))
    for row, each in enumerate(swarms):
        y = ROW * (row + 0.5) + 4
        marks.append(_text(NAMES - 12, y + 4, _short(each.label), "end", INK))
        marks += _dots(middle + each.pulls / end * half, y, each.place)
    told = "Træk af hver oplysning i tidligere sager. Tabellen under tegningen siger det med tal."
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {bottom + FOOT}" width="100%" role="img" '
        'aria-labelledby="svaerm-titel svaerm-tekst"><title id="svaerm-titel">Hvad trækker</title>'
        f'<desc id="svaerm-tekst">{escape(told)}</desc>{"".join(marks)}</svg></figure>'
    )


def _dots(x: Floats, y: float, place: Floats) -> list[str]:
    """One path for each shade: a dot is a line of no length with round ends."""
    at = y + _spread(x)
    shade = np.where(
        np.isnan(place), len(SHADES), np.minimum(np.nan_to_num(place) * len(SHADES), len(SHADES) - 1)
    )
    paths = []
    for number, colour in enumerate((*SHADES, UNKNOWN)):
        of = np.flatnonzero(shade.astype(np.int64) == number)
        if len(of):
            dots = "".join(f"M{x[case]:.1f} {at[case]:.1f}h0" for case in of)
            paths.append(
                f'<path d="{dots}" stroke="{colour}" stroke-width="{DOT}" stroke-linecap="round" '
                'fill="none"/>'
            )
    return paths


def _spread(x: Floats) -> Floats:
    """How far above or below its row each dot lies, so that those in one place stand beside each other."""
    offsets = np.zeros(len(x))
    for column in np.unique(np.round(x / DOT)):
        of = np.flatnonzero(np.round(x / DOT) == column)
        step = min(DOT * 0.8, 2 * THICK / max(len(of), 1))
        turns = np.arange(len(of))
        offsets[of] = ((turns + 1) // 2) * step * np.where(turns % 2, 1, -1)
    return np.clip(offsets, -THICK, THICK)


def _text(x: float, y: float, text: str, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _short(label: str) -> str:
    return label if len(label) <= 34 else f"{label[:33].rstrip()}…"
