"""Keeps identities out of the workshop: columns that name somebody, values that look like a CPR number."""

import calendar
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

NAMING = (
    "cpr", "cprnr", "personnummer", "navn", "fornavn", "efternavn", "name", "first_name", "last_name",
    "adresse", "address", "vej", "postnummer", "postnr", "telefon", "tlf", "phone", "mobil", "email",
    "e_mail", "mail",
    "foedselsdato", "birthdate", "birth_date", "paaroerende", "kontaktperson", "laege",
)  # fmt: skip
CPR_LIKE = re.compile(r"(?<![0-9A-Za-z_.-])(\d\d)(\d\d)(\d\d)[- ]?\d{4}(?![0-9A-Za-z_-]|\.\d)")
SHORTEST = 10
REPLACEMENT = 60
"""A replacement number is a CPR number whose day has 60 added; it stands for somebody too."""


@lru_cache(maxsize=64)
def naming_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns whose name says that they hold an identity."""
    return tuple(column for column in columns if _ascii(column) in NAMING or "cpr" in column.casefold())


def cpr_column(row: Mapping[str, Any]) -> str | None:
    """The first column of a row, nested ones included, whose value holds what looks like a CPR number.

    Cells of text are looked at together first, a line each: hardly any row holds one.
    """
    try:
        if not holds_cpr("\n".join(row.values())):
            return None
    except TypeError:
        pass  # not only text
    for name, value in row.items():
        if isinstance(value, str):
            if len(value) >= SHORTEST and holds_cpr(value):
                return name
        elif isinstance(value, Mapping):
            inner = cpr_column(value)
            if inner is not None:
                return f"{name}.{inner}"
        elif holds_cpr(value):
            return name
    return None


def holds_cpr(value: object) -> bool:
    """Whether a text or a whole number holds ten digits that begin with a possible date."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**10:
        value = f"{value:010d}" if value >= 10**8 else ""
    if not isinstance(value, str):
        return False
    return any(_is_day(*map(int, match.groups())) for match in CPR_LIKE.finditer(value))


def _is_day(day: int, month: int, year: int) -> bool:
    if not 1 <= month <= 12:
        return False
    day = day - REPLACEMENT if day > REPLACEMENT else day
    return 1 <= day <= calendar.monthrange(2000 + year, month)[1]


def _ascii(column: str) -> str:
    spelled = column.casefold().strip().replace(" ", "_").replace("-", "_")
    return spelled.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
