"""A report as a tagged PDF after PDF/UA-1 (not certified), drawn by WeasyPrint from the page itself."""

VARIANT = "pdf/ua-1"


class PaperUnavailable(RuntimeError):
    """The machine lacks what draws paper (Pango); the page can be read and printed all the same."""


def drawn(page: str) -> bytes:
    """A whole HTML page as PDF. It names no address, and nothing is fetched. Raises PaperUnavailable."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise PaperUnavailable(
            "a PDF needs Pango (on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0); "
            "the page was written, and prints from a browser"
        ) from error
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    made: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)
    return made
