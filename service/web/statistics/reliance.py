"""From own judgement to decision, whether the numbers of the basis hold, and how the courses went."""

from dataclasses import dataclass

from flask_babel import gettext

from service.web.danish import NO_BREAK
from service.web.drawing.pair_charts import Dumbbell, Pair, SquareChart, dumbbell, square_chart
from service.web.statistics.parts import Drawn, Line
from service.web.statistics.words import count_words, points_words, share_words
from service.workflow.statistics.calibration import Bin
from service.workflow.statistics.outcomes import Outcomes
from service.workflow.statistics.reliance import Paths, Reliance
from service.workflow.statistics.shares import Share


@dataclass(frozen=True)
class Flow:
    """The table of paths and what it comes to in sentences."""

    lines: tuple[Line, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeView:
    """Two groups' outcomes; no chart where a group has too few ended courses."""

    chart: Dumbbell | None
    lines: tuple[Line, ...]
    difference: str


def flow_of(found: Reliance) -> Flow:
    """The two by three table and its sentences."""
    return Flow(
        lines=(
            Line(gettext("Først en anden end flest lignende sager"), _path(found.began_apart)),
            Line(gettext("Først den samme som flest lignende sager"), _path(found.began_alike)),
        ),
        sentences=tuple(sentence for sentence in _sentences(found) if sentence),
    )


def _path(path: Paths) -> tuple[str, ...]:
    if path.of is None:
        return (gettext("Skjult"),) * 4
    cells = (path.kept, path.switched, path.third, path.of)
    return tuple("–" if number is None else str(number) for number in cells)


def _sentences(found: Reliance) -> tuple[str, ...]:
    return (
        _sentence(
            found.distance, gettext("%(n)s sager var egen vurdering først en anden end flest lignende")
        ),
        _sentence(found.toward, gettext("%(n)s af dem blev beslutningen som flest lignende sager")),
        _sentence(found.third, gettext("%(n)s af dem blev det noget tredje")),
        _sentence(found.away, gettext("%(n)s sager, der begyndte ens, blev beslutningen en anden")),
        _sentence(
            found.fast,
            gettext("%(n)s sager blev egen vurdering ændret til flest lignende sagers inden 10 sekunder"),
        ),
    )  # fmt: skip


def _sentence(share: Share, words: str) -> str:
    """ "I 14 af 38 …", with the percentage where there is one; nothing where it is hidden or of nothing."""
    if share.hidden or share.of == 0:
        return ""
    start = gettext("I %(words)s.", words=words % {"n": count_words(share)})
    return start if share.percent is None else f"{start[:-1]}: {share_words(share)}."


def calibration_of(bins: tuple[Bin, ...]) -> Drawn[SquareChart] | None:
    """The bins as dots against the diagonal, and as sentences in a table; None without a bin to show."""
    if not bins:
        return None
    title = gettext("Grundlagets tal og beslutningen")
    chart = square_chart(
        "kalibrering",
        title,
        gettext("Hvad grundlaget viste, mod hvor ofte det blev besluttet. Tallene står i tabellen."),
        [pair for each in bins if (pair := _pair(each.shown, each.decided))],
        [pair for each in bins if (pair := _pair(each.shown, each.completed))],
        gettext("Så mange lignende sager havde niveauet"),
        (gettext("Besluttet sådan"), gettext("Gennemført, af forløb der er slut")),
    )
    return Drawn(chart, tuple(Line(_bin_words(each), _bin_cells(each)) for each in bins))


def _pair(shown: int, share: Share) -> Pair | None:
    if share.percent is None or share.interval is None:
        return None
    low, high = share.interval
    return Pair(shown / 100, share.percent / 100, low / 100, high / 100)


def _bin_words(each: Bin) -> str:
    """ "Når grundlaget viste 7 af 10, blev det besluttet i 6 af 10"; a bin always has a percentage."""
    decided = round((each.decided.percent or 0) / 10)
    return gettext(
        "Når grundlaget viste %(shown)s af 10, blev det besluttet i %(decided)s af 10",
        shown=each.tenths,
        decided=decided,
    )


def _bin_cells(each: Bin) -> tuple[str, ...]:
    return (
        str(each.decided.of),
        f"{each.shown}{NO_BREAK}%",
        share_words(each.decided),
        gettext("For få") if each.completed.hidden else share_words(each.completed),
    )


def outcomes_of(found: Outcomes | None) -> OutcomeView | None:
    """The dumbbell, its table, and the difference with case types held apart."""
    if found is None or (not found.override.of and not found.agreement.of):
        return None
    names = gettext("Anderledes end flest"), gettext("På linje med flest")
    ends = [
        (name, pair.share, pair.low, pair.high)
        for name, share in zip(names, (found.override, found.agreement), strict=True)
        if (pair := _pair(0, share))
    ]
    return OutcomeView(
        chart=dumbbell(
            "resultat",
            gettext("Gennemførte forløb"),
            gettext("Andel gennemførte forløb i to grupper af sager. Tallene står i tabellen."),
            ends[0],
            ends[1],
        )
        if len(ends) == 2
        else None,
        lines=tuple(
            Line(name, (share_words(share),))
            for name, share in zip(names, (found.override, found.agreement), strict=True)
        ),
        difference=""
        if found.points is None or found.low is None or found.high is None
        else points_words(found.points, found.low, found.high),
    )
