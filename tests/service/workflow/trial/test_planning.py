"""How many cases are needed, and the boundary that stops a trial: against published figures."""

import pytest

from service.workflow.trial.boundary import boundaries, spent
from service.workflow.trial.planning import sample_size


@pytest.mark.parametrize(
    ("with_evidence", "without", "share", "cases", "control"),
    [
        (0.35, 0.45, 0.1, 2048, 205),
        (0.35, 0.45, 0.5, 751, 376),
        (0.35, 0.40, 0.1, 8089, 809),
        (0.35, 0.40, 0.5, 2941, 1470),
    ],
)
def test_the_sizes_are_those_that_are_published_for_two_shares(
    with_evidence: float, without: float, share: float, cases: int, control: int
) -> None:
    found = sample_size(with_evidence, without, share)
    assert (found.cases, found.control) == (cases, control)


@pytest.mark.parametrize("shares", [(0.0, 0.4, 0.1), (0.4, 1.0, 0.1), (0.4, 0.5, 1.0), (0.4, 0.4, 0.5)])
def test_shares_that_are_none_or_alike_are_refused(shares: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        sample_size(*shares)


def test_the_boundary_is_the_published_one_for_five_looks() -> None:
    """Lan and DeMets' O'Brien-Fleming-like spending, two-sided 5 %: as R's ldbounds and gsDesign print it."""
    found = boundaries((0.2, 0.4, 0.6, 0.8, 1.0), 0.05)
    assert found == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), abs=0.002)


def test_one_look_at_the_end_is_the_ordinary_test_and_all_of_alpha_is_spent_then() -> None:
    assert boundaries((1.0,), 0.05) == pytest.approx((1.96,), abs=0.002)
    assert spent(1.0, 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize("times", [(0.01,), (0.4, 0.4), (0.4, 0.42), (0.5, 0.3), (0.5, 1.2)])
def test_looks_that_are_too_near_or_beyond_the_plan_have_no_boundary(times: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="looks"):
        boundaries(times, 0.05)
