"""Documents and checklists: which there are, and when one is whole."""

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DECLARED = Path(__file__).with_name("checklists.toml")

DOCUMENT, PASSED, OPEN_ONES = "slags", "bestaaet", "aabne"
DPIA, BIAS, RESTORED, REPORT = "dpia", "skaevhed", "gendannelse", "redegoerelse"
VULNERABILITIES = "saarbarheder"
DOCUMENTS = {
    DPIA: "konsekvensanalyse om databeskyttelse (DPIA)",
    "fria": "konsekvensanalyse om grundlæggende rettigheder (FRIA)",
    "klassifikation": "notat om klassifikation og medicinsk udstyr",
    "forvaltningsret": "forvaltningsretlig konsekvensanalyse",
    "skyggerapport": "rapport om skyggefasen",
    BIAS: "undersøgelse af skævhed",
    "breve": "godkendelse af breve",
    "fortegnelse": "offentlig fortegnelse",
    "arkiv": "plan for arkiv og sletning",
    RESTORED: "prøve af gendannelse",
    VULNERABILITIES: "gennemgang af kendte sårbarheder",
    REPORT: "årlig redegørelse, forelagt udvalget",
}
LIST, ANSWERS = "liste", "svar"
LAW, PRINCIPLES = "lov", "principper"
LISTS = {LAW: "juridisk tjekliste", PRINCIPLES: "vurdering mod principperne"}
ANSWERED = ("opfyldt", "delvis", "ikke_relevant")
NAMED_AT_MOST = 10


@cache
def asked(name: str) -> Mapping[str, str]:
    """What a list asks, by id, in the order it is declared."""
    found: dict[str, str] = tomllib.loads(DECLARED.read_text("utf-8"))[name]
    return found


def report_due_on(contents: Iterable[Mapping[str, Any]]) -> date | None:
    """The day from which the next yearly report is asked for: eleven months after the last one, if any."""
    days = [date.fromisoformat(each["dato"]) for each in contents if each.get(DOCUMENT) == REPORT]
    if not days:
        return None
    last = max(days)
    year, month = (last.year, 12) if last.month == 1 else (last.year + 1, last.month - 1)
    return date(year, month, min(last.day, monthrange(year, month)[1]))


def document_is_whole(content: Mapping[str, Any]) -> str | None:
    """An assessment carries the adviser's advice, a test its result, a review how many are open."""
    if content[DOCUMENT] == DPIA and not content.get("raad"):
        return "En konsekvensanalyse om databeskyttelse skal have databeskyttelsesrådgiverens råd (raad)."
    if content[DOCUMENT] in (BIAS, RESTORED) and PASSED not in content:
        return "En undersøgelse eller prøve skal sige, om den er bestået (bestaaet)."
    if content[DOCUMENT] == VULNERABILITIES and OPEN_ONES not in content:
        return "En gennemgang af sårbarheder skal sige, hvor mange der ikke er lukket (aabne)."
    return None


def checklist_is_whole(content: Mapping[str, Any]) -> str | None:
    """Every id of the list is answered once, with what the answer rests on: "SK-01: opfyldt: sag 26/1"."""
    wanted, given = asked(content[LIST]), [_parts(line) for line in content[ANSWERS]]
    ids = [each[0] for each in given]
    for name, answer, rests_on in given:
        if name not in wanted:
            return "Et svar begynder med et id, der ikke står på listen."
        if answer not in ANSWERED:
            return f"Svaret på {name} skal være et af: {', '.join(ANSWERED)}."
        if not rests_on:
            return f"Svaret på {name} mangler, hvad det hviler på."
        if ids.count(name) > 1:
            return f"{name} er besvaret flere gange."
    lacking = [name for name in wanted if name not in ids]
    if lacking:
        more = f" og {len(lacking) - NAMED_AT_MOST} til" if len(lacking) > NAMED_AT_MOST else ""
        return f"Ikke besvaret: {', '.join(lacking[:NAMED_AT_MOST])}{more}."
    return None


def _parts(line: str) -> tuple[str, str, str]:
    name, _, rest = line.partition(":")
    answer, _, rests_on = rest.partition(":")
    return name.strip(), answer.strip(), rests_on.strip()
