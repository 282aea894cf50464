"""Who begins and who falls away, by group: counted by hand, and no hidden group found by subtraction."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.database import reading
from service.fhir.codes import STOP_REASONS
from service.tables.intake import Case
from service.web.effect.words import axis_label, group_label, reason_label
from service.workflow.delivery.courses import NEED_MET, NEVER_STARTED, WITHOUT_CODE
from service.workflow.effect.attributes import (
    AGE,
    AGES,
    AXES,
    LANGUAGE,
    NOT_KNOWN,
    PLACE,
    SEX,
    Groups,
    age_group,
    groups_of,
)
from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import Followed
from service.workflow.effect.followup import REASONS, ByGroup, FollowUp, GroupNumbers, follow_up
from service.workflow.intake.referral import Citizen
from service.workflow.statistics.shares import Share
from tests.builders import a_case
from tests.cast import Cast
from tests.service.workflow.effect.planted import DAY, K3, cases

BEGAN = DAY.date() + timedelta(days=3)
HELD = ((6, True),)


def who(**said: str) -> Groups:
    """The groups of a citizen, not known where nothing is said."""
    return {axis: said.get(axis, NOT_KNOWN) for axis in AXES}


def told(some: Sequence[Followed], by_case: dict[str, Groups]) -> FollowUp:
    """What is told of the third quarter."""
    groups = ByGroup(by_case)
    return follow_up([FollowedCases(some, K3, groups.behind)], groups)


def group(found: FollowUp, axis: str, code: str) -> GroupNumbers:
    """One group's numbers."""
    return next(each for each in found.axes[axis] if each.code == code)


@pytest.mark.requirement("D-22")
def test_each_group_is_counted_by_hand_with_kls_reasons() -> None:
    """Old women fall away for want of transport; what is seeded is what is told."""
    old, young = who(alder="80_op", koen="kvinde"), who(alder="40_66", koen="mand")
    some = [
        *cases(14, row={"case_id": "old"}, started_on=BEGAN, ended_with="gennemfoert", held=HELD),
        *cases(9, row={"case_id": "old"}, started_on=BEGAN, ended_with="fravalg_transportudgift"),
        *cases(7, row={"case_id": "old"}, ended_with="fravalg_transport"),
        *cases(24, row={"case_id": "young"}, started_on=BEGAN, ended_with="gennemfoert", held=HELD),
        *cases(6, row={"case_id": "young"}, started_on=BEGAN, ended_with="udeblevet", held=((6, False),)),
    ]
    found = told(some, {"old": old, "young": young})
    for axis, first, second in ((AGE, "80_op", "40_66"), (SEX, "kvinde", "mand")):
        one, other = group(found, axis, first), group(found, axis, second)
        assert (one.begun, other.begun) == (Share(23, 30), Share(30, 30))
        assert (one.broken_off, other.broken_off) == (Share(16, 30), Share(6, 30))
        assert one.stopped["transportudgift"] == 9
        assert one.stopped["transport"] == 7
        assert other.stopped["andet"] == 6
        assert (one.right, other.right) == (Share(14, 14), Share(24, 30))
        assert one.to_offer.of == 30
    assert one.broken_off.interval is not None
    assert group(found, LANGUAGE, NOT_KNOWN).begun == Share(53, 60)


@pytest.mark.requirement("D-22")
def test_a_small_group_is_hidden_and_so_is_what_would_give_it_away() -> None:
    some = [*cases(30, row={"case_id": "no"}), *cases(3, row={"case_id": "yes"})]
    found = told(some, {"no": who(tolk="nej"), "yes": who(tolk="ja")})
    assert [each.begun.of for each in found.axes[LANGUAGE]][:2] == [None, None]
    assert all(count is None for count in group(found, LANGUAGE, "ja").stopped.values())


@pytest.mark.requirement("D-22")
@given(sizes=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_no_single_hidden_group_can_be_found_by_subtraction(sizes: list[tuple[int, int]]) -> None:
    some: list[Followed] = []
    by_case = {code: who(alder=code) for code in AGES}
    for code, (ended, broken) in zip(AGES, sizes, strict=True):
        some += cases(ended, row={"case_id": code}, ended_with="gennemfoert")
        some += cases(broken, row={"case_id": code}, ended_with="fravalg_transport")
    groups = ByGroup(by_case)
    read = FollowedCases(some, K3, groups.behind)
    found = follow_up([read], groups)
    for whole, sizes_of in (
        ("decided", {each.code: each.begun.of for each in found.axes[AGE]}),
        ("finished", {each.code: each.broken_off.of for each in found.axes[AGE]}),
    ):
        real = {code: sum(pair) for code, pair in zip(AGES, sizes, strict=True)}
        hidden = [code for code, size in sizes_of.items() if size is None and real.get(code)]
        rest = sum(real[code] for code in hidden)
        assert read.shown(whole, "alle") is None or not hidden or rest >= 5, (whole, sizes_of)
        assert all(size == real.get(code, 0) for code, size in sizes_of.items() if size is not None)


def test_every_reason_and_group_has_words_and_every_reason_of_kl_is_there() -> None:
    told_of = [code for codes in REASONS.values() for code in codes]
    assert len(told_of) == len(set(told_of))
    assert {*STOP_REASONS.values(), NEVER_STARTED, WITHOUT_CODE} - set(NEED_MET) == set(told_of)
    assert all(reason_label(reason) for reason in REASONS)
    groups = ByGroup({"x": who(sted="9999")})
    assert all(group_label(axis, code) for axis in AXES for code in groups.codes(axis))
    assert all(axis_label(axis) for axis in AXES)
    assert [age_group(age) for age in (5, 39, 40, 66, 67, 79, 80, 101)] == [
        "under_40", "under_40", "40_66", "40_66", "67_79", "67_79", "80_op", "80_op",
    ]  # fmt: skip


@pytest.mark.requirement("D-22")
def test_the_groups_are_read_from_the_case_and_stored_nowhere(engine: Engine, cast: Cast) -> None:
    """A woman born in 1947 with an interpreter; a man whose address and need are not said."""
    hers = a_case(
        engine, citizen=Citizen("7102479996", "Agnes Prøve", "Prøvevej 1, 9999 Fjordby", ""),
        operational={"tolk": "ja"},
    )  # fmt: skip
    his = a_case(
        engine, request_id="his", citizen=Citizen("6101609995", "Bo Prøve", "Prøvevej 2, Fjordby", ""),
        operational={},
    )  # fmt: skip
    with reading(engine) as session:
        found = groups_of(session, [hers.id, his.id])
    assert found[hers.id] == {AGE: "67_79", SEX: "kvinde", LANGUAGE: "ja", PLACE: "9999"}
    assert found[his.id] == {AGE: "40_66", SEX: "mand", LANGUAGE: NOT_KNOWN, PLACE: NOT_KNOWN}
    assert not {AGE, SEX, LANGUAGE, PLACE} & set(Case.model_fields)
