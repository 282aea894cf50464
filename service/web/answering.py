"""Answering a judgement: the basis is computed, rendered as it is shown, and stored, once and for all."""

from service.tables.suggestion import Suggestion
from service.web.basis import TEMPLATE_VERSION, render_basis
from service.web.current import now, runtime
from service.web.guard import current_actor
from service.workflow import suggestion


def answer_to(assessment_id: str) -> Suggestion:
    """The stored answer of a judgement; the same judgement again has the same answer."""
    return suggestion.answer(
        runtime().engine,
        assessment_id,
        shelf=runtime().shelf,
        render=render_basis,
        template_version=TEMPLATE_VERSION,
        now=now(),
        by=current_actor(),
    )
