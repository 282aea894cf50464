"""Security in the report: the last test of a restore, known vulnerabilities, control of look-ups, incidents.

What nobody wrote is missing, and so is what was done longer ago than a year before the report's last day.
"""

from collections.abc import Iterator
from datetime import date

from models.instants import day_text
from service.clock import local_date
from service.tables.governance import RegisterEntry
from service.workflow.registers.documents import DOCUMENT, OPEN_ONES, PASSED, RESTORED, VULNERABILITIES
from service.workflow.registers.shapes import HELD_ON
from service.workflow.registers.words import Value
from service.workflow.yearly.parts import Section
from service.workflow.yearly.sources import Sources

Told = Iterator[Value | str]
"""What there is word of as values, what is missing as sentences."""


def security(sources: Sources) -> Section:
    """The section; its last day is that of the year, or today while the year goes on."""
    on = min(local_date(sources.now), date(sources.year, 12, 31))
    told = [*_restored(sources, on), *_vulnerable(sources, on), *_control(sources), *_incidents(sources)]
    facts = tuple(each for each in told if isinstance(each, Value))
    missing = tuple(each for each in told if isinstance(each, str))
    return Section("sikkerhed", "Sikkerhed", facts, (), missing)


def _restored(sources: Sources, on: date) -> Told:
    found = _newest(sources, RESTORED, on)
    if found is None:
        yield "Der er intet sted indført, hvornår en sikkerhedskopi sidst blev prøvet."
        return
    day = date.fromisoformat(found.content[HELD_ON])
    result = "bestået" if found.content[PASSED] else "ikke bestået"
    yield Value("Seneste prøve af gendannelse", (f"{day_text(day)}, {result}",))
    if _is_old(day, on):
        yield f"Der er ingen prøve af gendannelse i de 12 måneder op til {day_text(on)}."


def _vulnerable(sources: Sources, on: date) -> Told:
    found = _newest(sources, VULNERABILITIES, on)
    if found is None:
        yield "Der er ingen gennemgang af kendte sårbarheder i registret."
        return
    day = date.fromisoformat(found.content[HELD_ON])
    yield Value(
        "Kendte sårbarheder, der ikke er lukket", (f"{found.content[OPEN_ONES]}, opgjort {day_text(day)}",)
    )
    if _is_old(day, on):
        yield f"Der er ingen gennemgang af kendte sårbarheder i de 12 måneder op til {day_text(on)}."


def _control(sources: Sources) -> Told:
    """The review of who looked at what; it is counted by the year, so that it is never older."""
    tally = sources.control
    if sources.controlled_on is None:
        yield f"Der er ikke trukket opslag ud til kontrol i {sources.year}."
        return
    yield Value("Seneste kontrol af opslag", (day_text(sources.controlled_on),))
    yield Value("Opslag trukket ud til kontrol", (str(tally.drawn),))
    yield Value("Heraf gennemgået", (str(tally.reviewed),))
    yield Value("Heraf brud", (str(tally.breach),))


def _incidents(sources: Sources) -> Told:
    found = sources.of("incident")
    if not found:
        yield f"Der er ingen hændelse i registret i {sources.year}."
        return
    breaches = sum(each.content["persondata"] for each in found)
    yield Value("Hændelser", (f"{len(found)}, heraf {breaches} brud på persondatasikkerheden",))


def _newest(sources: Sources, kind: str, on: date) -> RegisterEntry | None:
    """The newest document of a kind up to a day."""
    found = [
        each
        for each in sources.entries
        if each.kind == "document"
        and each.content[DOCUMENT] == kind
        and each.content[HELD_ON] <= on.isoformat()
    ]
    return max(found, key=lambda each: str(each.content[HELD_ON]), default=None)


def _is_old(day: date, on: date) -> bool:
    """Whether a day is twelve months or more before another."""
    return (day.year + 1, day.month, day.day) <= (on.year, on.month, on.day)
