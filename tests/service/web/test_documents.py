"""Dokumenter: every document as it is made now, for whoever may read the registers."""

from html import unescape

from service.workflow.documents.document import declared
from tests.cast import Cast
from tests.register import write
from tests.visits import Visit


def test_whoever_may_not_read_the_registers_may_not_read_documents(visit: Visit) -> None:
    for path in ("/dokumenter", "/dokumenter/fria"):
        assert visit("alma").get(path).status_code == 403


def test_a_document_that_is_not_made_is_not_found(visit: Visit) -> None:
    answer = visit("dorte").get("/dokumenter/hemmeligt")

    assert answer.status_code == 404
    assert "Det dokument laves ikke." in unescape(answer.text)


def test_every_document_stands_with_its_version_and_can_be_read(visit: Visit) -> None:
    dorte = visit("dorte")
    page = unescape(dorte.get("/dokumenter").text)

    for code, document in declared().items():
        assert f'href="/dokumenter/{code}"' in page
        assert document.title in page
    for code in ("modelkort", "udbudsbilag"):
        told = unescape(dorte.get(f"/dokumenter/{code}").text)
        assert all(section.title in told for section in declared()[code].sections)


def test_what_is_written_in_a_register_stands_in_the_document_and_changes_its_version(
    visit: Visit, cast: Cast
) -> None:
    dorte = visit("dorte")
    before = unescape(dorte.get("/dokumenter/fria").text)
    write(cast.engine, cast.dan, "document", slags="fria", raad=None)
    after = unescape(dorte.get("/dokumenter/fria").text)

    def version(page: str) -> str:
        return page.partition("Version ")[2][:16]

    gap = "Konsekvensanalyse om grundlæggende rettigheder (FRIA). Den, der svarer for det"
    assert gap in before
    assert gap not in after
    assert version(before) != version(after)
