"""The letter on paper, from the same words and template as on the page."""

from flask import render_template

from service.web.paper import drawn
from service.workflow.letter.compose import LetterText

STYLE = "css/letter_paper.css"


def pdf_of(letter: LetterText, *, large: bool) -> bytes:
    """The letter as PDF, in ordinary or in large print; raises PaperUnavailable where it cannot be drawn."""
    return drawn(render_template("letter/paper.html", letter=letter, large=large), STYLE)
