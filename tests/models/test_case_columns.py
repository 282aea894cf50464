"""Cases in columns are the cases that went in, and say the same as each of them says by itself."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import areas
from models.case_columns import Cases, Gathering
from models.decided_case import DecidedCase
from models.label_sanity import findings_of
from models.labels import TOLD_BY, label_of
from tests.models.strategies import decided_cases
from tests.models.test_label_sanity import SYSTEMS, honest

AREA = areas.get("genoptraening")
POOL = st.lists(decided_cases(AREA), min_size=3, max_size=3)
FEW = settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(POOL, st.data())
def test_columns_hold_what_went_in_and_say_what_each_case_says(
    pool: list[DecidedCase], data: st.DataObject
) -> None:
    some, more = (data.draw(st.lists(st.sampled_from(pool), max_size=6)) for _ in range(2))
    cases = [*some, *more]
    gathering = Gathering()
    gathering.add(some)
    gathering.take(Cases.of([*more, *pool]).rows(np.arange(len(more))))
    whole = Cases.of(cases)
    for columns in (whole, gathering.cases()):
        assert columns == cases
        assert list(columns) == cases
        assert [columns[row] for row in range(len(cases))] == cases
        assert columns[1:] == cases[1:]
        assert [list(each.facts) for each in columns] == [list(each.facts) for each in cases]
        assert columns.about("origin").counts() == Counter(case.origin for case in cases)
        assert columns.instants().tolist() == [round(case.decided_at.timestamp() * 1e6) for case in cases]
        for name in AREA.by_name:
            assert columns.answers(name).listed() == [case.facts[name].known for case in cases]
    first, which = whole.alike_in(map(whole.about, TOLD_BY))
    assert [label_of(whole[int(first[group])]) for group in which] == list(map(label_of, cases))


def test_a_case_without_a_fact_has_none_afterwards_and_no_answer() -> None:
    case = next(honest())
    less = {name: fact for name, fact in case.facts.items() if name != "afsender_speciale"}
    thin = DecidedCase(**{name: getattr(case, name) for name in case.__slots__} | {"facts": less})

    columns = Cases.of([case, thin])

    assert columns == [case, thin]
    assert columns.answers("afsender_speciale").listed() == [case.facts["afsender_speciale"].known, None]
    assert Cases.of([]).answers("afsender_speciale").listed() == []


@pytest.mark.parametrize("code", SYSTEMS)
def test_systematic_writing_is_found_in_columns_as_in_cases(code: str) -> None:
    cases = list(map(SYSTEMS[code][1], honest()))

    assert findings_of(AREA, Cases.of(cases)) == findings_of(AREA, iter(cases))
