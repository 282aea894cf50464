"""What a case is opened for: said by the role, chosen by who has no casework, or once the case is over."""

from collections.abc import Mapping

from flask import g
from flask import session as browser

from service.errors import SkoenError

PURPOSE_OF_ROLE = {"visitator": "sagsbehandling", "teamleder": "faglig_ledelse"}
"""Roles whose work says what a case is opened for; the others choose."""

PURPOSES = {
    "klage": "Klage",
    "aktindsigt": "Aktindsigt eller indsigt",
    "stikproeve": "Stikprøve",
    "fejlretning": "Fejlretning",
}
"""What others may open a case for, with the words people choose from."""

REOPENED_FOR = {
    "henvendelse": "Borgeren eller en anden har henvendt sig",
    "opfoelgning": "Opfølgning på forløbet",
    "klage": PURPOSES["klage"],
    "aktindsigt": PURPOSES["aktindsigt"],
    "fejlretning": PURPOSES["fejlretning"],
}
"""What casework opens a case for once it is over and access to it has closed."""

CHOSEN = "formaal"
"""Where the browser's session keeps the purposes chosen: case id to code."""


class PurposeMissing(SkoenError):
    """Somebody opens a case whose role does not say what for, or that is over; the page asks."""

    status = 403
    sentence = "Vælg først, hvad du åbner sagen for."


def choices_for(role: str) -> Mapping[str, str]:
    """What a role may choose from."""
    return REOPENED_FOR if role in PURPOSE_OF_ROLE else PURPOSES


def chosen_for(case_id: str) -> str | None:
    """What was chosen for a case in this browser, until one signs out."""
    found: str | None = browser.get(CHOSEN, {}).get(case_id)
    return found


def close_to_casework() -> None:
    """Remember for the request at hand that the case is over and its access has closed."""
    g.case_is_over = True


def is_over() -> bool:
    """Whether the case of the request at hand is over, as the guard found it."""
    return bool(g.get("case_is_over", False))


def purpose_of(role: str, case_id: str) -> str:
    """What the case is opened for; raises PurposeMissing when it must be chosen first."""
    of_role = None if is_over() else PURPOSE_OF_ROLE.get(role)
    purpose = of_role or chosen_for(case_id)
    if purpose is None:
        raise PurposeMissing
    return purpose
