"""The chapter of a report on groups of citizens: what was tried, what was found, and what was looked at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from models.audit import AGE_MARGIN, UNAVAILABLE
from training.fairness.told import (
    AGE_HEAD,
    BASIS_HEAD,
    HEAD,
    PROXY_HEAD,
    SEEN_HEAD,
    TOLD_HEAD,
    age_rows,
    basis_rows,
    proxy_rows,
    rows_of,
    seen_rows,
    told_rows,
)
from training.report_gaps import gaps_drawn

Table = Callable[..., str]
Row = Sequence[str]

SHORT = 14
"""So many characters of a cell are never broken."""


def fairness_chapter(audit: Mapping[str, Any] | None, table: Table) -> str:
    """Every group with its gap drawn; then what tells a group, age, the basis of each, and the rest."""
    if audit is None:
        return "<h2>Grupper</h2><p>Ikke prøvet for skævhed endnu: skoen model audit.</p>"
    told = dict(audit)
    return "".join(
        (
            _primary(told, table), _missing(told), _telling(told, table), _age(told, table),
            _basis(told, table), _seen(told, table),
        )
    )  # fmt: skip


def _primary(audit: dict[str, Any], table: Table) -> str:
    rows = [_unbroken(row) for row in rows_of(audit) if row[1]]
    return (
        "<h2>Grupper</h2>"
        f"<p>Prøvet på {audit['n']} senere sager. Prøven var lagt fast på forhånd: foreslår beregningen "
        "oftere for lavt til nogen end til andre med samme behov? En gruppe under 20 er for lille til at "
        "sige noget om. Hvor intet er fundet, står der, hvor stor en forskel der kunne være fundet.</p>"
        + gaps_drawn(audit)
        + table(HEAD, rows, first_number=2, last_number=5)
    )


def _missing(audit: dict[str, Any]) -> str:
    return "".join(
        f"<p>{escape(axis['label'])}: ikke til rådighed. {escape(axis['reason'] or 'Ingen grund givet.')}</p>"
        for axis in audit["axes"]
        if axis["status"] == UNAVAILABLE
    )


def _telling(audit: dict[str, Any], table: Table) -> str:
    rows, proxies = told_rows(audit), proxy_rows(audit)
    if not rows:
        return ""
    return (
        "<h3>Kan man se på sagen, hvilken gruppe borgeren hører til?</h3>"
        "<p>De beskyttede oplysninger indgår ikke i beregningen, men andre oplysninger kan fortælle dem. "
        "Af to borgere, den ene fra gruppen: så tit peger de på den rigtige; 50 % er et gæt. "
        "I parentes står, hvad forskelle i behov og tilfældet højst ville give. * betyder, at der er mere "
        "end det. Det er set efter og prøver ikke noget: kun om det <em>ændrer</em> forslaget, kan standse "
        "en version.</p>"
        + table(TOLD_HEAD, map(_unbroken, rows))
        + "<p>De fem oplysninger, der siger mest om hver. Borgeren får gruppens værdi af netop den "
        "oplysning; så mange forslag bliver anderledes, ud over hvad tilfældet giver.</p>"
        + table(PROXY_HEAD, map(_unbroken, proxies), first_number=2, last_number=3)
    )  # fmt: skip


def _age(audit: dict[str, Any], table: Table) -> str:
    rows = age_rows(audit)
    if not rows:
        return ""
    margin = f"{AGE_MARGIN:.2f}".replace(".", ",")
    return (
        "<h3>Samme funktion, anden alder</h3>"
        "<p>Alder indgår ikke i beregningen. Behov og faglige kriterier holdes fast, og alle andre "
        "oplysninger bliver som hos de ældste med samme behov. Forslaget må ikke flytte sig mere end "
        f"{margin} niveau.</p>" + table(AGE_HEAD, map(_unbroken, rows), first_number=2)
    )


def _basis(audit: dict[str, Any], table: Table) -> str:
    rows = basis_rows(audit)
    if not rows:
        return ""
    return (
        "<h3>Hvor godt et grundlag får hver gruppe?</h3>"
        "<p>Modellen er tilpasset igen på sager trukket på ny. Så tit er den vigtigste oplysning i en sag "
        "stadig den samme, og så tit står to af de vigtigste i samme rækkefølge. Dernæst: hvor tit modellen "
        "tier, hvor meget de 20 nærmeste tidligere sager ligner, og hvor mange oplysninger der mangler. "
        "* betyder, at gruppen ligger anderledes end andre med samme behov, ud over sit 90 %-interval.</p>"
        + table(BASIS_HEAD, map(_unbroken, rows), first_number=2)
    )


def _seen(audit: dict[str, Any], table: Table) -> str:
    rows = seen_rows(audit)
    if not rows:
        return ""
    return (
        "<h3>Alt, hvad der er set efter</h3>"
        "<p>Ikke en prøve. Af så mange tal peger nogle på en forskel ved et tilfælde, omtrent ét af ti. "
        "Forskellen er mod andre med samme behov, i målets egen enhed (0,05 af en andel er 5 procentpoint)."
        "</p>" + table(SEEN_HEAD, map(_unbroken, rows), first_number=2, last_number=2) + _smallest(audit)
    )


def _smallest(audit: dict[str, Any]) -> str:
    need = audit["exploratory"]["with_need"]
    if not need["cells"] and not need["too_small"]:
        return ""
    apart = [
        f"{escape(each['need'])} ({', '.join(map(escape, each['groups']))})"
        for each in need["cells"]
        if each["gap"] and each["gap"]["low"] > 0
    ]
    found = f"For lavt oftere end andre: {'; '.join(apart)}." if apart else "Ingen får oftere for lavt."
    return (
        f"<p>Køn, alder og behov sammen: {len(need['cells'])} grupper har mindst 20 sager. "
        f"{found if need['cells'] else ''} {need['too_small']} er for små til at sige noget om.</p>"
    )


def _unbroken(row: Row) -> list[str]:
    """A row in which no number stands apart from its sign, and no short name is broken."""
    return [_whole(each) if place else each for place, each in enumerate(_minus(row))]


def _whole(cell: str) -> str:
    for spaced, whole in ((" %", "\u00a0%"), (" *", "\u00a0*"), ("(-", "(−"), ("til -", "til −")):
        cell = cell.replace(spaced, whole)
    return cell.replace(" ", "\u00a0") if len(cell) <= SHORT else cell


def _minus(row: Row) -> Iterator[str]:
    return (f"−{each[1:]}" if each[:1] == "-" else each for each in row)
