"""`skoen data import` refuses all or nothing: a problem is one line with file, place, field and reason."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.database import writing
from service.intake_formats.reading import MEGABYTE
from service.log.verify import verify
from service.workflow import intake
from tests.bundles import OTHER_CITIZEN, REQUEST, a_citizen, assessed, part, put, received
from tests.cast import NOW
from tests.desk import REFERRAL, Desk, cases
from tests.histories import a_csv, a_parquet, a_row

# What cannot be taken in. Each makes a file and says what the one reject must name.

Make = Callable[[Path], Path]


def changed_referral(**changes: Any) -> Make:
    return lambda folder: put(folder, "bad.json", REFERRAL | changes)


def raw(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def changed_bundle(kind: str, change: Callable[[dict[str, Any]], object]) -> Make:
    def make(folder: Path) -> Path:
        bundle = assessed()
        change(bundle if kind == "Bundle" else part(bundle, kind))
        return put(folder, "bad.json", bundle)

    return make


def changed_row(**changes: str) -> Make:
    companion = {"faldrisiko__known_at": ""}
    return lambda folder: a_csv(
        folder / "bad.csv", [a_row(request_id="r-1") | companion, a_row() | companion | changes]
    )


def sparse(folder: Path) -> Path:
    path = folder / "bad.json"
    with path.open("wb") as file:
        file.write(b'{"resourceType": "Bundle", "id": "')
        file.truncate(200 * MEGABYTE)
    return path


def without_a_column(folder: Path) -> Path:
    row = a_row()
    del row["decided_at"]
    return a_csv(folder / "bad.csv", [row])


def cut_parquet(folder: Path) -> Path:
    path = a_parquet(folder / "bad.parquet", [a_row()])
    path.write_bytes(path.read_bytes()[:-20])
    return path


def cut_gzip(folder: Path) -> Path:
    path = a_csv(folder / "bad.csv.gz", [a_row(request_id=f"r-{number}") for number in range(300)])
    path.write_bytes(path.read_bytes()[:-200])
    return path


def two_citizens(bundle: dict[str, Any]) -> None:
    bundle["entry"].append({"resource": a_citizen(OTHER_CITIZEN, "7402779995")})


def impossible_day(resource: dict[str, Any]) -> None:
    resource["authoredOn"] = "2022-02-30"


def unknown_service(resource: dict[str, Any]) -> None:
    resource["code"]["coding"][0]["code"] = "unknown"


def wrong_profile(bundle: dict[str, Any]) -> None:
    bundle["meta"]["profile"] = [
        "http://fhir.kl.dk/rehab/StructureDefinition/klgateway-140-incremental-delivery"
    ]


def impossible_cpr(citizen: dict[str, Any]) -> None:
    citizen["identifier"][0]["value"] = "3102779995"


LATE = {"hjemmepleje": {"value": "ja", "source": "municipality", "known_at": "2999-01-01T00:00:00Z"}}
BAD: dict[str, tuple[Make, str, str]] = {
    "not JSON": (raw("bad.json", b'{"format": '), "linje 1", "tegn 12"),
    "not a format": (raw("bad.json", b"[1]"), "filen", "format"),
    "no known content": (raw("bad.pdf", b"%PDF-1.7"), "filen", "format"),
    "empty": (raw("bad.json", b""), "linje 1", "tegn 1"),
    "not UTF-8": (raw("bad.json", b'{"a": "\xe6"}'), "byte 7", "tegnsæt"),
    "200 MB": (sparse, "filen", "størrelse"),
    "deeply nested": (raw("bad.json", b"[" * 500_000), "filen", "dybde"),
    "referral: impossible date": (changed_referral(received_on="2022-02-30"), "henvisning", "received_on"),
    "referral: impossible CPR": (
        changed_referral(citizen={"cpr": "3102479995", "name": "A"}), "henvisning", "citizen.cpr",
    ),
    "referral: unknown code": (changed_referral(plan_type="basal"), "henvisning", "plan_type"),
    "referral: fact of the future": (
        changed_referral(facts=LATE), "henvisning", "facts.hjemmepleje.known_at",
    ),
    "referral: level set": (changed_referral(level="basal"), "henvisning", "level"),
    "referral: unknown unit": (changed_referral(unit="Træning Vest"), "henvisning", "unit"),
    "referral: other municipality": (changed_referral(municipality="0998"), "henvisning", "municipality"),
    "report: wrong profile": (changed_bundle("Bundle", wrong_profile), "Bundle", "meta.profile"),
    "report: unknown code": (
        changed_bundle("ServiceRequest", unknown_service), f"ServiceRequest/{REQUEST}", "code.coding",
    ),
    "report: impossible date": (
        changed_bundle("ServiceRequest", impossible_day), f"ServiceRequest/{REQUEST}", "authoredOn",
    ),
    "report: impossible CPR": (
        changed_bundle("Patient", impossible_cpr), "Patient/citizen-1", "identifier.value",
    ),
    "report: two citizens": (changed_bundle("Bundle", two_citizens), f"Patient/{OTHER_CITIZEN}", "entry"),
    "history: fact after the decision": (
        changed_row(faldrisiko__known_at="2022-06-01T08:00:00Z"), "linje 3", "faldrisiko",
    ),
    "history: unknown code": (changed_row(team="fodbold"), "linje 3", "team"),
    "history: impossible date": (changed_row(received_on="2022-02-30"), "linje 3", "received_on"),
    "history: missing column": (without_a_column, "kolonner", "decided_at"),
    "history: CPR column": (
        lambda folder: a_csv(folder / "bad.csv", [a_row() | {"cpr": "7102479995"}]), "kolonner", "cpr",
    ),
    "history: cut-off Parquet": (cut_parquet, "filen", "indhold"),
    "history: cut-off gzip": (cut_gzip, "*", "indhold"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "where", "field"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_nothing_is_taken_over(
    desk: Desk, make: Make, where: str, field: str
) -> None:
    good = put(desk.folder, "good.json", REFERRAL | {"request_id": "good-1"})
    bad = make(desk.folder)

    (reject,) = desk.refuses(good, bad)

    assert reject["file"] == str(bad)
    assert reject["where"] == where or where == "*"
    assert reject["field"] == field
    assert reject["reason"]
    assert reject["found"]


@pytest.mark.parametrize(("make", "where", "field"), BAD.values(), ids=BAD.keys())
def test_with_rejects_accepted_the_rest_is_taken_over(desk: Desk, make: Make, where: str, field: str) -> None:
    good = put(desk.folder, "good.json", REFERRAL | {"request_id": "good-1"})

    result = desk.take("--accept-rejects", good, make(desk.folder))

    assert result.exit_code == 4
    assert [case.request_id for case in cases(desk.engine)] == ["good-1"]
    assert verify(desk.engine).ok


def test_a_file_that_is_not_there_is_one_line(desk: Desk) -> None:
    (reject,) = desk.refuses(desk.folder / "gone.json")

    assert (reject["field"], reject["found"]) == ("file", "No such file or directory")


def test_a_request_twice_in_one_run_is_refused(desk: Desk) -> None:
    first = put(desk.folder, "1.json", REFERRAL)
    second = put(desk.folder, "2.json", REFERRAL)

    (reject,) = desk.refuses(desk.folder)

    assert (reject["file"], reject["field"]) == (str(second), "request_id")
    assert str(first) in reject["reason"]


def test_a_request_that_is_both_arriving_and_decided_is_refused(desk: Desk) -> None:
    put(desk.folder, "1.json", REFERRAL | {"request_id": REQUEST})
    a_csv(desk.folder / "2.csv", [a_row()])

    (reject,) = desk.refuses(desk.folder)

    assert reject["field"] == "request_id"


def test_one_bad_file_in_a_folder_stops_the_whole_folder(desk: Desk) -> None:
    for number in range(5):
        put(desk.folder, f"{number}.json", REFERRAL | {"request_id": f"r-{number}"})
    put(desk.folder, "3b.json", {"format": "skoen-referral/1"})

    rejects = desk.refuses(desk.folder)

    assert {reject["file"] for reject in rejects} == {str(desk.folder / "3b.json")}


def test_a_refusal_by_casework_rolls_the_whole_run_back(desk: Desk) -> None:
    closed = put(desk.folder, "closed.json", REFERRAL)
    desk.take(closed)
    (case,) = cases(desk.engine)
    with writing(desk.engine) as session:
        intake.close_row(session, case, kind="moved", level=None, report_id=None, now=NOW, by=None)
        session.commit()
    put(desk.folder, "closed.json", REFERRAL | {"sections": {"helbred": "Noget nyt."}})
    put(desk.folder, "a.json", REFERRAL | {"request_id": "r-2"})

    (reject,) = desk.refuses(desk.folder)

    assert reject["file"] == str(closed)
    assert "lukket" in reject["reason"]


def test_a_report_of_a_known_id_with_other_content_is_refused(desk: Desk) -> None:
    desk.take(put(desk.folder, "1.json", received()))
    path = put(desk.folder, "1.json", received("avanceret"))

    (reject,) = desk.refuses(path)

    assert (reject["where"], reject["field"], reject["found"]) == ("Bundle", "id", "report-1")


def test_a_report_needs_to_know_its_municipality(desk: Desk) -> None:
    path = put(desk.folder, "1.json", received())

    result = desk.run("import", path)

    assert result.exit_code == 3
    assert "--municipality" in result.stderr


def test_a_municipality_that_is_not_here_is_wrong_use(desk: Desk) -> None:
    result = desk.run("import", "--municipality", "0101", put(desk.folder, "1.json", received()))

    assert result.exit_code == 2


def test_rejects_can_be_a_table_that_runs_nothing(desk: Desk) -> None:
    path = put(desk.folder, "bad.json", REFERRAL | {"plan_type": "=cmd()"})

    desk.take("--rejects", desk.folder / "rejects.csv", path)

    header, row = (desk.folder / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert header == '"file","where","field","reason","found"'
    assert row.endswith(""","'=cmd()\"""")
    assert (desk.folder / "rejects.csv").stat().st_mode & 0o077 == 0


def test_rejects_have_a_place_of_their_own(desk: Desk) -> None:
    result = desk.take(put(desk.folder, "bad.json", REFERRAL | {"plan_type": "x"}))

    (kept,) = (desk.var / "rejects").iterdir()
    assert str(kept) in result.stdout


@pytest.mark.slow
def test_a_long_run_is_rehearsed_before_it_is_taken_over(desk: Desk) -> None:
    for number in range(210):
        put(desk.folder, f"{number:03}.json", REFERRAL | {"request_id": f"r-{number:03}"})
    last = put(
        desk.folder, "last.json", REFERRAL | {"request_id": "z", "received_on": "2022-05-24", "unit": "?"}
    )

    (reject,) = desk.refuses(desk.folder)
    assert reject["file"] == str(last)

    last.unlink()
    shutil.rmtree(desk.var / "rejects", ignore_errors=True)
    assert desk.take(desk.folder).exit_code == 0
    assert len(cases(desk.engine)) == 210
