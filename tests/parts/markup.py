"""What a page is made of, apart from its words."""

from html.parser import HTMLParser


def skeleton(html: str) -> list[tuple[str, ...]]:
    """Every element of a page with the names of its attributes: what no text may change."""
    parser = _Skeleton()
    parser.feed(html)
    return parser.found


def forms(html: str) -> list[tuple[str, set[str]]]:
    """Where each POST form of a page goes, and the names of the fields that it may send there."""
    parser = _Forms()
    parser.feed(html)
    return parser.found


class _Skeleton(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *sorted(name for name, _ in attrs)))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self._fields: set[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form" and named.get("method") == "post":
            self._fields = set()
            self.found.append((named["action"] or "", self._fields))
        if self._fields is None:
            return
        if named.get("formaction"):  # the same fields may go elsewhere; a set, so that later ones go too
            self.found.append((named["formaction"] or "", self._fields))
        if named.get("name"):
            self._fields.add(named["name"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
