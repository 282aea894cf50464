"""How alike comparable cases are decided: between units, over time, and by two who judge the same case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from models.declaration import Area
from service.web.danish import NO_BREAK
from service.web.drawing.funnel import FunnelChart, Group, funnel_chart
from service.web.statistics.agreement import AgreementView, agreement_view
from service.web.statistics.parts import Line
from service.workflow.double_review import Agreement
from service.workflow.statistics.periods import Month
from service.workflow.statistics.variation import Variation


@dataclass(frozen=True)
class VariationView:
    """Variation among groups in words, drawn, and as a table; `left_out` names the groups not in it."""

    sentence: str
    spread: str
    chart: FunnelChart
    lines: tuple[Line, ...]
    left_out: str


@dataclass(frozen=True)
class Uniformity:
    """The section. `units` and `months` are None where there is too little to compare. `several` says
    whether more than one unit is read."""

    comparable: str
    several: bool
    units: VariationView | None
    months: VariationView | None
    agreement: AgreementView | None


def uniformity_of(
    area: Area, names: Mapping[str, str], units: Variation | None, months: Variation | None,
    agreement: Agreement | None,
) -> Uniformity:  # fmt: skip
    """The section from what was estimated; `names` are the units' names by id."""
    level = area.levels[-1].label
    return Uniformity(
        several=len(names) > 1,
        comparable=" og ".join(area.by_name[name].label.lower() for name in area.need),
        units=None
        if units is None
        else _view(
            "enheder", gettext("%(level)s, enhed for enhed", level=level), units, lambda unit: names[unit]
        ),
        months=None
        if months is None
        else _view("tid", gettext("%(level)s, måned for måned", level=level), months, _month),
        agreement=None if agreement is None else agreement_view(agreement),
    )


def _view(name: str, title: str, found: Variation, label: Callable[[str], str]) -> VariationView:
    description = gettext(
        "Andel blandt sammenlignelige sager efter antal sager. Fuldt optrukket: alle. Stiplet: grænserne for"
        " tilfældig variation. Tallene står i tabellen."
    )
    groups = [Group(label(each.name), each.n, each.share) for each in found.groups]
    return VariationView(
        sentence=gettext("Forskellene er større, end tilfældet forklarer.")
        if found.found
        else gettext("Forskellene er ikke større, end tilfældet kan forklare."),
        spread=gettext(
            "Spredningen er %(ratio)s gange den, tilfældet giver. Median-oddsratio %(odds)s (%(low)s til"
            " %(high)s), %(n)s sager, %(count)s grupper.",
            ratio=_number(found.ratio), odds=_number(found.odds), low=_number(found.odds_low),
            high=_number(found.odds_high), n=found.n, count=len(groups),
        ),
        chart=funnel_chart(
            name, title, description, groups, found.overall, found.variance, gettext("Antal sager")
        ),
        lines=tuple(
            Line(each.name, (str(each.n), f"{round(each.share * 100)}{NO_BREAK}%")) for each in groups
        ),
        left_out=", ".join(label(each) for each in found.left_out),
    )  # fmt: skip


def _month(code: str) -> str:
    year, number = code.split("-")
    return Month(int(year), int(number)).label


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
