"""The pages read well: days once for a table, everything said, and every number as the JSON has it."""

import re
from datetime import date
from html import unescape
from typing import Any

from service import document_pages
from service.workflow.documents.document import declared, document_of, item_of
from service.workflow.documents.facts import Fact, Number
from service.workflow.documents.gather import Gathered

SPRING, SUMMER = (date(2026, 3, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 8, 31))


def item(*numbers: Number) -> dict[str, Any]:
    rows = tuple((str(place), number) for place, number in enumerate(numbers))
    return item_of(Fact("a.b", "Navn", "filen", head=("Nr.", "Antal"), rows=rows))


def test_the_days_of_a_table_are_told_once_where_they_are_the_same_for_all() -> None:
    same = item(Number(1, SPRING), Number(2, SPRING))

    assert document_pages.since(same) == "Alle tal i tabellen er fra 1. marts 2026 til 31. maj 2026."
    assert document_pages.since(item(Number(1, SPRING), Number(2, SUMMER))) == ""
    assert document_pages.since(item(Number(1, SPRING))) == ""


def test_every_number_of_every_document_stands_on_its_page_with_its_days(fjordby: Gathered) -> None:
    for document in (document_of(each, fjordby.facts) for each in declared().values()):
        page = unescape(document_pages.as_html(document, fjordby))
        names = re.findall(r' id="([^"]+)"', page)
        assert len(set(names)) == len(names) > 2
        for section in document["afsnit"]:
            for each in section["oplysninger"]:
                days = document_pages.since(each)
                assert days in page
                cells = [*each["linjer"], *(cell for row in each["raekker"] for cell in row)]
                numbers = [cell for cell in cells if not isinstance(cell, str)]
                assert all(cell["kort" if days else "ord"] in page for cell in numbers)
                assert each["navn"][:1].isupper()
                assert all(gap in page.replace("</strong>", "") for gap in each["mangler"])
