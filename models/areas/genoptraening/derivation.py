"""Facts that are computed from other facts: one written formula each.

A formula whose inputs are not known gives None, never a guess.
"""

from collections.abc import Mapping
from typing import Any

from models.areas.genoptraening.diagnoses import diagnosis_group
from models.declaration import UNKNOWN, Arrival

LIMITATIONS = ("funk_mobilitet", "funk_egenomsorg", "funk_praktisk", "funk_mental", "funk_krop")
BEFORE = {"selvhjulpen": 0, "delvis": 1, "afhaengig": 2}
EXPECTED_IN_PLAN = (
    "aktionsdiagnose_sks", "bidiagnoser_antal", "komorbiditet_flag", "behandlingstype", "afsender_speciale",
    "kompl_flag", "restriktion", *LIMITATIONS, "funk_foer", "smerte_beskrevet", "kognition_paavirket",
    "ganghjaelpemiddel", "faldrisiko",
)  # fmt: skip
AFFECTED_FROM = 2
NEEDED_LIMITATIONS = 3


def derive(answers: Mapping[str, Any], arrival: Arrival) -> dict[str, Any]:
    """Every computed fact of a case."""
    return {
        "diagnosegruppe": _diagnosis_group(answers),
        "kontakttype": _contact_type(arrival),
        "indlaeggelsesdage": _days_in_hospital(arrival),
        "dage_siden_udskrivning": _days_since_discharge(arrival),
        "funktionstab": _loss_of_function(answers),
        "antal_livsomraader": _areas_affected(answers),
        "gop_komplet": _completeness(answers),
    }


def _known(answers: Mapping[str, Any], name: str) -> Any:
    value = answers.get(name)
    return None if value == UNKNOWN else value


def _diagnosis_group(answers: Mapping[str, Any]) -> str | None:
    sks = _known(answers, "aktionsdiagnose_sks")
    return None if sks is None else diagnosis_group(sks)


def _contact_type(arrival: Arrival) -> str | None:
    if arrival.contact_from is None or arrival.contact_to is None:
        return None
    return "ambulant" if arrival.contact_from == arrival.contact_to else "indlaeggelse"


def _days_in_hospital(arrival: Arrival) -> int | None:
    """Whole days from the start to the end of the contact, at most 120."""
    if arrival.contact_from is None or arrival.contact_to is None:
        return None
    return min((arrival.contact_to - arrival.contact_from).days, 120)


def _days_since_discharge(arrival: Arrival) -> int:
    """Days from discharge to receipt, within -7 and 60; frozen when the plan arrives."""
    return max(-7, min((arrival.received_on - arrival.discharged_on).days, 60))


def _limitations(answers: Mapping[str, Any]) -> list[int] | None:
    known = [int(value) for name in LIMITATIONS if (value := _known(answers, name)) is not None]
    return known if len(known) >= NEEDED_LIMITATIONS else None


def _loss_of_function(answers: Mapping[str, Any]) -> str | None:
    """Mean limitation now, rounded half up, less the level before; never below 0."""
    now, before = _limitations(answers), _known(answers, "funk_foer")
    if now is None or before is None:
        return None
    mean_now = (2 * sum(now) + len(now)) // (2 * len(now))
    return str(max(0, mean_now - BEFORE[before]))


def _areas_affected(answers: Mapping[str, Any]) -> int | None:
    """How many of the five areas have at least a moderate limitation."""
    now = _limitations(answers)
    return None if now is None else sum(value >= AFFECTED_FROM for value in now)


def _completeness(answers: Mapping[str, Any]) -> float:
    """Share of the expected plan facts that are known, two decimals."""
    known = sum(_known(answers, name) is not None for name in EXPECTED_IN_PLAN)
    return round(known / len(EXPECTED_IN_PLAN), 2)
