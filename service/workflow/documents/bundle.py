"""Every document of one moment as files: made from the same facts, each with its hash in one index."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from service.clock import local
from service.workflow.documents import cyclonedx, registers_abroad, table_files
from service.workflow.documents.document import SCHEMA, as_bytes, declared, document_of, item_of, version_of
from service.workflow.documents.gather import Gathered

INDEX, FACTS = "dokumenter.json", "fakta.json"
FORMAT = "skoen-documents/1"
MODEL_LIST, PARTS_LIST = "modelkort.cdx.json", "stykliste.cdx.json"
RECORD, DPIA, IAMA = "algoritmeregister.json", "dpia.nl.json", "iama.nl.json"
CONTROLS, ANNEX = "kontroller.csv", "krav.csv"


def documents_of(gathered: Gathered) -> dict[str, dict[str, Any]]:
    """Every document as JSON, by its code."""
    return {code: document_of(each, gathered.facts) for code, each in declared().items()}


def machine_readable(gathered: Gathered) -> dict[str, bytes]:
    """The forms for programs, by file name. What cannot be made for want of a model or locks is left out."""
    facts, now = gathered.facts, gathered.now
    found = {
        SCHEMA.name: SCHEMA.read_bytes(),
        FACTS: as_bytes({key: item_of(fact) for key, fact in facts.items()}),
        RECORD: as_bytes(registers_abroad.record(facts, gathered.phase)),
        DPIA: as_bytes(registers_abroad.shell(facts, registers_abroad.DPIA, now)),
        IAMA: as_bytes(registers_abroad.shell(facts, registers_abroad.IAMA, now)),
        CONTROLS: table_files.controls_csv(),
        ANNEX: table_files.annex_csv(facts),
    }
    if gathered.artifact:
        found[MODEL_LIST] = as_bytes(cyclonedx.model_list(gathered.artifact, facts, now))
    if gathered.product:
        found[PARTS_LIST] = as_bytes(cyclonedx.parts_list(gathered.product, now))
    return found


def index_of(
    gathered: Gathered, documents: Mapping[str, Mapping[str, Any]], files: Mapping[str, bytes]
) -> bytes:
    """What lies in the folder: each document with its version and gaps, and the hash of every file."""
    return as_bytes(
        {
            "format": FORMAT,
            "lavet": local(gathered.now).isoformat(timespec="seconds"),
            "dokumenter": [
                {
                    "kode": code,
                    "titel": each["titel"],
                    "version": version_of(each),
                    "mangler": each["mangler"],
                }
                for code, each in documents.items()
            ],
            "filer": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        }
    )


def missing_in(documents: Mapping[str, Mapping[str, Any]]) -> int:
    """How many different things are missing in all; one that several documents tell counts once."""
    return len({gap for each in documents.values() for gap in gaps_of(each)})


def gaps_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The sentences about what is missing in a document."""
    return tuple(
        gap for section in document["afsnit"] for item in section["oplysninger"] for gap in item["mangler"]
    )


def read(content: bytes) -> dict[str, Any]:
    """A document as it was written; raises ValueError for anything else."""
    found = json.loads(content)
    if not isinstance(found, dict) or not {"kode", "afsnit"} <= set(found):
        raise ValueError("no document")
    return found
