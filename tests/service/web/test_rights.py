"""The pages about rights: what is refused, what is registered and answered, and that no evidence is shown."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.log import Event
from service.tables.log import LogEntry
from service.tables.rights import RightRequest, RightStep
from service.workflow.case_file import open_file
from tests.answered import an_answered_case, rows
from tests.builders import a_case
from tests.cast import TODAY, Cast
from tests.parts.web import Visitor
from tests.rights import WORDS, a_request, a_withdrawal
from tests.rows import rows as all_rows

Visit = Callable[[str], Visitor]
FORM = {
    "rettighed": "objection", "kanal": "phone", "hvem": "citizen", "fuldmagt": "",
    "modtaget": TODAY.isoformat(), "oplysning": "", "ord": WORDS,
}  # fmt: skip


def without_openings(engine: Engine) -> dict[str, int]:
    """Rows by table, without what a page that is shown again leaves in the log."""
    counted = all_rows(engine)
    del counted["log_entries"], counted["log_heads"], counted["web_sessions"]
    return counted


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"rettighed": ""}, "Vælg, hvad borgeren beder om."),
        ({"kanal": "own"}, "Vælg, hvordan borgeren har bedt om det."),
        ({"hvem": ""}, "Vælg, hvem der har bedt om det."),
        ({"hvem": "representative"}, "Skriv, hvem der taler for borgeren, og med hvilken ret."),
        ({"modtaget": "i går"}, "Skriv en dato."),
        ({"modtaget": "2027-01-01"}, "Datoen ligger ude i fremtiden."),
        ({"rettighed": "rectification", "ord": ""}, "Skriv, hvad der er forkert, og hvad der er rigtigt."),
        ({"rettighed": "rectification", "oplysning": "funk_mobilitet"}, "Oplysningen er ikke udfyldt"),
    ],
    ids=str,
)
def test_what_must_be_mended_is_said_and_nothing_is_stored(
    visit: Visit, engine: Engine, cast: Cast, said: dict[str, str], sentence: str
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}/rettigheder")
    before = without_openings(engine)
    answer = alma.post(f"/sag/{case.id}/rettigheder", {**FORM, **said})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert WORDS in answer.text or said.get("ord") == ""
    assert without_openings(engine) == before


@pytest.mark.parametrize("name", ["freja", "carla", "tove", "dorte", "dan", "ada"])
def test_nobody_outside_the_unit_sees_or_does_anything(
    visit: Visit, engine: Engine, cast: Cast, name: str
) -> None:
    case, other = a_case(engine), visit(name)
    asked = a_request(engine, case, cast.alma, "access")
    base = f"/sag/{case.id}/rettigheder"
    for path in (base, f"{base}/{asked.id}"):
        assert other.get(path).status_code in (403, 404)
    for path in (
        base,
        *(f"{base}/{asked.id}/{verb}" for verb in ("svar", "forlaeng", "tag-tilbage", "udtraek")),
    ):
        assert other.post(path, {}).status_code in (403, 404)
    assert (rows(engine, RightRequest), rows(engine, RightStep)) == (1, 0)


def test_a_request_is_only_found_under_its_own_case(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, other, alma = a_case(engine), a_case(engine, request_id="request-2"), visit("alma")
    asked = a_request(engine, case, cast.alma, "access")
    wrong = f"/sag/{other.id}/rettigheder/{asked.id}"
    alma.get("/rettigheder")

    assert alma.get(wrong).status_code == 404
    for verb in ("svar", "forlaeng", "tag-tilbage", "ophaev", "udtraek"):
        assert alma.post(f"{wrong}/{verb}", {}).status_code == 404
    assert rows(engine, RightStep) == 0


@pytest.mark.requirement("D-19")
def test_it_is_registered_by_phone_for_somebody_who_speaks_for_her(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = a_case(engine), visit("alma")
    alma.get(f"/sag/{case.id}/rettigheder")
    said = {**FORM, "hvem": "representative", "fuldmagt": "Datteren Ida, fuldmagt af 3. maj."}
    answer = alma.post(f"/sag/{case.id}/rettigheder", said)
    page = alma.get(answer.headers["Location"]).text

    assert answer.status_code == 303
    for words in (
        WORDS,
        "Datteren Ida, fuldmagt af 3. maj.",
        "Telefon, registreret af Alma Holm",
        "Gælder nu.",
    ):
        assert words in page
    with reading(engine) as session:
        row = session.exec(select(RightRequest)).one()
    assert (row.channel, row.speaker, row.recorded_by) == ("phone", "representative", cast.alma.person_id)


@pytest.mark.requirement("F-04")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("objection", "Borgeren har gjort indsigelse."),
        ("restriction", "så længe de er begrænset"),
        ("without_system", "Borgeren har bedt om, at vi ser på sagen uden systemet."),
    ],
)
def test_a_basis_is_gone_from_page_api_and_record_at_once_and_comes_back(
    visit: Visit, engine: Engine, cast: Cast, kind: str, words: str
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    with reading(engine) as session:
        shown = open_file(session, case.id).suggestion
    assert shown is not None
    page, api, record = (
        f"/sag/{case.id}/grundlag", f"/api/v1/sager/{case.id}/grundlag",
        f"/sag/{case.id}/som-vist/{shown.id}",
    )  # fmt: skip
    spread = "13 af 20"
    assert all(spread in alma.get(path).text for path in (page, api, record))

    asked = a_request(engine, case, cast.alma, kind)
    after = alma.get(page)
    assert words in after.text
    assert "Gem beslutning" in after.text  # she decides as usual
    told = alma.get(api).json
    assert (told["outcome"], told["reason"], told["payload"]) == ("withheld", kind, None)
    assert not any(spread in alma.get(path).text for path in (page, api, record))
    assert alma.get(record).status_code == 404

    a_withdrawal(engine, asked, cast.alma)
    assert all(spread in alma.get(path).text for path in (page, api, record))


def test_the_case_says_calmly_what_is_in_force(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    assert "Det gælder nu" not in alma.get(f"/sag/{case.id}").text
    asked = a_request(engine, case, cast.alma, "similar_cases")
    assert "Ikke vises blandt andres lignende sager." in alma.get(f"/sag/{case.id}").text
    a_withdrawal(engine, asked, cast.alma)
    assert "Ikke vises blandt andres lignende sager." not in alma.get(f"/sag/{case.id}").text


def test_the_worklist_is_by_deadline_and_names_no_citizen(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, freja = a_case(engine), visit("freja")
    a_request(engine, case, cast.alma, "objection")
    a_request(engine, case, cast.alma, "access", received_on=TODAY - timedelta(days=45))
    text = visit("alma").get("/rettigheder").text

    assert text.index("Indsigt i egne oplysninger") < text.index("Indsigelse")
    assert "Overskredet" in text
    assert "Agnes" not in text
    assert "Ingen venter på svar." in freja.get("/rettigheder").text


@pytest.mark.requirement("K-21")
def test_a_refusal_needs_its_rule_and_tells_how_to_complain(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    asked = a_request(engine, case, cast.alma, "objection")
    base = f"/sag/{case.id}/rettigheder/{asked.id}"
    alma.get(base)
    refused = alma.post(f"{base}/svar", {"svar": "refused", "grund": "", "tekst": "Nej."})
    assert (refused.status_code, rows(engine, RightStep)) == (422, 0)
    assert "Vælg, hvilken regel afslaget bygger på." in refused.text

    assert alma.post(f"{base}/svar", {"svar": "refused", "grund": "compelling_grounds", "tekst": "Nej."})
    page = alma.get(base).text
    assert "GDPR artikel 21, stk. 1" in page
    assert "Du kan klage til Datatilsynet" in page
    assert "Gælder ikke længere." in page


def test_a_choice_is_confirmed_and_offers_no_refusal(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    asked = a_request(engine, case, cast.alma, "training")
    base = f"/sag/{case.id}/rettigheder/{asked.id}"
    page = alma.get(base).text
    assert "Afslået" not in page
    assert "Forlæng fristen" not in page
    sent = {"svar": "refused", "grund": "excessive", "tekst": "Det er noteret."}
    alma.post(f"{base}/svar", sent)
    with reading(engine) as session:
        assert session.exec(select(RightStep.kind)).all() == ["granted"]


def test_a_restriction_is_put_off_granted_and_lifted(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    asked = a_request(engine, case, cast.alma, "restriction")
    base = f"/sag/{case.id}/rettigheder/{asked.id}"
    alma.get(base)
    assert alma.post(f"{base}/forlaeng", {"hvorfor": ""}).status_code == 422
    assert alma.post(f"{base}/forlaeng", {"hvorfor": "Vi venter på journalen."}).status_code == 303
    assert alma.post(f"{base}/svar", {"svar": "granted", "grund": "", "tekst": "Ja."}).status_code == 303
    assert alma.post(f"{base}/ophaev", {"hvorfor": " "}).status_code == 422
    assert alma.post(f"{base}/ophaev", {"hvorfor": "Du fik brev i går."}).status_code == 303
    with reading(engine) as session:
        assert session.exec(select(RightStep.kind).order_by(RightStep.number)).all() == [  # type: ignore[arg-type]
            "extended", "granted", "lifted",
        ]  # fmt: skip


@pytest.mark.requirement("G-10")
def test_the_extract_is_one_file_and_leaves_its_entry_first(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    asked = a_request(engine, case, cast.alma, "access")
    base = f"/sag/{case.id}/rettigheder/{asked.id}"
    alma.get(base)
    answer: Any = alma.post(f"{base}/udtraek", {})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "Agnes Prøve" in archive.read("mine-oplysninger.html").decode()
    with reading(engine) as session:
        entry = session.exec(select(LogEntry.entry).where(LogEntry.event == Event.EXPORTED)).one()
    assert '"purpose":"aktindsigt"' in entry
    other = a_request(engine, case, cast.alma, "objection")
    assert alma.post(f"/sag/{case.id}/rettigheder/{other.id}/udtraek", {}).status_code == 404


def test_asking_and_taking_back_each_leave_a_row(visit: Visit, engine: Engine, cast: Cast) -> None:
    case, alma = a_case(engine), visit("alma")
    asked = a_request(engine, case, cast.alma, "training")
    base = f"/sag/{case.id}/rettigheder/{asked.id}"
    assert "Borgeren tager det tilbage" in alma.get(base).text
    assert alma.post(f"{base}/tag-tilbage", {}).status_code == 303
    assert "Borgeren tager det tilbage" not in alma.get(base).text
    a_request(engine, case, cast.alma, "training")
    assert (rows(engine, RightRequest), rows(engine, RightStep)) == (2, 1)
