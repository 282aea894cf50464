"""A version held against the one in use, in the registers: which two, over which days, and what came of it.

Nobody types it in: `skoen challenge` writes it. Until the seal of its days is broken it says nothing of what
either version answered.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from models import areas
from service.errors import Refused
from service.tables.governance import RegisterEntry
from service.workflow.registers.fields import Field, Kind

KIND = "challenge"
AREA, RUNNING, LOOKED, ENDED = "omraade", "i_gang", "opgjort", "afsluttet"
STATUS = {RUNNING: "i gang, forseglet", LOOKED: "opgjort", ENDED: "afsluttet"}
MARK, CHAMPION, CHAMPION_MARK = "aftryk", "i_brug", "i_brug_aftryk"
FIRST, LAST, COUNT, FOUND, DONE = "fra", "til", "antal", "svar", "handling"
FIELDS = (
    Field("titel", "Sammenligning"),
    Field(AREA, "Område"),
    Field("status", "Status", Kind.CHOICE, choices=STATUS),
    Field(MARK, "Versionens aftryk"),
    Field(CHAMPION, "Version i brug"),
    Field(CHAMPION_MARK, "Aftryk af versionen i brug"),
    Field("begrundelse", "Hvad der er nyt i den"),
    Field(FIRST, "Sager vurderet fra", Kind.DAY),
    Field(LAST, "Opgøres efter", Kind.DAY),
    Field(COUNT, "Egne skøn", Kind.COUNT, must=False),
    Field(FOUND, "Hvad den viste", Kind.LINES, must=False),
    Field(DONE, "Hvad der blev besluttet", must=False),
)


def is_whole(content: Mapping[str, Any]) -> str | None:
    """Days in order; figures once it is made up, and a decision once it is over."""
    if content[AREA] not in areas.names():
        return f"Der er intet område “{content[AREA]}”. Vælg et af: {', '.join(areas.names())}."
    if content[LAST] < content[FIRST]:
        return "Perioden slutter, før den begynder."
    if bool(content.get(FOUND)) != (COUNT in content) or (
        bool(content.get(FOUND)) == (content["status"] == RUNNING) and content["status"] != ENDED
    ):
        return "Tal (antal, svar) og status opgjort hører sammen."
    if bool(content.get(DONE)) != (content["status"] == ENDED):
        return "En sammenligning bliver afsluttet med det, der blev besluttet (handling)."
    return None


def refuse_by_hand(*, measured: bool) -> None:
    """Raise Refused for a comparison that somebody typed in."""
    if not measured:
        raise Refused("Sammenligninger skrives ikke i hånden. Det gør skoen challenge.", field=FOUND)


def not_ended(entries: Iterable[RegisterEntry], area: str) -> RegisterEntry | None:
    """The comparison of an area that nobody has ended, if there is one; there is never more than one."""
    for entry in entries:
        if entry.kind == KIND and entry.content[AREA] == area and entry.content["status"] != ENDED:
            return entry
    return None
