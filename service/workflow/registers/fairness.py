"""Tests of bias in the registers: what was found in decisions, and exceptions from what refused a model.

A finding in people's decisions is a case until somebody has written what was done about it. An exception is
an ethics decision of its own: it has a name, says what it is from, and ends after at most 90 days.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from models.promotion import Verdict
from service.tables.governance import RegisterEntry

KIND = "fairness"
FOUND, NOTHING_FOUND = "fund", "intet_fund"
STATUS = {FOUND: "fund", NOTHING_FOUND: "intet fund"}
EXCEPTION = "undtagelse"
LONGEST = timedelta(days=90)
EXCEPTABLE = ("gruppe", "gruppetab", "kalibrering", "stedfortraeder", "akse")
"""What an exception can be from: never numbers that are missing, or a model worse than none."""


def is_whole(content: Mapping[str, Any]) -> str | None:
    """A finding names its groups; it is closed only with what was done."""
    if (content["status"] == FOUND) != bool(content.get("fund")):
        return "Et fund og de grupper, det handler om (fund), hører sammen."
    if content["til"] < content["fra"]:
        return "Perioden slutter, før den begynder."
    if bool(content.get("lukket")) != bool(content.get("handling")) or (
        content.get("lukket", content["dato"]) < content["dato"]
    ):
        return "Et fund bliver lukket med en dag (lukket) efter det og det, der blev gjort (handling)."
    return None


def exception_is_whole(content: Mapping[str, Any]) -> str | None:
    """An exception says from what, and ends within 90 days."""
    codes = scope_of(content)
    if not codes or codes - set(EXCEPTABLE):
        return f"En undtagelse skal sige fra hvad (omfang), med et eller flere af: {', '.join(EXCEPTABLE)}."
    ends = content.get("udloeber", "")
    if not ends or ends < content["dato"]:
        return "En undtagelse skal have en dag, den gælder til og med (udloeber)."
    if date.fromisoformat(ends) - date.fromisoformat(content["dato"]) > LONGEST:
        return "En undtagelse gælder højst 90 dage. Tag stilling igen, når de er gået."
    return None


def scope_of(content: Mapping[str, Any]) -> set[str]:
    """The codes of the findings that an exception is from."""
    return {each.strip() for each in str(content.get("omfang", "")).split(",") if each.strip()}


def excepted(entries: Iterable[RegisterEntry], version: str, on: date) -> frozenset[str]:
    """The findings from which a version has an exception that holds on a day."""
    found: set[str] = set()
    for entry in entries:
        content = entry.content
        if entry.subject != f"model:{version}" or content.get("trin") != EXCEPTION:
            continue
        if content["dato"] <= on.isoformat() <= content["udloeber"]:
            found |= scope_of(content)
    return frozenset(found)


class Use(Enum):
    """How far a model may be used on citizens' cases, as its test for bias turned out."""

    ALL = "all"
    OVERVIEW = "overview"
    NOTHING = "nothing"


def use_of(said: Verdict, exceptions: frozenset[str]) -> Use:
    """Everything for a version that passed; with a doubt, or by exception, the overview and no headline."""
    if {each.code for each in said.findings} - exceptions:
        return Use.NOTHING
    return Use.OVERVIEW if said.findings or said.doubts else Use.ALL


def open_findings(entries: Iterable[RegisterEntry]) -> Sequence[RegisterEntry]:
    """Findings in decisions that nobody has closed, oldest first."""
    return [
        each
        for each in entries
        if each.kind == KIND and each.content["status"] == FOUND and not each.content.get("lukket")
    ]
