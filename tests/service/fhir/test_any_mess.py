"""Whatever stands where in a file, it is read or refused: nothing from outside ends in a fault of ours."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.fhir.service_request import is_arriving_plan, read_plan
from service.intake_formats.problem import Refused
from service.intake_formats.referral import read_referral
from tests.bundles import a_plan_alone, assessed, ended, wrong_plan
from tests.desk import REFERRAL

NOW = datetime(2026, 6, 30, tzinfo=UTC)
MESS = st.sampled_from(
    [None, 1, -1, 1.5, True, "", "x", "2022-02-30", "\x00", 10**30, [], {}, [None], [[]], [{}], ["x"],
     {"coding": None}, {"coding": [None]}, {"reference": 5}, {"start": []}, [{"detail": None}]]
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every place inside a value."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from paths(below, (*path, key))


def with_mess(value: Any, path: tuple[Any, ...], mess: Any) -> Any:
    changed = copy.deepcopy(value)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = mess
    return changed


BUNDLES = [assessed(), ended(), wrong_plan(True), a_plan_alone()]


@given(
    st.sampled_from(BUNDLES).flatmap(
        lambda bundle: st.tuples(st.just(bundle), st.sampled_from(list(paths(bundle))))
    ),
    MESS,
)
def test_a_bundle_with_a_mess_in_it_is_read_or_refused(chosen: Any, mess: Any) -> None:
    bundle = with_mess(*chosen, mess)
    try:
        opened = open_bundle(bundle, now=NOW)
        report = read_report(opened)
        plan = read_plan(opened, "0999", now=NOW) if is_arriving_plan(opened) else None
    except Refused as refused:
        assert refused.problems
        return
    assert report.resources
    assert plan is None or plan.request_id in report.request_ids


@given(st.sampled_from(list(paths(REFERRAL))), MESS)
def test_a_referral_with_a_mess_in_it_is_read_or_refused(path: Any, mess: Any) -> None:
    try:
        referral = read_referral(with_mess(REFERRAL, path, mess), now=NOW)
    except Refused as refused:
        assert all("\n" not in problem.line() for problem in refused.problems)
        return
    assert referral.citizen.cpr


@pytest.mark.parametrize("bundle", BUNDLES, ids=["assessed", "ended", "withdrawn", "plan"])
def test_the_unmessed_bundles_are_read(bundle: Any) -> None:
    assert read_report(open_bundle(json.loads(json.dumps(bundle)), now=NOW)).resources
