"""Reading and writing the cells of a row: text as in CSV, native values as in Parquet and JSON."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from models.answers import NONE_OF_THEM, FactValue, read_date
from models.decided_case import RecordRefused
from models.instants import instant_text, read_instant

YES, NO = "ja", "nej"
EARLIEST = date(2007, 1, 1)
"""No decided case is older: on that day the municipalities took training over from the counties."""

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
KEY_PATTERN = re.compile(r"[0-9a-f]{32}")
CODE_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,39}")
MUNICIPALITY_PATTERN = re.compile(r"\d{4}")


class Cells:
    """The cells of one row, read by name; every reader raises RecordRefused with the field's name."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row

    def raw(self, field: str) -> Any:
        """The cell as it is; an empty or absent one is None."""
        value = self._row.get(field)
        if isinstance(value, str):
            return value.strip() or None
        return None if isinstance(value, float) and value != value else value

    def any_of(self, *fields: str) -> bool:
        """Whether anything stands in one of the cells."""
        return any(self._row.get(field) not in (None, "") for field in fields)

    def text(self, field: str, pattern: re.Pattern[str], reason: str) -> str:
        """A needed text of a stated form."""
        value = self.optional_text(field, pattern, reason)
        if value is None:
            raise RecordRefused(field, "mangler", "")
        return value

    def optional_text(self, field: str, pattern: re.Pattern[str], reason: str) -> str | None:
        """A text of a stated form, or None."""
        value = self.raw(field)
        if value is None:
            return None
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise RecordRefused(field, reason, value)
        return value

    def code(self, field: str, codes: Iterable[str]) -> str | None:
        """One of the codes, or None."""
        value = self.raw(field)
        if value is not None and value not in tuple(codes):
            raise RecordRefused(field, "er en ukendt kode", value)
        return value

    def needed_code(self, field: str, codes: Iterable[str]) -> str:
        """One of the codes."""
        value = self.code(field, codes)
        if value is None:
            raise RecordRefused(field, "mangler", "")
        return value

    def some_codes(self, field: str, codes: Iterable[str]) -> tuple[str, ...]:
        """Any number of the codes, joined by "+" or in a list, in the codes' own order."""
        value = self.raw(field)
        if value is None:
            return ()
        found = value.split("+") if isinstance(value, str) else list(value)
        known = tuple(codes)
        for each in found:
            if each not in known:
                raise RecordRefused(field, "er en ukendt kode", each)
        return tuple(code for code in known if code in found)

    def day(self, field: str) -> date | None:
        """A date as YYYY-MM-DD, or None."""
        value = self.raw(field)
        if value is None:
            return None
        try:
            day = value if isinstance(value, date) and not isinstance(value, datetime) else _read_day(value)
        except ValueError:
            raise RecordRefused(field, "er ikke en dato (ÅÅÅÅ-MM-DD)", value) from None
        if day < EARLIEST:
            raise RecordRefused(field, f"ligger før {EARLIEST.isoformat()}", value)
        return day

    def needed_day(self, field: str) -> date:
        """A date as YYYY-MM-DD."""
        day = self.day(field)
        if day is None:
            raise RecordRefused(field, "mangler", "")
        return day

    def instant(self, field: str) -> datetime | None:
        """An instant as RFC 3339 with a time zone, or None."""
        value = self.raw(field)
        try:
            if value is None:
                return None
            return read_instant(instant_text(value) if isinstance(value, datetime) else str(value))
        except ValueError:
            reason = "er ikke et tidspunkt med tidszone (ÅÅÅÅ-MM-DDTTT:MM:SSZ)"
            raise RecordRefused(field, reason, value) from None

    def needed_instant(self, field: str) -> datetime:
        """An instant as RFC 3339 with a time zone."""
        at = self.instant(field)
        if at is None:
            raise RecordRefused(field, "mangler", "")
        return at

    def yes_no(self, field: str) -> bool | None:
        """ja, nej or nothing."""
        value = self.raw(field)
        if isinstance(value, bool) or value is None:
            return value
        if value not in (YES, NO):
            raise RecordRefused(field, "skal være ja eller nej", value)
        return bool(value == YES)

    def count(self, field: str, high: int) -> int | None:
        """A whole number from 0 to a bound, or None."""
        value = self.raw(field)
        if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value, re.ASCII):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
            raise RecordRefused(field, f"skal være et helt tal mellem 0 og {high}", value)
        return value


@lru_cache(maxsize=20_000)
def _day_of(text: str) -> date:
    return read_date(text)


def _read_day(value: object) -> date:
    """A day; a history has few different ones, and their cases share them."""
    return _day_of(value) if isinstance(value, str) else read_date(value)


def cell(value: object) -> str:
    """A value as the text of a CSV cell: lists joined by "+", ja/nej, decimal point, ISO dates."""
    if value is None:
        return ""
    if type(value) is str:  # most of them: asked first, for a row has over a hundred
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "+".join(value)
    return str(value)


def fact_cell(value: FactValue | None) -> str:
    """A fact's value as the text of a CSV cell; an empty set is "ingen", so that it is not an empty cell."""
    if isinstance(value, frozenset):
        return "+".join(sorted(value)) or NONE_OF_THEM
    return cell(value)
