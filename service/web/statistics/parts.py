"""What the sections of the team's practice are made of: lines of tables, and charts with their tables."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from flask_babel import gettext

from service.web.drawing.charts import BarChart, DotChart, LineChart, Value
from service.web.drawing.pair_charts import Dumbbell, SquareChart
from service.web.statistics.words import share_words
from service.workflow.statistics.shares import Share

Chart = TypeVar("Chart", DotChart, BarChart, LineChart, SquareChart, Dumbbell)


@dataclass(frozen=True)
class Line:
    """One row of a table: a name and its cells in words."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Drawn(Generic[Chart]):
    """A chart and the table that says the same; `hidden` names what is in neither."""

    chart: Chart
    lines: tuple[Line, ...]
    hidden: str = ""


def value_of(
    label: str, share: Share, before: Share | None = None, limits: tuple[float, float] | None = None
) -> Value:
    """What a chart may draw of a share: a dot only where a percentage may stand."""
    words = share_words(share) if share.of != 0 else "–"
    if share.percent is None or share.interval is None:
        return Value(label, words)
    low, high = share.interval
    earlier = None if before is None or before.percent is None else before.percent / 100
    return Value(
        label, words, share.percent / 100, low / 100, high / 100, before=earlier, limits=limits
    )  # fmt: skip


def cells_of(share: Share) -> tuple[str, ...]:
    """Cases, of them those meant, and the percentage where there are cases enough for one."""
    if share.of is None:
        return (gettext("Skjult"),) * 3
    return (str(share.of), str(share.hits), share_words(share) if share.percent is not None else "–")
