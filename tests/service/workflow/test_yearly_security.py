"""The yearly report on security and running costs: what is there, what is missing, what is too old."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.errors import Refused
from tests.cast import Cast
from tests.look_ups import a_month_of_look_ups, a_sample
from tests.register import write
from tests.rows import rows
from tests.service.workflow.test_yearly import facts, fields, report


def made_on(cast: Cast, day: str, **changed: Any) -> None:
    """A document of a day: what is tested or reviewed, in place of the usual assessment."""
    write(cast.engine, cast.dan, "document", raad=None, dato=day, **changed)


@pytest.mark.requirement("K-16")
def test_security_says_what_is_missing_and_then_what_was_tested_reviewed_and_happened(cast: Cast) -> None:
    assert [each.removeprefix("MANGLER: ") for each in report(cast)["sikkerhed"]["mangler"]] == [
        "Der er intet sted indført, hvornår en sikkerhedskopi sidst blev prøvet.",
        "Der er ingen gennemgang af kendte sårbarheder i registret.",
        "Der er ikke trukket opslag ud til kontrol i 2026.",
        "Der er ingen hændelse i registret i 2026.",
    ]

    made_on(cast, "2026-05-02", slags="gendannelse", bestaaet=False)
    made_on(cast, "2026-05-03", slags="gendannelse", bestaaet=True)
    made_on(cast, "2026-05-04", slags="saarbarheder", aabne=3)
    write(cast.engine, cast.dan, "incident")
    write(cast.engine, cast.dan, "incident", persondata=False)
    a_month_of_look_ups(cast.engine, cast)
    sample = a_sample(cast.engine, cast.dorte)
    section = report(cast)["sikkerhed"]
    assert facts(section) == {
        "Seneste prøve af gendannelse": ["3. maj 2026, bestået"],
        "Kendte sårbarheder, der ikke er lukket": ["3, opgjort 4. maj 2026"],
        "Seneste kontrol af opslag": ["30. juni 2026"],
        "Opslag trukket ud til kontrol": [str(len(sample.lookups))],
        "Heraf gennemgået": ["0"],
        "Heraf brud": ["0"],
        "Hændelser": ["2, heraf 1 brud på persondatasikkerheden"],
    }
    assert section["mangler"] == []


@pytest.mark.requirement("K-16")
@pytest.mark.parametrize(("day", "missing"), [("2025-07-10", 2), ("2025-07-11", 0)])
def test_what_was_tested_twelve_months_ago_is_missing_again(cast: Cast, day: str, missing: int) -> None:
    made_on(cast, day, slags="gendannelse", bestaaet=True)
    made_on(cast, day, slags="saarbarheder", aabne=0)
    section = report(cast, now=datetime(2026, 7, 10, 8, tzinfo=UTC))["sikkerhed"]

    old = [each for each in section["mangler"] if "i de 12 måneder op til 10. juli 2026" in each]
    assert len(old) == missing
    assert len(facts(section)) == 2


def test_a_report_of_last_year_does_not_rest_on_a_test_of_this_year(cast: Cast) -> None:
    made_on(cast, "2026-05-03", slags="gendannelse", bestaaet=True)

    assert facts(report(cast, 2025)["sikkerhed"]) == {}


def test_a_review_of_vulnerabilities_says_how_many_are_open(cast: Cast) -> None:
    before = rows(cast.engine)
    with pytest.raises(Refused, match="aabne"):
        made_on(cast, "2026-05-03", slags="saarbarheder")
    assert rows(cast.engine) == before


@pytest.mark.requirement("R-03")
def test_running_costs_stand_there_as_far_as_somebody_wrote_them(cast: Cast) -> None:
    assert report(cast)["omkostninger"]["mangler"] == ["MANGLER: Intet projekt siger, hvad driften koster."]

    row = write(cast.engine, cast.dan, "project", drift_timer=240)
    section = report(cast)["omkostninger"]
    assert fields(section["poster"][0]) == {"Løbende drift, timer om året": ["240"]}
    assert section["mangler"] == [
        "MANGLER: Overblik i visitationen siger ikke: Løbende drift, 1.000 kr. om året."
    ]

    write(cast.engine, cast.dan, "project", drift_timer=240, drift_kr=85, replaces=row.id)
    section = report(cast)["omkostninger"]
    assert fields(section["poster"][0])["Løbende drift, 1.000 kr. om året"] == ["85"]
    assert section["mangler"] == []
