"""A model version of any size: trained on an invented municipality, its earlier cases repeated."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from models import areas
from models.artifact import Artifact
from models.packing import Packed
from models.reference import ReferenceCases
from training.dataset import Dataset, read_cases
from training.synthesize import Order, synthesize
from training.train import Settings, train

CASES = 20_000


def trained(cases: int = CASES) -> tuple[Artifact, Dataset]:
    """A version of § 140 trained on so many invented cases, and the cases."""
    area = areas.get("genoptraening")
    with TemporaryDirectory() as folder:
        synthesize(Order(area, cases, 140, date(2026, 6, 30)), Path(folder, "made"))
        data = read_cases(area, (Path(folder, "made", "history.csv"),))
    return train(data, Settings()).artifact, data


def enlarged(artifact: Artifact, count: int, name: str) -> Artifact:
    """The version under another name with so many reference cases, drawn from its own, under new keys."""
    own, chance = artifact.reference, np.random.default_rng(140)
    rows = chance.integers(0, len(own), count)
    keys = chance.integers(0, 256, (count, 16), dtype=np.uint8)
    halves = keys.view(">u8").astype(np.uint64)
    drawn = ReferenceCases(
        codes=Packed(own.codes.packing, np.ascontiguousarray(own.codes.words[:, rows])),
        about=Packed(own.about.packing, np.ascontiguousarray(own.about.words[:, rows])),
        keys=keys[np.lexsort((halves[:, 1], halves[:, 0]))],
        days=own.days[rows],
        names=own.names,
    )
    return replace(artifact, reference=drawn, manifest=replace(artifact.manifest, version=name))
