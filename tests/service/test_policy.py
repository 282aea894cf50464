"""The whole table of role, action and relation, written out once more and held against the code."""

from dataclasses import dataclass, replace

import pytest

from service.errors import Forbidden, NotFound
from service.policy import ON_A_CASE, POLICY, Action, Relation, authorize, permits
from service.tables.organisation import ROLES
from tests.parts.steps import SOMEBODY

CASEWORK = (
    "open_case take_case record_facts judge see_evidence explore decide plan write_letter correct consult "
    "answer_consultation answer_return handle_rights assist_citizen"
)
IN_THE_TEAM = {"visitator": CASEWORK}
IN_THE_MUNICIPALITY = {"tilsyn": "open_case see_evidence oversee_case"}
WITHOUT_A_CASE = {
    "visitator": "see_inbox open_by_hand press_stop see_own_pattern review_blind see_rights answer_survey "
    "practise take_quiz read_model read_catalogue use_api",
    "teamleder": "read_statistics export_statistics draw_review see_capacity enter_capacity open_survey "
    "press_stop release_stop set_mode read_model read_catalogue read_registers read_trials",
    "direktoer": "read_leadership read_statistics read_registers read_trials run_trial",
    "dpo": "see_protection read_registers see_operations",
    "politiker": "read_political read_registers",
    "leverandoer": "see_operations",
    "forsker": "read_statistics",
    "datamedarbejder": "manage_model read_registers read_model read_catalogue read_trials run_trial",
    "tilsyn": "see_inbox read_statistics read_registers read_log control_log see_operations unseal_shadow "
    "see_protection read_model read_catalogue read_trials",
    "administrator": "manage_users stop_all_units unseal_shadow read_registers press_stop release_stop "
    "set_mode see_operations read_model read_catalogue",
}
FOR_EVERY_ROLE = ("read_model", "read_catalogue", "acknowledge_rules")


@dataclass
class Placed:
    """A case somewhere."""

    municipality_id: str
    unit_id: str


OWN_UNIT = Placed(SOMEBODY.municipality_id, SOMEBODY.unit_id)
OTHER_UNIT = Placed(SOMEBODY.municipality_id, "other")
ELSEWHERE = Placed("elsewhere", "other")
PLACES = {"own unit": OWN_UNIT, "other unit": OTHER_UNIT, "elsewhere": ELSEWHERE}


def expected(role: str, action: Action, place: str) -> type[Exception] | None:
    """What the table above says of an action on a case."""
    if place == "elsewhere":
        return NotFound
    if action in IN_THE_MUNICIPALITY.get(role, "").split():
        return None
    if action in IN_THE_TEAM.get(role, "").split():
        return None if place == "own unit" else NotFound
    return Forbidden


@pytest.mark.requirement("K-20")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("action", sorted(ON_A_CASE))
@pytest.mark.parametrize("role", ROLES)
def test_an_action_on_a_case_is_decided_as_the_table_says(role: str, action: Action, place: str) -> None:
    actor, refusal = replace(SOMEBODY, role=role), expected(role, action, place)

    if refusal is None:
        authorize(actor, action, PLACES[place])
        return
    with pytest.raises(refusal):
        authorize(actor, action, PLACES[place])


@pytest.mark.parametrize("action", sorted(set(Action) - ON_A_CASE))
@pytest.mark.parametrize("role", ROLES)
def test_an_action_without_a_case_is_decided_as_the_table_says(role: str, action: Action) -> None:
    actor = replace(SOMEBODY, role=role)
    allowed = action in (*WITHOUT_A_CASE[role].split(), *FOR_EVERY_ROLE)

    assert permits(actor, action) == allowed
    if allowed:
        authorize(actor, action)
        return
    with pytest.raises(Forbidden):
        authorize(actor, action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ["", "leder", "VISITATOR", "visitator "])
def test_a_role_nobody_knows_may_do_nothing(role: str, action: Action) -> None:
    assert not permits(replace(SOMEBODY, role=role), action)
    with pytest.raises(Forbidden):
        authorize(replace(SOMEBODY, role=role), action, OWN_UNIT)


@pytest.mark.parametrize("action", sorted(ON_A_CASE))
def test_an_action_on_a_case_is_not_decided_without_one(action: Action) -> None:
    with pytest.raises(ValueError, match="case"):
        authorize(SOMEBODY, action)


def test_the_table_speaks_of_known_roles_and_each_action_is_somebodys() -> None:
    assert {role for role, _ in POLICY} == set(ROLES)
    assert {action for _, action in POLICY} == set(Action)
    for (_, action), relation in POLICY.items():
        assert (relation is Relation.ANY) == (action not in ON_A_CASE)


def test_an_auditor_changes_nothing_and_leaders_see_no_case() -> None:
    writes = set(ON_A_CASE) - {Action.OPEN_CASE, Action.SEE_EVIDENCE, Action.OVERSEE_CASE}
    assert not writes & {action for role, action in POLICY if role == "tilsyn"}
    for role in set(ROLES) - {"visitator", "tilsyn"}:
        assert not ON_A_CASE & {action for its, action in POLICY if its == role}
