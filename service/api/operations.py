"""How a route of the API says what it takes and gives: it reads by that, and is described by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from service.errors import Refused, SkoenError
from service.intake_formats.problem import Refused as Unreadable
from service.intake_formats.reading import json_of

Body = TypeVar("Body", bound=BaseModel)
View = TypeVar("View", bound=Callable[..., Any])


class FieldsRefused(Refused):
    """Fields of a body that cannot be taken; `fields` has a sentence for each."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(gettext("Noget skal rettes, før det kan gemmes. Intet er gemt."))


@dataclass(frozen=True)
class Operation:
    """One route: what it is for, its body, its answer, and the statuses it refuses with."""

    summary: str
    answer: type[BaseModel]
    status: int
    body: type[BaseModel] | None
    refusals: tuple[int, ...]


def operation(
    summary: str,
    answer: type[BaseModel],
    *,
    status: int = 200,
    body: type[BaseModel] | None = None,
    refusals: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Describe a view; `refusals` are those beside 401, 403 and 404, which every route has."""

    def described(view: View) -> View:
        # A function may carry attributes, which its type does not know; openapi reads this one.
        view.operation = Operation(summary, answer, status, body, refusals)  # type: ignore[attr-defined]
        return view

    return described


class NoObject(SkoenError):
    """What was sent is no JSON object."""

    status = 400
    sentence = "Indholdet kan ikke læses som et JSON-objekt. Intet er gemt."


def body_as(model: type[Body]) -> Body:
    """The body of the request at hand; raises FieldsRefused, NoObject, or a 415 for what is no JSON.

    Read as strictly as a file from outside: bounded in depth, no name twice, no half characters, no NUL.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        sent = json_of(request.get_data())
    except Unreadable:
        raise NoObject from None
    if not isinstance(sent, dict) or any("\0" in text for text in _texts(sent)):
        raise NoObject
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise FieldsRefused(
            {_name(fault["loc"]): _sentence(fault["type"]) for fault in error.errors()}
        ) from None


def _texts(sent: Any) -> Iterator[str]:
    """Every text in a body, names included; the reader has seen to it that it is not deep."""
    if isinstance(sent, str):
        yield sent
    elif isinstance(sent, dict | list):
        for part in (*sent, *sent.values()) if isinstance(sent, dict) else sent:
            yield from _texts(part)


def _name(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place[:2])


def _sentence(kind: str) -> str:
    """The Danish sentence for a kind of fault."""
    if kind == "extra_forbidden":
        return gettext("Feltet kendes ikke.")
    if kind == "missing":
        return gettext("Feltet mangler.")
    return gettext("Værdien har ikke den rigtige form.")
