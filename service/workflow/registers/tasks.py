"""Ethics tasks that open by themselves: a new fact, a new source, a new model version.

What was assessed stands in the register of assessments with a mark of the whole catalogue. When the catalogue
of today has another mark, what is new follows from the marks of the facts in the newest entry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models import areas
from models.declaration import Area, Source
from models.declared import catalogue_mark, fact_marks, sources_of
from models.rule_change import Changed
from service.errors import Refused
from service.tables.governance import RegisterEntry
from service.workflow.registers import monitoring, rule_change
from service.workflow.registers.approval import NotReady

KIND = "catalogue"
MARK, FACTS, SOURCES, RESULT, APPROVED = "fingeraftryk", "oplysninger", "kilder", "resultat", "godkendt"

Entries = Sequence[RegisterEntry]


class Trigger(StrEnum):
    """What opened a task."""

    FACT = "oplysning"
    SOURCE = "kilde"
    CATALOGUE = "katalog"
    MODEL = "model"
    WEIGHT = "vaegt"
    MONITORING = "overvaagning"


@dataclass(frozen=True)
class Task:
    """Something that has to be weighed: what opened it, in words, and what an entry that closes it is about.

    `register` is the register to write in, `mark` the catalogue's mark to write there ("" for a model).
    """

    trigger: Trigger
    words: str
    register: str
    subject: str
    mark: str = ""


def open_tasks(
    entries: Entries, versions: Iterable[str], changes: Mapping[str, Sequence[Changed]] | None = None
) -> tuple[Task, ...]:
    """Everything that is open, by area; `versions` are the model versions that lie on the shelf.

    `changes` are the facts that some of them weigh otherwise.
    """
    of_catalogues = [task for name in areas.names() for task in catalogue_tasks(entries, areas.get(name))]
    return (*of_catalogues, *_model_tasks(entries, versions), *_change_tasks(entries, changes or {}),
            *_alarm_tasks(entries))  # fmt: skip


def catalogue_tasks(entries: Entries, area: Area) -> tuple[Task, ...]:
    """What of an area's catalogue is new since somebody assessed it and let it on; empty when nothing is."""
    before, mark = _assessed(entries, area), catalogue_mark(area)
    if before.get(MARK) == mark:
        return ()
    known, sources = set(before.get(FACTS, ())), set(before.get(SOURCES, ()))
    by_name = {question.name: question for question in (*area.questions, *area.kept_apart)}
    new = [
        *(
            (Trigger.SOURCE, f"Ny kilde: {Source(each).label}")
            for each in sources_of(area)
            if each not in sources
        ),
        *(
            (Trigger.FACT, f"Ny eller ændret oplysning: {by_name[name].label}")
            for name, each in fact_marks(area).items()
            if _line(name, each) not in known
        ),
    ] or [(Trigger.CATALOGUE, f"Kataloget er ændret: {area.label}")]
    return tuple(Task(trigger, words, KIND, subject_of(area), mark) for trigger, words in new)


def refuse_unassessed(entries: Entries) -> None:
    """Raise NotReady while a catalogue is not assessed as it is today; nothing goes on before it is."""
    for area in map(areas.get, areas.names()):
        tasks = catalogue_tasks(entries, area)
        if tasks:
            raise NotReady(
                f"Datakataloget for {area.label} er ikke vurderet, som det er i dag. {_listed(tasks)}"
                " Indfør vurderingen i registret: skoen register add catalogue."
            )


def completed(subject: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of an assessment with what it covers; raises Refused for another catalogue than today's."""
    name = subject.partition(":")[2]
    if name not in areas.names():
        raise Refused(f"Der er intet område “{name}”. Vælg et af: {', '.join(areas.names())}.", field="om")
    area = areas.get(name)
    if content[MARK] != catalogue_mark(area):
        raise Refused(
            f"Kataloget er et andet i dag. Dets fingeraftryk er {catalogue_mark(area)}.", field=MARK
        )
    covered = {FACTS: [_line(*each) for each in fact_marks(area).items()], SOURCES: list(sources_of(area))}
    return {**content, **covered}


def subject_of(area: Area) -> str:
    """What an assessment of an area's catalogue is about."""
    return f"katalog:{area.name}"


def _assessed(entries: Entries, area: Area) -> Mapping[str, Any]:
    """The newest assessment that let the catalogue of an area on; empty when there is none."""
    found = [e for e in entries if e.kind == KIND and e.subject == subject_of(area)]
    return next((e.content for e in reversed(found) if e.content[RESULT] == APPROVED), {})


def _model_tasks(entries: Entries, versions: Iterable[str]) -> Iterator[Task]:
    weighed = {entry.subject for entry in entries if entry.kind == "dilemma"}
    for version in versions:
        if f"model:{version}" not in weighed:
            yield Task(Trigger.MODEL, f"Ny modelversion: {version}", "dilemma", f"model:{version}")


def _change_tasks(entries: Entries, changes: Mapping[str, Sequence[Changed]]) -> Iterator[Task]:
    for version, changed in changes.items():
        for each in rule_change.unweighed(entries, version, changed):
            words = f"Ændret vægt i {version}: {each.words}"
            yield Task(Trigger.WEIGHT, words, rule_change.KIND, f"model:{version}")


def _alarm_tasks(entries: Entries) -> Iterator[Task]:
    for entry in monitoring.open_alarms(entries):
        month = monitoring.month_words(entry.content[monitoring.MONTH])
        told = "; ".join(entry.content[monitoring.ALARMS])
        yield Task(Trigger.MONITORING, f"Alarm for {month}: {told}", monitoring.KIND, entry.subject)


def _line(name: str, mark: str) -> str:
    return f"{name}:{mark}"


def _listed(tasks: Sequence[Task], most: int = 3) -> str:
    told = "; ".join(task.words for task in tasks[:most])
    more = f" og {len(tasks) - most} mere" if len(tasks) > most else ""
    return f"{told}{more}."
