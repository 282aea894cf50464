"""The words of the trade in texts for citizens: each explained where it stands, and all on one page."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from flask import Blueprint, render_template

from service.web.guard import open_to_all

blueprint = Blueprint("glossary", __name__)

DECLARED = Path(__file__).with_name("glossary.toml")
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Term:
    """A word, what it means in plain Danish, and `found`, which finds it in a text."""

    id: str
    word: str
    meaning: str
    found: re.Pattern[str]


@blueprint.get("/ordliste")
@open_to_all
def show() -> str:
    """Every word with what it means."""
    return render_template("public/glossary.html", terms=sorted(terms(), key=lambda term: term.word.lower()))


@blueprint.app_template_filter()
def terms_in(html: str) -> tuple[Term, ...]:
    """The words of the trade that stand on a page, in the order of the list."""
    text = " ".join(unescape(TAG.sub(" ", html)).split()).lower()
    return tuple(term for term in terms() if term.found.search(text))


@cache
def terms() -> tuple[Term, ...]:
    """Every word that is declared."""
    said = tomllib.loads(DECLARED.read_text(encoding="utf-8"))["term"]
    return tuple(Term(each["id"], each["word"], each["meaning"], _finder(each["forms"])) for each in said)


def _finder(forms: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b")
