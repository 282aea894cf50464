"""The deadlines of a quarter by offer and month, as a page and as a table for a spreadsheet."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from models.declaration import Area
from service.database import reading
from service.errors import NotFound
from service.log import Event
from service.policy import Action
from service.web.current import runtime
from service.web.danish import listed
from service.web.drawing.charts import DotChart, LineChart, dot_chart, line_chart
from service.web.effect.reading import (
    QUARTER,
    Option,
    Scope,
    csv_answer,
    options_of,
    quarter_asked,
    record,
    refuse_other_questions,
    scope_of,
)
from service.web.effect.spreadsheet import deadlines_csv
from service.web.effect.words import agreed_label, days_words, offer_label
from service.web.formatting import short_date
from service.web.guard import guarded
from service.web.statistics.parts import Drawn, Line, value_of
from service.web.statistics.words import count_words, number_words, share_words
from service.workflow.effect.deadlines import Deadlines, deadlines
from service.workflow.effect.quarters import read_quarters
from service.workflow.statistics.shares import Share

blueprint = Blueprint("deadlines", __name__)


@dataclass(frozen=True)
class DeadlinesPage:
    """The page; `found` is None while there is nothing to count.

    `through` is the last day counted, `counted` names the months that have begun by then.
    """

    whose: str
    found: Deadlines | None
    options: tuple[Option, ...] = ()
    through: str = ""
    left_out: str = ""
    summary: tuple[Line, ...] = ()
    months: Drawn[LineChart] | None = None
    offers: Drawn[DotChart] | None = None
    agreed: tuple[Line, ...] = ()
    days: str = ""
    counted: tuple[str, ...] = ()

    @property
    def draws_months(self) -> bool:
        """Whether any month has cases enough for a dot."""
        return self.found is not None and any(share.percent is not None for share in self.found.months)

    @property
    def draws_offers(self) -> bool:
        """Whether any offer has."""
        told = self.found.offers if self.found else ()
        return any(offer.in_time.percent is not None for offer in told)


@blueprint.get("/tider")
@guarded(Action.READ_STATISTICS)
def show() -> str:
    """The deadline by offer and month. That it was read is an entry in the log."""
    page = _read()
    record(Event.STATISTICS_READ, "deadlines", page.found.period if page.found else None)
    return render_template("effect/deadlines.html", page=page)


@blueprint.get("/tider.csv")
@guarded(Action.EXPORT_STATISTICS)
def download() -> Response:
    """The same numbers as a table, under the same suppression."""
    found = _read().found
    if found is None:
        raise NotFound("Der er ingen tal at hente endnu.")
    content = deadlines_csv(found)
    record(Event.EXPORTED, "deadlines", found.period, hashlib.sha256(content).hexdigest())
    return csv_answer(content, f"frister-{found.period.code}")


def _read() -> DeadlinesPage:
    refuse_other_questions(QUARTER)
    with reading(runtime().engine) as session:
        scope = scope_of(session)
        quarter = quarter_asked(scope.quarters.offered, scope.quarters.newest)
        if quarter is None:
            return DeadlinesPage(scope.whose, None)
        (cases,) = read_quarters(session, scope.units, scope.area, [quarter], scope.quarters.until)
    return page_of(scope, deadlines(cases), cases.left_out)


def page_of(scope: Scope, found: Deadlines, left_out: tuple[str, ...]) -> DeadlinesPage:
    """The page of a quarter."""
    quarters, area = scope.quarters, scope.area
    counted = sum(month.start < quarters.until for month in found.names_of_months)
    through = short_date(quarters.until - timedelta(days=1)) if quarters.is_provisional(found.period) else ""
    return DeadlinesPage(
        whose=scope.whose,
        found=found,
        options=options_of(quarters.offered, found.period),
        through=through,
        left_out=listed([scope.names[unit] for unit in left_out]),
        summary=_summary(found),
        months=_months(found, counted),
        offers=_offers(area, found, counted),
        counted=tuple(month.label.capitalize() for month in found.names_of_months[:counted]),
        agreed=tuple(
            Line(agreed_label(area, each.code), (number_words(each.count),)) for each in found.agreed
        ),
        days=days_words(found.days),
    )


def _summary(found: Deadlines) -> tuple[Line, ...]:
    return (
        Line(gettext("Opstart planlagt, af afgjorte sager"), _words(found.planned)),
        Line(gettext("Opstart tilbudt inden fristen"), _words(found.in_time)),
        Line(gettext("Heraf frist på weekend eller helligdag"), _words(found.days_off)),
        Line(gettext("Heraf senere start i planen"), _words(found.later)),
    )


def _words(share: Share) -> tuple[str, str]:
    return count_words(share), share_words(share) if share.percent is not None else "–"


def _months(found: Deadlines, counted: int) -> Drawn[LineChart]:
    title = gettext("Tilbudt inden fristen, måned for måned")
    named = list(zip(found.names_of_months, found.months, strict=True))[:counted]
    return Drawn(
        line_chart(
            "maaneder", title, gettext("Andel med interval for hver måned. Tallene står i tabellen under."),
            [value_of(month.short, share) for month, share in named], [],
        ),
        tuple(Line(month.label.capitalize(), _words(share)) for month, share in named),
    )  # fmt: skip


def _offers(area: Area, found: Deadlines, counted: int) -> Drawn[DotChart]:
    title = gettext("Tilbudt inden fristen, pr. tilbud")
    told = [offer for offer in found.offers if not offer.in_time.hidden]
    hidden = [offer_label(area, offer.code) for offer in found.offers if offer.in_time.hidden]
    return Drawn(
        dot_chart(
            "tilbud", title, gettext("Andel med interval for hvert tilbud. Tallene står i tabellen under."),
            [value_of(offer_label(area, offer.code), offer.in_time) for offer in told],
        ),
        tuple(
            Line(
                offer_label(area, offer.code),
                (
                    share_words(offer.in_time), *map(_month_cell, offer.months[:counted]),
                    days_words(offer.days),
                ),
            )
            for offer in told
        ),
        listed(hidden),
    )  # fmt: skip


def _month_cell(share: Share) -> str:
    return "–" if share.of == 0 else share_words(share)
