"""The basis as HTML: a pure function of the payload, so that what is kept is what is shown.

The fragment is always Danish, whatever language the rest of the page speaks: what was shown must be
showable again as it was, to anybody.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.web.suggestion.basis_view import view_of

TEMPLATES = Path(__file__).parents[1] / "templates"
FRAGMENT = ("suggestion/basis.html", "suggestion/basis_parts.html")


def _digest() -> str:
    """Names the exact wording: a changed template is another version, whether anybody says so or not."""
    texts = b"\0".join((TEMPLATES / name).read_bytes() for name in FRAGMENT)
    return sha256(texts).hexdigest()[:12]


TEMPLATE_VERSION = f"basis/1+{_digest()}"

environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_basis(payload: Mapping[str, Any], mode: str) -> str:
    """The fragment of a payload in a mode ("overblik" or "forslag"); any other mode raises ValueError."""
    template = environment.get_template(FRAGMENT[0])
    return template.render(basis=view_of(payload, mode))
