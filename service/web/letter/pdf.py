"""The letter on paper: a tagged PDF after PDF/UA-1 (not certified), from the same words and template."""

from functools import cache
from pathlib import Path

from flask import current_app, render_template
from flask_babel import gettext

from service.errors import SkoenError
from service.workflow.letter.compose import LetterText

VARIANT = "pdf/ua-1"
STYLE = "css/letter_paper.css"


class PaperUnavailable(SkoenError):
    """The machine lacks what draws letters (Pango): the page can be read and printed all the same."""

    status = 503


def pdf_of(letter: LetterText, *, large: bool) -> bytes:
    """The letter as PDF, in ordinary or in large print; raises PaperUnavailable where it cannot be drawn."""
    # Imported here: it takes half a second and 30 MB, and most workers never print.
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        raise PaperUnavailable(
            gettext(
                "PDF kan ikke laves på denne maskine, fordi Pango mangler. Brevet kan læses og printes fra"
                " siden. Kontakt din administrator."
            )
        ) from error
    page = render_template("letter/paper.html", letter=letter, large=large)
    style, fonts = Path(str(current_app.static_folder)) / STYLE, FontConfiguration()
    sheet = CSS(filename=style, url_fetcher=_only_files(), font_config=fonts)
    document = HTML(string=page, url_fetcher=_only_files())
    made: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT)
    return made


@cache
def _only_files() -> object:
    """Fetches nothing from outside: a letter names no address, and must not be able to."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["file"], allow_redirects=False)
