"""From source to calculation: where everything that a model version reads comes from."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from models.artifact import Artifact
from models.lineage import ARRIVAL, Strand, lineage
from service.policy import Action
from service.tables.governance import Admission
from service.web.governance.model import once_in_use
from service.web.guard import guarded
from service.web.labels import stage_words

blueprint = Blueprint("lineage", __name__)


@dataclass(frozen=True)
class FieldLine:
    """One field as it was received: what it is called, its source, its place in the catalogue, if any."""

    label: str
    source: str
    anchor: str


@dataclass(frozen=True)
class FeatureLine:
    """One thing that the calculation reads, the fields it is made from, and how many values it can take."""

    name: str
    label: str
    computed: bool
    known_at: str
    values: int
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True)
class LineagePage:
    """The lineage of one version. Every suggestion that names the version has this one."""

    version: str
    since: Admission
    manifest_hash: str
    lines: tuple[FeatureLine, ...]


@blueprint.get("/om-modellen/kilder/<version>")
@guarded(Action.READ_MODEL)
def show(version: str) -> str:
    """Source, field and feature of all that a version reads; NotFound for one that was never in use."""
    since, found = once_in_use(version)
    page = LineagePage(version, since, since.manifest_hash, lines_of(found))
    return render_template("model/lineage.html", page=page)


def lines_of(artifact: Artifact) -> tuple[FeatureLine, ...]:
    """Every feature of an artifact, in its own order."""
    book = artifact.codebook
    sizes = dict(zip(book.names, book.sizes, strict=True))
    return tuple(_line(strand, sizes[strand.feature.name]) for strand in lineage(book.area, book.names))


def _line(strand: Strand, size: int) -> FeatureLine:
    asked = strand.feature
    fields = tuple(
        FieldLine(field.label, field.source.label, "" if field.name in ARRIVAL else field.name)
        for field in strand.fields
    )
    return FeatureLine(asked.name, asked.label, asked.computed, stage_words(asked.known_at), size - 1, fields)
