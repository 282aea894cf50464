"""The whole model, table by table: what each answer does to the calculation, and the cases behind it."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext

from models.artifact import Artifact
from models.declaration import Area
from models.shapes import PairShape, Shape, Value, pair_shapes_of, shapes_of
from service.policy import Action
from service.web.drawing import shapes as drawing
from service.web.drawing.shapes import MapChart, PullChart
from service.web.governance.model import once_in_use
from service.web.guard import guarded

blueprint = Blueprint("whole_model", __name__)


@dataclass(frozen=True)
class Row:
    """One answer in the table below a chart; `interval` is empty where too few cases lie behind."""

    label: str
    pull: str
    interval: str
    cases: str


@dataclass(frozen=True)
class Table:
    """One question: its chart, the same as a table, and what has been decided about it."""

    label: str
    size: str
    chart: PullChart
    rows: tuple[Row, ...]
    never_lowers: str
    merged: tuple[str, ...]
    merged_into: str
    joined: tuple[str, ...]


@dataclass(frozen=True)
class PairTable:
    """Two questions: their map, and the same as a table with a pull and the cases in each cell."""

    label: str
    across: str
    chart: MapChart
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class WholeModel:
    """All tables of one version; `pairs` are the strongest of `pair_count`."""

    version: str
    toward: str
    base: str
    background: int
    refitted: int
    tables: tuple[Table, ...]
    silent: tuple[str, ...]
    not_used: tuple[str, ...]
    pairs: tuple[PairTable, ...]
    pair_count: int


@blueprint.get("/om-modellen/tabeller/<version>")
@guarded(Action.READ_MODEL)
def show(version: str) -> str:
    """Every table of a version that has been in use; NotFound for another, Conflict for a refused one."""
    _, found = once_in_use(version)
    return render_template("model/whole.html", page=whole_of(found))


def whole_of(artifact: Artifact) -> WholeModel:
    """An opened artifact laid open; questions that say nothing are named and not drawn."""
    area, shapes = artifact.area, shapes_of(artifact)
    base = artifact.tables.base
    return WholeModel(
        version=artifact.manifest.version,
        toward=area.level_label(area.level_codes[-1]).lower(),
        base=drawing.signed(float(base[-1] - base[0])),
        background=len(artifact.background),
        refitted=len(artifact.refitted.classes) // len(area.levels),
        tables=tuple(_table(area, n, shape) for n, shape in enumerate(shapes) if shape.size),
        silent=tuple(shape.question.label for shape in shapes if not shape.size),
        not_used=tuple(question.label for question in artifact.codebook.left_out),
        pairs=tuple(_pair(area, n, shape) for n, shape in enumerate(pair_shapes_of(artifact))),
        pair_count=len(artifact.tables.pairs),
    )


def _table(area: Area, place: int, shape: Shape) -> Table:
    top = area.level_label(area.level_codes[-1]).lower()
    chart = drawing.pull_chart(
        f"tabel-{place}",
        shape.question.label,
        gettext("Prik: trækket mod %(top)s. Streg: hvor det kan ligge. Til højre: antal sager.", top=top),
        [_pull(value) for value in shape.values],
    )
    return Table(
        shape.question.label,
        drawing.signed(shape.size).lstrip("+"),
        chart,
        tuple(_row(value) for value in shape.values),
        shape.question.never_lowers,
        shape.merged,
        shape.merged_into,
        shape.joined,
    )


def _pull(value: Value) -> drawing.Pull:
    low, high = value.pull - value.reach, value.pull + value.reach
    return drawing.Pull(value.label, value.pull, low, high, _cases(value.cases), bool(value.cases))


def _row(value: Value) -> Row:
    if not value.cases:
        return Row(value.label, "", "", _cases(0))
    low, high = drawing.signed(value.pull - value.reach), drawing.signed(value.pull + value.reach)
    return Row(value.label, drawing.signed(value.pull), f"{low} til {high}", _cases(value.cases))


def _cases(count: int) -> str:
    return gettext("ca. %(count)s", count=f"{count:,}".replace(",", ".")) if count else gettext("under 20")


def _pair(area: Area, place: int, shape: PairShape) -> PairTable:
    label = gettext("%(one)s og %(two)s", one=shape.first.label, two=shape.second.label.lower())
    pulls = [
        [pull if cases else None for pull, cases in zip(*both, strict=True)]
        for both in zip(shape.pulls, shape.cases, strict=True)
    ]
    chart = drawing.map_chart(
        f"par-{place}",
        label,
        gettext(
            "Fyldt firkant: mod %(top)s. Hul: væk fra det. Jo større, jo mere. Streg: under 20 sager.",
            top=area.level_label(area.level_codes[-1]).lower(),
        ),
        (shape.rows, shape.columns),
        pulls,
    )
    rows = tuple(
        (name, tuple(_cell(pull, count) for pull, count in zip(*both, strict=True)))
        for name, *both in zip(shape.rows, shape.pulls, shape.cases, strict=True)
    )
    return PairTable(label, shape.second.label, chart, shape.columns, rows)


def _cell(pull: float, cases: int) -> str:
    return f"{drawing.signed(pull)} ({_cases(cases)})" if cases else _cases(0)
