"""What a section of the report is made of."""

from dataclasses import dataclass, field

from service.workflow.registers.words import Value


@dataclass(frozen=True)
class Item:
    """One thing that happened or was decided: what it is called, and what is told of it."""

    title: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section. `missing` holds whole sentences about what there is no word of."""

    code: str
    title: str
    facts: tuple[Value, ...] = ()
    items: tuple[Item, ...] = ()
    missing: tuple[str, ...] = field(default=())
