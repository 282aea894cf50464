"""Danish wording of counts, lists and dates where no request is at hand: one denominator, no decimals."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date

MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def of(count: int, total: int) -> str:
    """A frequency with its denominator: "13 af 20". A count outside 0 to total raises ValueError."""
    if not 0 <= count <= total:
        raise ValueError(f"{count} is no part of {total}")
    return f"{count} af {total}"


def listed(words: Sequence[str]) -> str:
    """A Danish enumeration: "a", "a og b", "a, b og c"; nothing for no words."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} og {words[-1]}"


def percent(share: Decimal) -> str:
    """A share between 0 and 1 in whole percent, rounded half up: "31 %"."""
    whole = (share * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{whole}{NO_BREAK}%"


def signed_percent(share: Decimal) -> str:
    """A share between -1 and 1 in whole percent with its sign: "+31 %", "−8 %"."""
    return (MINUS if share < 0 else "+") + percent(abs(share))


def day_in_words(day: date) -> str:
    """A date as people write it: "23. november 2026"."""
    return str(format_date(day, "d. MMMM y", locale="da"))


def level_phrase(label: str) -> str:
    """A level's name inside a sentence: "Avanceret niveau" becomes "avanceret niveau"."""
    return label[:1].lower() + label[1:]
