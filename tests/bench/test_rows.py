"""The lines of the bench: ratios the right way round, goals held, nothing claimed that was not measured."""

import json
import time

from rich.console import Console

from tests.bench.rows import MICROSECONDS, beside, faster, not_available, side_by_side, table_of


def test_a_goal_is_met_only_when_ours_is_so_many_times_faster() -> None:
    met, missed = faster("a", 0.001, 0.02, 20), faster("b", 0.001, 0.0199, 20)

    assert met == {
        "name": "a", "ours": 1.0, "baseline": 20.0, "ratio": 20.0, "goal": "≥ 20", "met": True, "unit": "ms",
    }  # fmt: skip
    assert not missed["met"]
    assert faster("c", 1e-6, 1e-3, 5, MICROSECONDS)["ours"] == 1.0


def test_what_was_not_measured_claims_nothing() -> None:
    row = not_available("peer", 100)

    assert {row[name] for name in ("ours", "baseline", "ratio", "met")} == {None}
    console = Console(width=160, record=True)
    console.print(table_of([row, beside("part", 0.002, 0.001), faster("slow", 2.0, 1.0, 5)]))
    text = console.export_text()
    assert "not available" in text
    assert "NOT MET" in text
    assert json.loads(json.dumps(row)) == row


def test_turns_are_timed_one_by_one() -> None:
    short, long = side_by_side([(lambda: time.sleep(0.0005), 4), (lambda: time.sleep(0.004), 1)], rounds=3)

    assert 0.0005 <= short < long
