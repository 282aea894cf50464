"""A page as a tagged PDF after PDF/UA-1 (not certified), drawn by WeasyPrint from our own HTML and styles."""

from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext

from service.errors import SkoenError

VARIANT = "pdf/ua-1"


class PaperUnavailable(SkoenError):
    """The machine lacks what draws paper (Pango): the page can be read and printed all the same."""

    status = 503


def drawn(page: str, style: str) -> bytes:
    """A whole HTML page as PDF, with one stylesheet of the static folder.

    Raises PaperUnavailable where it cannot be drawn.
    """
    # Imported here: it takes half a second and 30 MB, and most workers never print.
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        raise PaperUnavailable(
            gettext(
                "PDF kan ikke laves på denne maskine, fordi Pango mangler. Siden kan læses og printes fra"
                " browseren. Kontakt din administrator."
            )
        ) from error
    file, fonts = Path(str(current_app.static_folder)) / style, FontConfiguration()
    sheet = CSS(filename=file, url_fetcher=_only_files(), font_config=fonts)
    document = HTML(string=page, url_fetcher=_only_files())
    made: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT)
    return made


@cache
def _only_files() -> object:
    """Fetches nothing from outside: paper names no address, and must not be able to."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["file"], allow_redirects=False)
