"""A municipality in operation that has not said whom citizens can turn to saves nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from service import log
from service.database import writing
from service.log import Event
from service.selftest import Installation, State
from service.selftest.contacts import contacts
from service.tables.governance import Phase
from service.workflow.letter.contacts import DEFAULT
from tests.cast import NOW, TODAY, Cast


def in_phase(cast: Cast, name: str, phase: str) -> None:
    row = Phase(
        at=NOW, municipality_id=cast.people[name].municipality_id, phase=phase, legal_basis="SUL § 140",
        approved_by="Direktøren", valid_from=TODAY,
    )  # fmt: skip
    with writing(cast.engine) as session:
        log.append(session, Event.PHASE_CHANGED, at=NOW, by=None, row=row)
        session.commit()


@pytest.mark.requirement("G-51")
def test_operation_without_contacts_is_a_fault(place: Installation, cast: Cast) -> None:
    in_phase(cast, "carla", "drift")
    found = contacts(place)

    assert (found.state, found.where) == (State.FAULT, "0998")
    assert "SKOEN_CONTACTS" in found.english


@pytest.mark.requirement("G-51")
@pytest.mark.parametrize("line", ["data_protection", "adviser", "phone"])
def test_one_empty_line_is_enough(line: str, place: Installation, cast: Cast, tmp_path: Path) -> None:
    in_phase(cast, "alma", "drift")
    assert contacts(place).state is State.OK
    file = tmp_path / "contacts.toml"
    kept = [each for each in DEFAULT.read_text("utf-8").splitlines() if not each.startswith(f"{line} ")]
    file.write_text("\n".join(kept), "utf-8")

    assert contacts(replace(place, settings=replace(place.settings, contacts=file))).state is State.FAULT


@pytest.mark.parametrize("phase", ["oevelse", "udvikling", "skygge", "pilot"])
def test_before_operation_it_is_no_fault(phase: str, place: Installation, cast: Cast) -> None:
    if phase != "oevelse":
        in_phase(cast, "carla", phase)

    assert contacts(place).state is State.OK
