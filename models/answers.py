"""From what somebody typed or sent to the value of a fact, or a refusal that names what was found."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from models.declaration import UNKNOWN, Kind, Question

FactValue = str | int | float | frozenset[str] | date

NONE_OF_THEM = "ingen"
"""How an empty set is written: "none of them" is an answer, and an empty cell is not."""

FOUND_LENGTH = 80
TERM_LENGTH = 40
DANISH_DATE = re.compile(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})", re.ASCII)
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
DECIMAL_NUMBER = re.compile(r"[+-]?\d{1,9}([.,]\d{1,20})?(e-\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Refusal:
    """Why one answer cannot be a fact.

    `code` is not_a_code, not_a_number, out_of_bounds, not_a_date, computed, unknown_question or known_after.
    """

    question: str
    code: str
    found: str


class FactsRefused(ValueError):
    """Answers that cannot be facts; `refusals` holds one entry per answer."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(f"{each.question}: {each.code}" for each in refusals))
        self.refusals: tuple[Refusal, ...] = refusals


def parse_answer(question: Question, raw: object) -> FactValue | None:
    """The value of a typed answer: empty is None, "ukendt" is UNKNOWN. Raises FactsRefused.

    An empty list is "none of them"; a form in which nothing was ticked passes None.
    """
    if question.computed and not _blank(raw):
        raise _refused(question, "computed", raw)
    return parse_value(question, raw)


def parse_value(question: Question, raw: object) -> FactValue | None:
    """As `parse_answer`, but takes computed values too: for rows that carry them. Raises FactsRefused."""
    if _blank(raw):
        return None
    if isinstance(raw, str):
        raw = raw.strip()
    if raw == UNKNOWN:
        return UNKNOWN
    return _READERS[question.kind](question, raw)


def shown(raw: object) -> str:
    """What was found, short enough for a message."""
    if isinstance(raw, list | tuple | set | frozenset):
        raw = "+".join(sorted(map(str, raw)))
    text = raw.isoformat() if isinstance(raw, date | datetime) else str(raw)
    text = " ".join(text.split())
    return text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"


def _refused(question: Question, code: str, raw: object) -> FactsRefused:
    return FactsRefused(Refusal(question.name, code, shown(raw)))


def _blank(raw: object) -> bool:
    """Nothing was answered; a NaN is how a Parquet column says so."""
    if raw is None:
        return True
    if isinstance(raw, float):
        return math.isnan(raw)
    return isinstance(raw, str) and not raw.strip()


def _code(question: Question, raw: object) -> str:
    """One code; a whole number counts as its digits, for files that store codes as numbers."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and float(raw).is_integer():
        raw = str(int(raw))
    if not isinstance(raw, str) or raw not in question.code_values:
        raise _refused(question, "not_a_code", raw)
    return raw


def _whole_number(question: Question, raw: object) -> int:
    if isinstance(raw, str) and WHOLE_NUMBER.fullmatch(raw):
        raw = int(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _refused(question, "not_a_number", raw)
    if not within(raw, question.low, question.high):
        raise _refused(question, "out_of_bounds", raw)
    return raw


def _share(question: Question, raw: object) -> float:
    if isinstance(raw, str) and DECIMAL_NUMBER.fullmatch(raw):
        raw = float(raw.replace(",", "."))
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise _refused(question, "not_a_number", raw)
    if not within(raw, question.low or 0, 1 if question.high is None else question.high):
        raise _refused(question, "out_of_bounds", raw)
    return float(raw)


def _set(question: Question, raw: object) -> FactValue:
    """Codes in a list or joined by "+"; NONE_OF_THEM alone is the empty set, UNKNOWN alone is unknown."""
    parts = raw.split("+") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple | set | frozenset):
        raise _refused(question, "not_a_code", raw)
    if not all(isinstance(part, str) for part in parts):
        raise _refused(question, "not_a_code", raw)
    codes = frozenset(part.strip() for part in parts)
    if codes == {UNKNOWN}:
        return UNKNOWN
    if codes == {NONE_OF_THEM} and NONE_OF_THEM not in question.code_values:
        return frozenset()
    if not codes <= set(question.code_values):
        raise _refused(question, "not_a_code", raw)
    return codes


def _date(question: Question, raw: object) -> date:
    """A date as ISO text or as Danes write it; its bounds need the receipt and are checked by `complete`."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return read_date(raw)
    except ValueError:
        raise _refused(question, "not_a_date", raw) from None


def read_date(raw: object) -> date:
    """The date of "2026-11-23", "23.11.2026" or "23-11-2026"; anything else raises ValueError."""
    if not isinstance(raw, str):
        raise ValueError("not a date")
    danish = DANISH_DATE.fullmatch(raw)
    if danish:
        day, month, year = map(int, danish.groups())
        return date(year, month, day)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
        raise ValueError("not a date")
    return date.fromisoformat(raw)


def _term(question: Question, raw: object) -> str:
    """A code of an outside classification, in capitals, of the declared form."""
    if not isinstance(raw, str) or len(raw) > TERM_LENGTH:
        raise _refused(question, "not_a_code", raw)
    term = raw.upper()
    if question.pattern and not re.fullmatch(question.pattern, term, re.ASCII):
        raise _refused(question, "not_a_code", raw)
    return term


def within(number: float, low: int | None, high: int | None) -> bool:
    """Whether a number lies within bounds; a bound of None is no bound."""
    return (low is None or number >= low) and (high is None or number <= high)


_READERS: dict[Kind, Callable[[Question, object], FactValue]] = {
    Kind.CHOICE: _code,
    Kind.SCALE: _code,
    Kind.COUNT: _whole_number,
    Kind.SHARE: _share,
    Kind.SET: _set,
    Kind.DATE: _date,
    Kind.TERM: _term,
}
