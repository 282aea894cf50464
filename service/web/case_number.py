"""A case by its number on the receipt and in the journal: the field, and the case it leads to."""

from flask_babel import gettext

from service.database import reading
from service.errors import NotFound, Refused
from service.web.current import runtime
from service.web.forms import FieldView, Typed, text_field
from service.web.guard import current_actor
from service.workflow.oversight import find_by_serial

SERIAL = "sagsnummer"
MAX_DIGITS = 9


def number_field(typed: Typed | None, error: str) -> FieldView:
    """Where the number of a case is written."""
    told = gettext("Står på kvitteringen og i journalen.")
    return text_field(SERIAL, gettext("Sagens nummer"), typed, error, told)


def case_of(typed: str) -> str:
    """The id of the municipality's case of that number. Raises Refused: no number, or no such case."""
    number = typed.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS):
        raise Refused(gettext("Skriv sagens nummer med tal."), field=SERIAL)
    try:
        with reading(runtime().engine) as session:
            return find_by_serial(session, int(number), current_actor()).id
    except NotFound:
        raise Refused(gettext("Kommunen har ingen sag med det nummer."), field=SERIAL) from None
