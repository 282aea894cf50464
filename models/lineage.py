"""From source to field to feature: where each thing that a model reads comes from, followed to its source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.declaration import Area, Question, Source

ARRIVAL = {
    "received_on": ("Dagen, planen blev modtaget", Source.MUNICIPALITY),
    "discharged_on": ("Dagen for udskrivning", Source.PLAN_CODED),
    "start_after": ("Dagen, opstart tidligst må ske", Source.PLAN_CODED),
    "contact_from": ("Første dag i kontakten med sygehuset", Source.PLAN_CODED),
    "contact_to": ("Sidste dag i kontakten med sygehuset", Source.PLAN_CODED),
}
"""The dates of a plan's arrival (`models.declaration.Arrival`): what each is called, and its source."""


@dataclass(frozen=True)
class Field:
    """Something as it was received, not computed: its name, what people call it, and its source."""

    name: str
    label: str
    source: Source


@dataclass(frozen=True)
class Strand:
    """One feature and every field that it is made from; one field, its own, unless it is computed."""

    feature: Question
    fields: tuple[Field, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of its fields, each once."""
        return tuple(dict.fromkeys(field.source for field in self.fields))


class LineageBroken(ValueError):
    """A feature cannot be followed to a source; the text names it."""


def lineage(area: Area, features: Sequence[str]) -> tuple[Strand, ...]:
    """The strand of each feature of a model, in the model's order.

    Raises LineageBroken for a feature that the area does not ask about, for a computed one that does not say
    what it is drawn from, and for one that leads back to itself.
    """
    return tuple(
        Strand(_asked(area, name), tuple(dict.fromkeys(_fields(area, name, ())))) for name in features
    )


def _fields(area: Area, name: str, seen: tuple[str, ...]) -> Iterator[Field]:
    if name in ARRIVAL:
        label, source = ARRIVAL[name]
        yield Field(name, label, source)
        return
    question = _asked(area, name)
    if not question.computed:
        yield Field(name, question.label, question.source)
        return
    if not question.drawn_from or name in seen:
        raise LineageBroken(f"{name} cannot be followed to a source")
    for each in question.drawn_from:
        yield from _fields(area, each, (*seen, name))


def _asked(area: Area, name: str) -> Question:
    if name not in area.by_name:
        raise LineageBroken(f"{area.name} does not ask about {name}")
    return area.by_name[name]
