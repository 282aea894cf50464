"""The draft of a notification of a breach, by Article 33(3) of the General Data Protection Regulation.

What the log knows is filled in. What only people know stands as a question in brackets.
"""

from datetime import datetime

from service.clock import local
from service.workflow.breach import CATEGORIES, Affected
from service.workflow.registers.incidents import HOURS

ASKED = "[skal udfyldes]"
EXPORTS = {
    "decisions": "beslutninger uden identitet", "outcomes": "resultater af forløb", "log": "hændelsesloggen",
    "statistics": "statistik uden personer", "access": "opslag i en sag",
}  # fmt: skip


def draft_report(found: Affected, municipality: str, discovered: datetime | None = None) -> str:
    """A text for the municipality to finish; 72 hours run from when the breach was `discovered`."""
    window = found.window
    known = ", ".join(CATEGORIES[code] for code in found.categories) or "ingen, som loggen viser"
    cases = sum(len(one.cases) for one in found.citizens)
    looks = sum(one.looks for one in found.citizens)
    who = "én medarbejder" if window.person_id else "medarbejdere i én enhed" if window.unit_id else "alle"
    due = _moment(discovered + HOURS) if discovered else "72 timer efter, at det er opdaget"
    lines = [
        f"Udkast til anmeldelse af brud på persondatasikkerheden ({municipality})",
        "Efter databeskyttelsesforordningens artikel 33, stk. 3. Lavet af adgangsloggen og ikke sendt.",
        "",
        f"Opdaget: {_moment(discovered) if discovered else ASKED}",
        f"Skal være anmeldt senest: {due}",
        "",
        "a) Bruddets karakter",
        f"Hvad der skete: {ASKED}",
        f"Periode: {_moment(window.since)} til {_moment(window.until)}. Opslag foretaget af: {who}.",
        f"Berørte borgere: {len(found.citizens)}, i {cases} sager. Opslag: {looks}.",
        f"Kategorier af oplysninger: {known}.",
        *_doubts(found),
        "",
        f"b) Databeskyttelsesrådgiver og kontakt: {ASKED}",
        f"c) Sandsynlige konsekvenser for borgerne: {ASKED}",
        f"d) Hvad der er gjort, og hvad der foreslås: {ASKED}",
        "",
        "Skal borgerne underrettes (artikel 34)? " + ASKED,
        "Sagerne: " + (", ".join(str(serial) for one in found.citizens for serial in one.cases) or "ingen"),
    ]
    return "\n".join(lines) + "\n"


def _doubts(found: Affected) -> list[str]:
    """What the log cannot tell, and files that hold more than single cases."""
    said = []
    if found.erased:
        said.append(f"Desuden {found.erased} sager, hvor borgerens oplysninger siden er slettet.")
    if found.damaged:
        said.append(f"{found.damaged} indførsler i loggen er ændret. Listen kan mangle borgere.")
    for at, what in found.whole_exports:
        said.append(f"Udtræk med flere sager {_moment(at)}: {EXPORTS.get(what, what)}.")
    return said


def _moment(at: datetime) -> str:
    return f"{local(at):%d.%m.%Y kl. %H.%M}"
