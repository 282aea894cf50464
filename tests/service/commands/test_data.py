"""`skoen data import`: files become cases, courses and history, and twice is once."""

import json
from pathlib import Path

from sqlmodel import select

from models.record import from_row
from service.database import reading
from service.log import Event
from service.log.verify import verify
from service.tables.log import LogEntry
from service.workflow.case_file import CaseState, open_file
from tests.bundles import REQUEST, a_plan_alone, assessed, put, received, story
from tests.desk import REFERRAL, Desk, cases, state_of
from tests.histories import AREA, a_csv, a_parquet, a_row
from tests.rows import rows_beside_runs


def test_a_referral_opens_a_case(desk: Desk) -> None:
    result = desk.take(put(desk.folder, "r.json", REFERRAL))

    assert (result.exit_code, result.stdout) == (0, "1 file read. Taken over: 1 new plan.\n")
    (case,) = cases(desk.engine)
    assert (case.request_id, case.origin) == ("request-1", "referral")
    assert verify(desk.engine).ok


def test_a_service_request_without_a_level_opens_a_case(desk: Desk) -> None:
    result = desk.take(put(desk.folder, "plan.json", a_plan_alone()))

    assert result.exit_code == 0
    (case,) = cases(desk.engine)
    assert (case.request_id, case.origin) == (REQUEST, "service_request")
    with reading(desk.engine) as session:
        assert open_file(session, case.id).facts["diagnosegruppe"].value == "hoftebrud"


def test_a_request_that_is_here_as_a_referral_stays_as_it_is(desk: Desk) -> None:
    desk.take(put(desk.folder, "r.json", REFERRAL | {"request_id": REQUEST}))

    result = desk.take(put(desk.folder, "plan.json", a_plan_alone()))

    assert "1 new report" in result.stdout
    (case,) = cases(desk.engine)
    with reading(desk.engine) as session:
        assert open_file(session, case.id).facts_version.version == 1


def test_a_late_request_about_a_reported_course_opens_nothing(desk: Desk) -> None:
    desk.take(put(desk.folder, "1.json", assessed()))

    desk.take(put(desk.folder, "plan.json", a_plan_alone()))

    assert cases(desk.engine) == []


def test_a_folder_is_taken_over_in_the_order_of_the_story(desk: Desk) -> None:
    for number, bundle in enumerate(reversed(story())):
        put(desk.folder, f"{number}.json", bundle)
    put(desk.folder, "plan.json", a_plan_alone())
    (desk.folder / "README.md").write_text("Not for import.", encoding="utf-8")

    result = desk.take(desk.folder)

    assert result.stdout == "10 files read. Taken over: 1 closed case, 1 new plan, 9 new reports.\n"
    (case,) = cases(desk.engine)
    assert state_of(desk.engine, case) is CaseState.CLOSED
    assert verify(desk.engine).ok


def test_importing_twice_changes_nothing(desk: Desk) -> None:
    put(desk.folder, "r.json", REFERRAL)
    put(desk.folder, "plan.json", a_plan_alone())
    a_csv(desk.folder / "h.csv", [a_row(request_id="r-9")])
    put(desk.folder, "1.json", received() | {"id": "other"})
    first = desk.take(desk.folder)
    before, kept = rows_beside_runs(desk.engine), desk.files()

    again = desk.take(desk.folder)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "unchanged" in again.stdout
    assert "new" not in again.stdout
    assert rows_beside_runs(desk.engine) == before
    assert desk.files() == kept


def test_history_is_joined_with_what_the_reports_tell(desk: Desk) -> None:
    for number, bundle in enumerate(story()):
        put(desk.folder, f"{number}.json", bundle)
    a_csv(desk.folder / "h.csv", [a_row(), a_row(request_id="r-2", outcome_status="i_gang")])

    result = desk.run("import", "--municipality", "0999", "--json", desk.folder)

    (kept,) = [Path(path) for path in json.loads(result.stdout)["history"]]
    assert kept.parent == desk.var / "history"
    lines = kept.read_text(encoding="utf-8").splitlines()
    found = [
        from_row(AREA, dict(zip(lines[0].split(","), line.split(","), strict=True))) for line in lines[1:]
    ]
    assert [(case.outcome.status, case.outcome.sessions) for case in found] == [
        ("afbrudt", 5),
        ("i_gang", None),
    ]
    with reading(desk.engine) as session:
        assert list(session.exec(select(LogEntry.event).where(LogEntry.event == Event.COMMAND_RUN)))


def test_outcomes_can_be_left_as_the_file_says(desk: Desk) -> None:
    put(desk.folder, "1.json", assessed())
    a_csv(desk.folder / "h.csv", [a_row(outcome_status="gennemfoert")])

    desk.take("--no-outcomes", desk.folder)

    (kept,) = desk.files()
    assert "gennemfoert" in kept.read_text(encoding="utf-8")


def test_a_parquet_history_and_a_csv_history_are_the_same_history(desk: Desk) -> None:
    desk.take(a_csv(desk.folder / "h.csv", [a_row()]))

    result = desk.take(a_parquet(desk.folder / "h.parquet", [a_row()]))

    assert "1 unchanged history" in result.stdout
    assert len(desk.files()) == 1


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    put(desk.folder, "r.json", REFERRAL)
    a_csv(desk.folder / "h.csv", [a_row()])
    before = rows_beside_runs(desk.engine)

    result = desk.take("--dry-run", desk.folder)

    assert result.exit_code == 0
    assert "Would take over" in result.stdout
    assert rows_beside_runs(desk.engine) == before
    assert desk.files() == []


def test_outcomes_are_exported_without_identity(desk: Desk) -> None:
    for number, bundle in enumerate(story()):
        put(desk.folder, f"{number}.json", bundle)
    desk.take(desk.folder)

    result = desk.run("export-outcomes", "--municipality", "0999", "--out", desk.folder / "o.csv")

    assert result.exit_code == 0
    assert (desk.folder / "o.csv").read_text(encoding="utf-8") == (
        "request_id,outcome_status,level_changed,started,days_to_start,sessions\n"
        f"{REQUEST},afbrudt,nej,ja,4,5\n"
    )


def test_levels_that_a_system_wrote_are_taken_over_and_told_of(desk: Desk) -> None:
    rows = [
        a_row(request_id=f"r-{number}", decided_at=f"2022-05-25T08:{number:02}:00Z") for number in range(60)
    ]

    result = desk.take(a_csv(desk.folder / "h.csv", rows), "--json")

    assert result.exit_code == 5
    told = json.loads(result.stdout)
    assert told["counts"] == {"histories_new": 1, "history_rows": 60}
    assert [each["code"] for each in told["labels"]] == ["one_level"]
    assert "60 af 60 niveauer er" in result.stderr
