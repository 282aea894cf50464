"""The section on bias: the model in use, and what was found in decisions during the year."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.audit import UNAVAILABLE
from models.promotion import STATUS, status_of
from service.workflow.registers import fairness, words
from service.workflow.registers.words import Value
from service.workflow.statistics.shares import whole_percent
from service.workflow.yearly.parts import Item, Section
from service.workflow.yearly.sources import Sources

CODE, TITLE = "skaevhed", "Prøver for skævhed"
NO_TEST = "Der er ingen prøve for skævhed af den model, der er i brug."
FEW = {"for_faa": "for få til at sige noget", "alene": "ingen anden gruppe er stor nok"}
NOT_TRIED = "Beslutninger er ikke prøvet for skævhed i {}."


def bias(sources: Sources) -> Section:
    """How the model's test turned out, group by group, and every test of decisions with what was done."""
    entries = sources.of(fairness.KIND)
    items = tuple(Item(words.title_of(each), tuple(words.told_of(each, sources.now))) for each in entries)
    missing = [] if entries else [NOT_TRIED.format(sources.year)]
    missing += [f"{words.title_of(each)}: fundet er ikke lukket." for each in fairness.open_findings(entries)]
    if sources.audit is None or sources.verdict is None:
        return Section(CODE, TITLE, (), items, (NO_TEST, *missing))
    status = Value("Modellen i brug", (STATUS[sources.verdict.status],))
    told = [str(each) for each in (*sources.verdict.findings, *sources.verdict.doubts)]
    against = (Value("Det taler imod", tuple(told)),) if told else ()
    return Section(CODE, TITLE, (status, *against, *_groups(sources.audit)), items, tuple(missing))


def _groups(audit: Mapping[str, Any]) -> Iterator[Value]:
    for axis in audit["axes"]:
        if axis["status"] == UNAVAILABLE:
            yield Value(axis["label"], (f"ikke til rådighed: {axis['reason'] or 'der står ikke hvorfor'}",))
        for group in axis["groups"]:
            yield Value(f"{axis['label']}: {group['label']}", _told(axis, group))


def _told(axis: Mapping[str, Any], group: Mapping[str, Any]) -> tuple[str, ...]:
    """How often the calculation lay below what people judged, and what could have been found."""
    status = status_of(axis, group)
    if status in FEW:
        return (FEW[status],)
    low, high = (whole_percent(each) for each in group["under"]["interval"])
    share = whole_percent(group["under"]["share"])
    detectable = f"{100 * group['under_gap']['detectable']:.0f}"
    return (
        f"{group['n']} sager",
        f"beregningen lå lavere end menneskers vurdering i {share} % ({low}-{high} %)",
        f"en forskel på {detectable} procentpoint til andre med samme behov ville være fundet",
    )
