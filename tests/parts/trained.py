"""A model version trained on a small invented municipality, made once for the tests of the service."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import areas, audit
from models.artifact import Artifact, Golden, load, save
from models.coding import Codebook
from models.packing import Packed
from models.support import Counted, Support
from models.tables import ScoreTables, shapley
from tests.parts.audits import an_honest_record

CASES = 700
GIVES_NOBODY_AWAY = {"membership": {"auc": 0.52, "interval": [0.51, 0.53]}, "shown": {"fewest": 5}}
"""What the gate reads of a version that gives nobody away."""


@pytest.fixture(scope="session")
def trained_version(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """A version as training made it; `on_shelf` writes it where it is wanted."""
    from training.dataset import read_cases  # two seconds of imports that few tests need
    from training.synthesize import Order, synthesize
    from training.train import Settings, train

    area, folder = areas.get("genoptraening"), tmp_path_factory.mktemp("trained") / "files"
    synthesize(Order(area, CASES, 11, date(2026, 6, 1), referrals=20, reports=5), folder)
    data = read_cases(area, (folder / "history.csv",))
    return train(data, Settings(seed=11)).artifact


def on_shelf(shelf: Path, version: Artifact, name: str, **evaluation: Any) -> Artifact:
    """The version on a shelf under a name of its own, changed in part; its test for bias found nothing.

    A model of so few cases remembers them, and the gate would say so: the shelf says that it does not.
    """
    renamed = replace(
        version,
        manifest=replace(version.manifest, version=name),
        evaluation={**version.evaluation, "privacy": GIVES_NOBODY_AWAY, **evaluation},
    )
    save(renamed, shelf / name)
    found = load(shelf / name)
    audit.save(an_honest_record(found), shelf / name)
    return found


def with_facts(version: Artifact, names: Collection[str]) -> Artifact:
    """The version with some of its facts alone, as if it had never had the others; nothing is fitted."""
    whole = version.codebook
    places = whole.places_of([name for name in whole.names if name in names])
    book = Codebook(whole.area, tuple(whole.codings[place] for place in places))
    column = {place: new for new, place in enumerate(places)}

    def cut(tables: ScoreTables) -> ScoreTables:
        pairs = {
            (column[q], column[r]): table
            for (q, r), table in tables.pairs.items()
            if q in column and r in column
        }
        return ScoreTables(tables.classes, tables.base, tuple(tables.singles[q] for q in places), pairs)

    tables, columns = cut(version.tables), list(places)
    background, rows = version.background[:, columns], version.golden.codes[:, columns]
    codes = np.stack([version.reference.codes.column(place) for place in columns])
    explainer = shapley(tables, background)
    return replace(
        version,
        manifest=replace(
            version.manifest, weights={name: version.manifest.weights[name] for name in book.names}
        ),
        codebook=book,
        tables=tables,
        background=background,
        reference=replace(version.reference, codes=Packed.of(codes, book.sizes)),
        golden=Golden(rows, tables.scores(rows), explainer.contributions_many(rows), explainer.base),
        support=Support.of(Counted.of(book.sizes, codes.T, tables.pairs)),
        refitted=cut(version.refitted),
    )
