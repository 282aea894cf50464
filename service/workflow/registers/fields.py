"""What a field of a register may hold, and how what somebody wrote is made into it.

Every check answers with a Danish sentence that never repeats what was entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from service.clock import COPENHAGEN
from service.errors import Refused

LONGEST = 4000
"""Characters in one field."""
PROFESSION, ROLE = "fag", "rolle"
PERSON_KEYS = frozenset({PROFESSION, ROLE})
MEASURE_KEYS = ("maal", "vaerdi", "sager", "saedvanligt", "graense", "svar")
"""One measure: its name, value, number of cases, what is usual, what would raise an alarm, and the answer."""


class Kind(Enum):
    """The kinds of fields."""

    TEXT = auto()
    LINES = auto()
    PEOPLE = auto()
    MEASURES = auto()
    DAY = auto()
    MONTH = auto()
    INSTANT = auto()
    CHOICE = auto()
    FLAG = auto()
    COUNT = auto()


@dataclass(frozen=True)
class Field:
    """One field: its key in files and in the export, its label, what it holds, whether it must be there."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    must: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)


def stored(field_: Field, given: Any) -> Any:
    """What is stored of a value from a file or a form; raises Refused when the field cannot hold it."""
    match field_.kind:
        case Kind.TEXT:
            return _text(field_, given)
        case Kind.LINES:
            return [_text(field_, line) for line in _list(field_, given)]
        case Kind.PEOPLE:
            return [_person(field_, each) for each in _list(field_, given)]
        case Kind.MEASURES:
            return [_measure(field_, each) for each in _list(field_, given)]
        case Kind.DAY:
            return _day(field_, given).isoformat()
        case Kind.MONTH:
            return _month(field_, given)
        case Kind.INSTANT:
            return _instant(field_, given).isoformat()
        case Kind.CHOICE:
            return _choice(field_, given)
        case Kind.FLAG:
            return _of_type(field_, given, bool, "skal være true eller false")
        case Kind.COUNT:
            return _count(field_, given)


def refused(field_: Field, what: str) -> Refused:
    """The refusal of one field, naming it by its label and its key."""
    return Refused(f"{field_.label} ({field_.key}) {what}.", field=field_.key)


def _of_type(field_: Field, given: Any, wanted: type, what: str) -> Any:
    if not isinstance(given, wanted):
        raise refused(field_, what)
    return given


def _text(field_: Field, given: Any) -> str:
    text: str = _of_type(field_, given, str, "skal være tekst").strip()
    if not text:
        raise refused(field_, "må ikke være tom")
    if len(text) > LONGEST:
        raise refused(field_, f"må højst være på {LONGEST} tegn")
    return text


def _list(field_: Field, given: Any) -> list[Any]:
    found: list[Any] = _of_type(field_, given, list, "skal være en liste")
    if not found:
        raise refused(field_, "må ikke være tom")
    return found


def _person(field_: Field, given: Any) -> dict[str, str]:
    """Somebody who took part, by profession and role; a name is not asked for."""
    one = _of_type(field_, given, dict, f"skal være en liste af {{ {PROFESSION}, {ROLE} }}")
    if set(one) != PERSON_KEYS:
        raise refused(field_, f"skal have {PROFESSION} og {ROLE} for hver deltager og ikke andet")
    return {key: _text(field_, one[key]) for key in sorted(PERSON_KEYS)}


def _measure(field_: Field, given: Any) -> dict[str, str]:
    """One line of measures; what is not known is a dash."""
    one = _of_type(field_, given, dict, f"skal være en liste af {{ {', '.join(MEASURE_KEYS)} }}")
    if set(one) != set(MEASURE_KEYS):
        raise refused(field_, f"skal have {', '.join(MEASURE_KEYS)} for hver måling og ikke andet")
    return {key: _text(field_, one[key]) for key in MEASURE_KEYS}


def _day(field_: Field, given: Any) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(_of_type(field_, given, str, "skal være en dato"))
    except ValueError:
        raise refused(field_, "skal være en dato som 2026-11-22") from None


def _month(field_: Field, given: Any) -> str:
    text = _text(field_, given)
    try:
        return f"{date.fromisoformat(f'{text}-01'):%Y-%m}"
    except ValueError:
        raise refused(field_, "skal være en måned som 2026-10") from None


def _instant(field_: Field, given: Any) -> datetime:
    """An instant; one without a zone is Danish time."""
    if not isinstance(given, datetime):
        try:
            given = datetime.fromisoformat(_of_type(field_, given, str, "skal være et tidspunkt"))
        except ValueError:
            raise refused(field_, "skal være et tidspunkt som 2026-11-22T13:40") from None
    instant: datetime = given if given.tzinfo else given.replace(tzinfo=COPENHAGEN)
    return instant


def _choice(field_: Field, given: Any) -> str:
    chosen = _of_type(field_, given, str, "skal være et valg")
    if chosen not in field_.choices:
        raise refused(field_, f"skal være et af: {', '.join(field_.choices)}")
    return str(chosen)


def _count(field_: Field, given: Any) -> int:
    # True is an int to Python, and no number to a reader.
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 1_000_000:
        raise refused(field_, "skal være et helt tal")
    return given
