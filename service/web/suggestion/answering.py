"""Answering a judgement: the basis is computed, rendered as it is shown, and stored, once and for all."""

from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from service.errors import LogUnavailable
from service.tables.suggestion import Suggestion
from service.web.current import now, runtime
from service.web.guard import current_actor
from service.web.suggestion.basis import TEMPLATE_VERSION, render_basis
from service.workflow import suggestion


def answer_to(assessment_id: str) -> Suggestion:
    """The stored answer of a judgement; the same judgement again has the same answer.

    Raises LogUnavailable when the answer cannot be stored: nothing is shown then, and the sentence says that
    the judgement itself is safe, so that sending it again is no second one.
    """
    try:
        return suggestion.answer(
            runtime().engine,
            assessment_id,
            shelf=runtime().shelf,
            render=render_basis,
            template_version=TEMPLATE_VERSION,
            now=now(),
            by=current_actor(),
        )
    except (LogUnavailable, DBAPIError) as unavailable:
        sentence = gettext(
            "Din vurdering er gemt. Grundlaget kunne ikke gemmes og vises derfor ikke. Send igen om lidt."
        )
        raise LogUnavailable(sentence) from unavailable
