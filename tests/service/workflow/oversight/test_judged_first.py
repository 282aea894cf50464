"""What may be called judged before the evidence, whatever the log might hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.tables.assessment import Assessment
from service.tables.base import new_id
from service.tables.suggestion import Suggestion
from service.workflow.oversight import Moment
from service.workflow.oversight.proof import Content, Proof
from service.workflow.oversight.timeline import judged_first
from tests.cast import NOW

Tampering = tuple[str, str, str]


def a_moment(number: int, *, shown: bool, fits: bool, answers: str, row_id: str, seen_before: bool) -> Moment:
    """A judgement, or evidence that answers one, as the log might hold it."""
    row = (
        Suggestion(at=NOW, case_id="c", assessment_id=answers, outcome="shown", mode="overblik",
                   arm="evidence", phase="oevelse", template_version="t")
        if shown
        else Assessment(id=row_id, at=NOW, case_id="c", facts_id="f", person_id="p", unit_id="u",
                        choice="basal", confidence="tvivl", wants_evidence=True,
                        evidence_seen_before=seen_before, opened_at=NOW, idempotency_key=new_id())
    )  # fmt: skip
    content = Content.FITS if fits else Content.DIFFERS
    return Moment(
        number=number, shard="decisions/2026", seq=number, at=NOW,
        event="suggestion:shown" if shown else "assessment:recorded", row=row, person_id="p", unit_id="u",
        role="visitator", operator="", proof=Proof("", content, (), None, False),
    )  # fmt: skip


steps = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.sampled_from(["a", "b", "c"]), st.booleans()), max_size=8
)


@pytest.mark.requirement("F-17")
@given(steps)
def test_first_is_only_ever_said_of_a_whole_judgement_before_all_evidence(
    drawn: list[tuple[bool, bool, str, bool]],
) -> None:
    moments = [
        a_moment(number, shown=shown, fits=fits, answers=name, row_id=name, seen_before=before)
        for number, (shown, fits, name, before) in enumerate(drawn, start=1)
    ]
    marked = judged_first(moments)
    evidence = [moment.number for moment in marked if isinstance(moment.row, Suggestion)]

    for moment in marked:
        if moment.judged_first:
            assert isinstance(moment.row, Assessment)
            assert moment.number < min(evidence)
            assert moment.proof.holds and not moment.row.evidence_seen_before
