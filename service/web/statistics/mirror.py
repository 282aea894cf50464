"""Mit spejl: a caseworker's own pattern. Whose it is follows from who is signed in, and from nothing else."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext

from models import areas
from models.declaration import label_in
from service.policy import Action
from service.web.current import now, runtime
from service.web.danish import of
from service.web.guard import current_actor, guarded
from service.web.statistics import AREA
from service.workflow.statistics import mirror
from service.workflow.statistics.mirror import Count, Mirror, Pattern

blueprint = Blueprint("mirror", __name__)


@dataclass(frozen=True)
class Row:
    """One count in words: "13 af 20"."""

    label: str
    count: str


@dataclass(frozen=True)
class Group:
    """Counts that belong together, and what they are counted among."""

    heading: str
    among: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class MirrorPage:
    """The page. `quarters` are code, label and whether it is the one that is shown."""

    quarter: str
    quarters: tuple[tuple[str, str, bool], ...]
    decided: int
    waiting: int
    groups: tuple[Group, ...]
    reasons: tuple[Row, ...]


@blueprint.get("/mit-spejl")
@guarded(Action.SEE_OWN_PATTERN)
def show() -> str:
    """What whoever is signed in judged and decided in a quarter; that she looked is an entry."""
    code = request.args.get("kvartal", "")
    found = mirror.look(runtime().engine, AREA, code, now=now(), by=current_actor())
    return render_template("mirror/mirror.html", page=page_of(found))


def page_of(found: Mirror) -> MirrorPage:
    """A quarter of one's own in words."""
    pattern, reasons = found.pattern, areas.get(AREA).reasons
    return MirrorPage(
        quarter=found.quarter.label,
        quarters=tuple((each.code, each.label, each == found.quarter) for each in found.quarters),
        decided=pattern.decided,
        waiting=pattern.waiting,
        groups=_groups(pattern),
        reasons=tuple(Row(label_in(reasons, code), str(count)) for code, count in pattern.reasons),
    )


def _groups(pattern: Pattern) -> tuple[Group, ...]:
    return (
        Group(
            gettext("Du og flest lignende sager"),
            gettext("Sager, hvor du så lignende sager, og de havde et flertal."),
            (
                Row(gettext("Din vurdering, før du så dem, var den samme"), _words(pattern.own_met)),
                Row(gettext("Din beslutning var den samme"), _words(pattern.decision_met)),
            ),
        ),
        Group(
            gettext("Fra vurdering til beslutning"),
            gettext("Sager, du både vurderede og besluttede."),
            (
                Row(gettext("Fastholdt"), _words(pattern.kept)),
                Row(gettext("Ændret"), _words(pattern.changed)),
                Row(gettext("Ændret til det, flest lignende sager fik"), _words(pattern.toward)),
                Row(gettext("Ændret væk fra det, flest lignende sager fik"), _words(pattern.away)),
            ),
        ),
    )


def _words(count: Count) -> str:
    return of(count.hits, count.of) if count.of else gettext("ingen sager")
