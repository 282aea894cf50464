"""The p-chart's limits: by hand, and never more than the months themselves tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics.control import Limits, control
from service.workflow.statistics.shares import HIDDEN, Share

months = st.lists(
    st.integers(0, 90).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of))), max_size=12
)


@pytest.mark.parametrize("shown", [[], [Share(5, 40)], [Share(5, 40), Share(3, 19)], [HIDDEN, Share(5, 40)]])
def test_one_month_alone_has_no_limits(shown: list[Share]) -> None:
    assert control(shown) is None


def test_the_limits_lie_three_sigma_from_the_whole() -> None:
    """20 of 100 together; 3 * sqrt(0.2 * 0.8 / 64) = 0.15 and 3 * sqrt(0.16 / 36) = 0.2."""
    found = control([Share(12, 64), Share(8, 36), Share(4, 6), HIDDEN])
    assert found is not None
    assert found.middle == 0.2
    first, second, few, hidden = found.limits
    assert first == Limits(pytest.approx(0.05), pytest.approx(0.35))
    assert second == Limits(0.0, pytest.approx(0.4))
    assert few is hidden is None


@given(months)
def test_the_whole_lies_within_every_months_limits(shares: list[Share]) -> None:
    found = control(shares)
    for limits in found.limits if found else ():
        if found and limits:
            assert 0 <= limits.low <= found.middle <= limits.high <= 1
