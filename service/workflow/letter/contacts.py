"""Whom the citizen can turn to: a file that the municipality answers for. Without it there is no letter."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from service.errors import Conflict

DEFAULT = Path(__file__).with_name("contacts.toml")


class ContactsMissing(Conflict):
    """The municipality has not said whom a citizen can turn to; the sentence names what is missing."""


@dataclass(frozen=True)
class Contacts:
    """What stands in a letter of a municipality: people to talk to, and where to complain."""

    phone: str
    hours: str
    email: str
    address: str
    complaint: str
    data_protection: str
    adviser: str


def read_contacts(path: Path | None, municipality_code: str) -> Contacts:
    """The contacts of a municipality, from its file or from the one that comes along.

    Raises ContactsMissing for a file that cannot be read, a municipality that is not in it, or an empty line.
    """
    said = lines_of(path, municipality_code)
    names = [field.name for field in fields(Contacts)]
    missing = [name for name in names if name not in said]
    if missing:
        raise ContactsMissing(
            "Brevet kan ikke skrives. Kommunen har ikke oplyst, hvem borgeren kan kontakte."
            f" Det mangler for kommune {municipality_code}: {', '.join(missing)}. Kontakt din administrator."
        )
    return Contacts(**{name: said[name] for name in names})


def lines_of(path: Path | None, municipality_code: str) -> dict[str, str]:
    """Every line that a municipality has filled in, whether or not there are enough of them for a letter.

    Raises ContactsMissing for a file that cannot be read.
    """
    table = _table_of(path or DEFAULT, municipality_code)
    return {name: said.strip() for name, said in table.items() if isinstance(said, str) and said.strip()}


def _table_of(path: Path, municipality_code: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ContactsMissing(
            f"Brevet kan ikke skrives. Filen {path.name} med kommunens kontaktoplysninger kan ikke læses."
            " Kontakt din administrator."
        ) from error
    table = found.get(municipality_code, {})
    return table if isinstance(table, dict) else {}
