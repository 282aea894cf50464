"""A case decided without evidence by lot, on its way to the workshop: measured there, never learned from."""

from sqlalchemy import Engine

from models import areas
from models.record import from_json_line, to_json_line
from service.workflow import export
from tests.answered import a_decision
from tests.builders import an_admission
from tests.cast import Cast
from tests.trials import a_case_with_arm, a_trial
from training.labelled import control_arm, labelled


def test_the_export_carries_the_arm_and_training_keeps_it_for_measuring(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    row = a_trial(engine, cast)
    for number, arm in enumerate(("control", "evidence", "control")):
        # Whoever asked to see nothing is in the arm of the lot all the same.
        case, _ = a_case_with_arm(engine, row, arm, cast.alma, number=number, wants_evidence=number < 2)
        a_decision(engine, case, cast.alma, key=f"decision-{number}")
    area = areas.get(row.area)
    lines = [to_json_line(area, case) for case in export.decisions(engine)]

    cases = tuple(from_json_line(area, line) for line in lines)
    told = sorted((case.arm, str(case.model_level)) for case in cases)
    assert told == [("control", "None"), ("control", "None"), ("evidence", "avanceret")]
    learned, rules = labelled(area, cases)
    assert [case.arm for case in learned.cases] == ["evidence"]
    assert rules["control_arm"] == 2
    assert len(control_arm(area, cases)) == 2
