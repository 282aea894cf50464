"""The lot: nobody can steer it, anybody with the key can draw it again, and a unit stays near its share."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.trial.draw import CONTROL, EVIDENCE, LOTS, MOST_OFF, arm_for, lot

LOT = st.integers(0, LOTS - 1)


def drawn(lots: list[int], share: int) -> list[str]:
    """The arms of cases drawn one after the other in a unit."""
    arms: list[str] = []
    for each in lots:
        arms.append(arm_for(each, share, arms))
    return arms


@given(st.lists(LOT, max_size=120), st.integers(1, 90))
@settings(max_examples=40)
def test_a_unit_is_never_further_off_its_share_than_one_case_more_than_stated(
    lots: list[int], share: int
) -> None:
    arms = drawn(lots, share)
    for count in range(len(arms) + 1):
        off = arms[:count].count(CONTROL) - share * count / 100
        assert abs(off) < MOST_OFF + 1


@given(LOT, st.integers(1, 90))
@settings(max_examples=25)
def test_in_balance_the_lot_alone_decides(number: int, share: int) -> None:
    assert arm_for(number, share, []) == (CONTROL if 100 * number < share * LOTS else EVIDENCE)


def test_the_lot_follows_from_the_key_the_trial_and_the_case_alone() -> None:
    cases = [f"{number:032x}" for number in range(400)]
    lots = [lot(b"a" * 32, "t" * 32, case) for case in cases]

    assert lots == [lot(b"a" * 32, "t" * 32, case) for case in cases]
    assert not set(lots) & {lot(b"a" * 32, "u" * 32, case) for case in cases}
    assert not set(lots) & {lot(b"b" * 32, "t" * 32, case) for case in cases}
    assert abs(sum(each < LOTS // 10 for each in lots) - 40) < 24  # four standard deviations
    assert abs(drawn(lots, 10).count(CONTROL) - 40) <= MOST_OFF + 1
