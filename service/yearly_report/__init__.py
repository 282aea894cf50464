"""The yearly report on paper and screen: HTML, and PDF made from it, both from the one JSON document."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.errors import SkoenError
from service.workflow.yearly.document import digest_of

TEMPLATES = Path(__file__).with_name("templates")
_ENVIRONMENT = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)

NUMBERS = (
    ("Projekter", "projekter", "Antal"),
    ("Afgjorte sager", "beslutninger", "Afgjorte sager"),
    ("Anderledes end flest lignende sager", "anderledes", "Alle sagstyper"),
    ("Klager og indsigelser", "klager", "Antal"),
    ("Hændelser", "haendelser", "Antal"),
    ("Dilemmaer", "dilemmaer", "Antal"),
    ("Skift af model", "modeller", "Antal"),
)
"""What the cover note repeats: its label, and the section and fact of the report that it is."""


class NoPdf(SkoenError):
    """The machine lacks what makes a PDF; the sentence says what."""


def as_html(document: dict[str, Any]) -> str:
    """The report as one page that needs nothing beside it."""
    return _ENVIRONMENT.get_template("report.html").render(document=document, digest=digest_of(document))


def cover_of(document: dict[str, Any]) -> str:
    """The cover note of a report, as HTML: what is to be decided, the year in numbers, what is missing."""
    parts = {section["kode"]: section for section in document["afsnit"]}
    counted = [
        (label, next((" ".join(fact["linjer"]) for fact in parts[code]["tal"] if fact["navn"] == name), ""))
        for label, code, name in NUMBERS
    ]
    lacking = [section["titel"].lower() for section in document["afsnit"] if section["mangler"]]
    return _ENVIRONMENT.get_template("cover.html").render(
        document=document, parts=parts, numbers=counted, lacking=lacking, digest=digest_of(document)
    )


def as_pdf(html: str) -> bytes:
    """The page as a tagged PDF/UA. Raises NoPdf when WeasyPrint or the Pango it draws with is not there."""
    try:
        # Only here: it is slow to load, and fails without Pango.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise NoPdf(
            "PDF'en kunne ikke laves, da biblioteket Pango (libpango-1.0) mangler på maskinen."
            " Redegørelsen er lavet som HTML og JSON."
        ) from error
    made: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _refuse(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    """Nothing is fetched: the page needs nothing, and a register must not make it ask for something."""
    raise ValueError(f"the report asks for {url.partition(':')[0]}")
