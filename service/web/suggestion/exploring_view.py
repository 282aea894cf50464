"""What an exploration shows: what was shown beside what other facts would show, as a pure function of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from service.web.danish import level_phrase, of
from service.web.suggestion.basis import TEMPLATES, environment

FRAGMENT = "suggestion/explored.html"
TEMPLATE_VERSION = f"exploration/1+{sha256((TEMPLATES / FRAGMENT).read_bytes()).hexdigest()[:12]}"
NOT_SHOWN = "Intet vises"
NOT_STRONGEST = "Ikke blandt de stærkeste"


@dataclass(frozen=True)
class Row:
    """One line of a comparison."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Explored:
    """All that the fragment shows. `silent` is why nothing would be shown; `before`, `after` what to mind."""

    changed: tuple[Row, ...]
    silent: tuple[str, ...]
    levels: tuple[Row, ...]
    pulls: tuple[Row, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    model_version: str


def render_exploration(payload: Mapping[str, Any]) -> str:
    """The fragment of a payload; always Danish, like the basis it belongs to."""
    return environment.get_template(FRAGMENT).render(explored=view_of(payload))


def view_of(payload: Mapping[str, Any]) -> Explored:
    """The comparison; levels and facts keep their declared order and the order of what was shown."""
    before, after = payload["before"], payload["after"]
    return Explored(
        changed=tuple(Row(each["label"], each["before"], each["after"]) for each in payload["changed"]),
        silent=tuple(after["silent"]),
        levels=tuple(
            Row(level["label"], _count(before, level["code"]), _count(after, level["code"]))
            for level in payload["levels"]
        ),
        pulls=_pulls(payload),
        before=tuple(before["notes"]),
        after=tuple(after["notes"]),
        model_version=payload["model_version"],
    )


def _count(side: Mapping[str, Any], level: str) -> str:
    return NOT_SHOWN if side["count"] is None else of(side["spread"].get(level, 0), side["count"])


def _pulls(payload: Mapping[str, Any]) -> tuple[Row, ...]:
    """Every fact that pulled on either side, those of what was shown first."""
    labels = {level["code"]: level_phrase(level["label"]) for level in payload["levels"]}
    before = {item["question"]: item for item in payload["before"]["pulls"]}
    after = {item["question"]: item for item in payload["after"]["pulls"]}
    nothing = NOT_SHOWN if payload["after"]["silent"] else NOT_STRONGEST
    return tuple(
        Row(
            {**after, **before}[name]["label"],
            _pull(before.get(name), labels, NOT_STRONGEST),
            _pull(after.get(name), labels, nothing),
        )
        for name in {**before, **after}
    )


def _pull(item: Mapping[str, Any] | None, labels: Mapping[str, str], nothing: str) -> str:
    if item is None:
        return nothing
    if not item["certain"]:
        return "Retningen er usikker"
    return f"{item['strength'].capitalize()} mod {labels[item['toward']]}"
