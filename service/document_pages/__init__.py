"""The documents on paper and screen: HTML, and PDF made from it, both from the JSON of a document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from models.instants import day_text
from service import yearly_report
from service.clock import local
from service.workflow.documents.document import version_of
from service.workflow.documents.gather import Gathered

TEMPLATES = Path(__file__).with_name("templates")
_ENVIRONMENT = Environment(
    loader=FileSystemLoader([TEMPLATES, yearly_report.TEMPLATES]), autoescape=True, undefined=StrictUndefined
)


def words(cell: str | Mapping[str, Any], *, short: bool = False) -> Markup:
    """A line or a cell to read, its own lines kept apart; `short` leaves out the days of a number."""
    text = cell if isinstance(cell, str) else str(cell["kort" if short else "ord"])
    return Markup("\n").join(_line(each) for each in text.split("\n"))


def _line(text: str) -> Markup:
    """One line; the names of tests may be broken after underscores, and get no hyphen that is not theirs."""
    safe = escape(text)
    if "::" not in safe:
        return safe
    broken = str(safe).replace("_", "_<wbr>").replace("::", "::<wbr>").replace("/", "/<wbr>")
    return Markup(f'<span class="test-name">{broken}</span>')  # noqa: S704 - escaped, and our own tags alone


def since(item: Mapping[str, Any]) -> str:
    """A sentence about the days that every number of a table is from; "" when they differ."""
    numbers = [cell for row in item["raekker"] for cell in row if not isinstance(cell, str)]
    periods = {each["periode"] for each in numbers}
    return f"Alle tal i tabellen er fra {periods.pop()}." if len(numbers) > 1 == len(periods) else ""


_ENVIRONMENT.globals |= {"words": words, "since": since}


def as_html(document: Mapping[str, Any], gathered: Gathered) -> str:
    """The document as one page that needs nothing beside it."""
    made = local(gathered.now)
    return _ENVIRONMENT.get_template("document.html").render(
        document=document,
        place=gathered.facts["place.name"].text,
        made=made,
        day=day_text(made.date()),
        version=version_of(document),
    )
