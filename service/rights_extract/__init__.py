"""The answer to a request for access: one zip with a page for the citizen and the same as JSON."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import areas
from service.clock import local_date
from service.rights_extract.words import RIGHTS, STEPS, TEXTS
from service.workflow.rights.access import steps_in

PAGE, DATA = "mine-oplysninger.html", "mine-oplysninger.json"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True,
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def zip_of(document: Mapping[str, Any]) -> bytes:
    """The page and the data in one file; the same document gives the same bytes."""
    made = io.BytesIO()
    at = datetime.fromisoformat(document["made_at"])
    stamp = (at.year, at.month, at.day, at.hour, at.minute, 0)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((PAGE, as_html(document)), (DATA, as_json(document))):
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def as_json(document: Mapping[str, Any]) -> str:
    """The document as it is, for machines."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def as_html(document: Mapping[str, Any]) -> str:
    """The document as one page that needs nothing beside it."""
    template = _ENVIRONMENT.get_template("extract.html")
    return template.render(document=document, day=_day, title_of=_title, lines_of=_lines, rights=RIGHTS)


def count_of(document: Mapping[str, Any]) -> int:
    """How many steps the document tells of."""
    return len(list(steps_in(document)))


def _day(said: str) -> str:
    """A day or an instant as people write it."""
    day = local_date(datetime.fromisoformat(said)) if "T" in said else date.fromisoformat(said)
    return format_date(day, "d. MMMM y", locale="da")


def _title(step: Mapping[str, Any]) -> str:
    return STEPS.get(step["step"], step["step"])


def _lines(step: Mapping[str, Any]) -> list[str]:
    """What was written or shown in a step, in its own words."""
    content = step["content"]
    if step["step"] == "suggestion":
        return _shown(content)
    if step["step"] == "exploration":
        return list(content.get("sentences", ()))
    lines = [content[name] for name in TEXTS if isinstance(content.get(name), str) and content[name].strip()]
    if step["step"] == "assessment" or step["step"] == "decision":
        lines.insert(0, _choice(step["recorded"]["choice"]))
    if step["step"] == "letter":
        lines += list(_letter(content.get("parts", {})))
    return lines


def _choice(code: str) -> str:
    labels = {level.code: level.label for name in areas.names() for level in areas.get(name).levels}
    other = {"kan_ikke_afgoeres": "Kan ikke afgøres nu", "retur": "Andet, eller sendt retur"}
    return labels.get(code) or other.get(code, code)


def _letter(parts: Mapping[str, str]) -> list[str]:
    return [parts[name] for name in ("weighed", "wish", "facts", "law") if parts.get(name)]


def _shown(content: Mapping[str, Any]) -> list[str]:
    if "sealed" in content:
        return [content["sealed"]]
    similar, pull = content.get("similar"), content.get("contributions")
    lines = list(content.get("abstained_sentences", ()))
    lines += [similar["sentence"]] if similar else []
    lines += [item["sentence"] for item in pull["items"] if item["certain"]] if pull else []
    return [*lines, *(content.get("caveats", ()) if lines else ())]
