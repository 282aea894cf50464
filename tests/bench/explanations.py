"""What an explanation costs: contributions, probability and whole evidence, beside scikit-learn and shap.

Everything runs on one thread. The pairwise models are boosting without native splits on categories, which
shap reads rightly; the tables served are read from the very model that shap explains.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models import areas
from models.artifact import Artifact
from models.coding import Codebook
from models.declaration import Code, no_derivation
from models.evidence import Suggester
from models.facts import values
from models.manifest import Thresholds
from models.reference import FIELDS, ReferenceCases
from models.tables import ScoreTables, shapley
from tests.bench import peers
from tests.bench.rows import MICROSECONDS, Row, faster, not_available, side_by_side
from tests.models.workbench import REPAIR, make_artifact, random_codes, random_tables, reference_cases
from tests.soak.explanations import tables_of
from training.candidates import PAIRWISE
from training.dataset import Dataset, read_cases
from training.golden import shap_itself
from training.synthesize import Order, synthesize
from training.train import Settings, train

BACKGROUND = 100
QUESTIONS, CLASSES, ROWS = 32, 8, 8000
OF_EIGHT = {
    "max_iter": 364, "learning_rate": 0.2, "max_leaf_nodes": 4, "interaction_cst": "pairwise",
    "early_stopping": False,
}  # fmt: skip
CASES, REFERENCE, NEIGHBOURS = 20_000, 200_000, 25
EIGHT, TWO = "eight levels", "§ 140"
CONTRIBUTIONS = "contributions of one case, pairwise"
SLOW, QUICK = f"TreeExplainer interventional, {BACKGROUND} rows", "TreeExplainer path-dependent"


@dataclass(frozen=True)
class Fitted:
    """A pairwise model, its tables, and codes to explain against the first hundred of them."""

    model: Any
    tables: ScoreTables
    codes: np.ndarray
    level: np.ndarray

    @property
    def background(self) -> np.ndarray:
        """What contributions are measured from."""
        return self.codes[:BACKGROUND]

    @property
    def case(self) -> np.ndarray:
        """A case to explain."""
        return np.ascontiguousarray(self.codes[BACKGROUND])


def measure() -> list[Row]:
    """Every line of the bench of explanations."""
    with threadpool_limits(1):
        eight = _eight_levels()
        rows = _contributions(EIGHT, eight, interventional=1000, dependent=20)
        rows += _peers(eight)
        rows += [_probability(EIGHT, eight)]
        rows += [_evidence(EIGHT, _artifact_of(eight), _answers_of(eight), eight)]
        artifact, data = _trained()
        two = _two_levels(artifact, data)
        rows += _contributions(TWO, two, interventional=100, dependent=4)
        rows += [_probability(TWO, two)]
        many = replace(artifact, reference=_many(artifact))
        rows += [_evidence(TWO, many, values(data.cases[0].facts), two)]
    return rows


def _contributions(of: str, fitted: Fitted, interventional: float, dependent: float) -> list[Row]:
    """Our interventional values beside shap's two ways, for one case."""
    explainer, row = shapley(fitted.tables, fitted.background), fitted.case[None, :].astype(float)
    against = _interventional(fitted)
    path = shap_itself().TreeExplainer(fitted.model, feature_perturbation="tree_path_dependent")
    ours, slow, quick = side_by_side(
        [
            (lambda: explainer.contributions(fitted.case), 500),
            (lambda: against(row), 1),
            (lambda: path.shap_values(row, check_additivity=False), 20),
        ]
    )
    what = f"{CONTRIBUTIONS}, {of}"
    return [
        faster(f"{what}: {SLOW}", ours, slow, interventional, MICROSECONDS),
        faster(f"{what}: {QUICK}", ours, quick, dependent, MICROSECONDS),
    ]


def _interventional(fitted: Fitted) -> Callable[[np.ndarray], Any]:
    explainer = shap_itself().TreeExplainer(
        fitted.model, data=fitted.background.astype(float), feature_perturbation="interventional",
        model_output="raw",
    )  # fmt: skip
    return lambda row: explainer.shap_values(row, check_additivity=False)


def _probability(of: str, fitted: Fitted) -> Row:
    row = fitted.case[None, :].astype(float)
    ours, theirs = side_by_side(
        [
            (lambda: fitted.tables.probabilities(fitted.case), 500),
            (lambda: fitted.model.predict_proba(row), 20),
        ]
    )
    name = f"probability of one case, pairwise, {of}: predict_proba of one row"
    return faster(name, ours, theirs, 20, MICROSECONDS)


def _peers(fitted: Fitted) -> list[Row]:
    """Peers' own contributions of one case, each measured where they are installed (`peers.py`)."""
    explainer = shapley(fitted.tables, fitted.background)
    (ours,) = side_by_side([(lambda: explainer.contributions(fitted.case), 500)])
    rows = []
    with TemporaryDirectory() as folder:
        settings = {**OF_EIGHT, "random_state": 8}
        peers.lay(Path(folder), settings, fitted.codes, fitted.level, BACKGROUND)
        for peer in peers.NAMES:
            name, theirs = f"{CONTRIBUTIONS}, {EIGHT}: {peer}", peers.seconds_of(peer, Path(folder))
            line = (
                not_available(name, 100) if theirs is None else faster(name, ours, theirs, 100, MICROSECONDS)
            )
            rows.append(line)
    return rows


def _evidence(of: str, artifact: Artifact, facts: dict[str, Any], fitted: Fitted) -> Row:
    """Code, probability, contributions, 25 of 200,000 and every sentence, as the service stores them."""
    suggester, own = Suggester(artifact), artifact.area.level_codes[0]
    against, row = _interventional(fitted), fitted.case[None, :].astype(float)
    if suggester.suggest(facts, own_level=own, k=NEIGHBOURS).similar is None:
        raise AssertionError("there is no evidence to be measured")
    ours, theirs = side_by_side(
        [
            (lambda: suggester.suggest(facts, own_level=own, k=NEIGHBOURS).payload(), 20),
            (lambda: against(row), 1),
        ]
    )
    name = f"evidence of one case, {of}, {NEIGHBOURS} of {REFERENCE:,} ({suggester.engine}): {SLOW}"
    return faster(name, ours, theirs, 5)


def _many(artifact: Artifact, codes: np.ndarray | None = None) -> ReferenceCases:
    """As many reference cases, drawn from the version's own with new keys, and with codes of their own."""
    own, chance = artifact.reference, np.random.default_rng(140)
    rows = chance.integers(0, len(own), REFERENCE)
    return ReferenceCases.of(
        artifact.codebook.sizes,
        np.ascontiguousarray(own.codes.codes_of(rows).T) if codes is None else codes,
        [secrets.token_hex(16) for _ in rows],
        {field: own.values(field, rows) for field in FIELDS},
        [date(2026, 1, 1)] * REFERENCE,
    )


def _trained() -> tuple[Artifact, Dataset]:
    area = areas.get("genoptraening")
    with TemporaryDirectory() as folder:
        synthesize(Order(area, CASES, 140, date(2026, 6, 30)), Path(folder, "made"))
        data = read_cases(area, (Path(folder, "made", "history.csv"),))
    return train(data, Settings()).artifact, data


def _two_levels(artifact: Artifact, data: Dataset) -> Fitted:
    """Pairwise boosting on the area's own cases, whatever kind training chose."""
    book = artifact.codebook
    cases = [case for case in data.cases if case.final_level in artifact.area.level_codes]
    codes = book.encode_many([values(case.facts) for case in cases], [case.received_on for case in cases])
    level = np.array([artifact.area.level_codes.index(str(case.final_level)) for case in cases])
    model = HistGradientBoostingClassifier(**PAIRWISE, random_state=140).fit(codes.astype(float), level)
    return Fitted(model, tables_of(model, book.sizes, codes, pairs=True), codes, level)


def _eight_levels() -> Fitted:
    """32 questions of 3 to 12 answers, eight levels and a third of the pairs at work, in 364 rounds.

    So many rounds were best for 200,000 such cases; fewer cases are fitted here, which changes no time.
    """
    chance = np.random.default_rng(8)
    sizes = tuple(chance.integers(3, 13, QUESTIONS).tolist())
    pairs = tuple(pair for pair in combinations(range(QUESTIONS), 2) if chance.random() < 0.33)
    codes = chance.integers(0, sizes, size=(ROWS, QUESTIONS)).astype(np.uint8)
    said = 0.3 * random_tables(tuple("abcdefgh"), sizes, pairs, 8).scores(codes)
    level = (said + chance.gumbel(size=said.shape)).argmax(axis=1)
    model = HistGradientBoostingClassifier(**OF_EIGHT, random_state=8).fit(codes.astype(float), level)
    return Fitted(model, tables_of(model, sizes, codes, pairs=True), codes, level)


def _artifact_of(eight: Fitted) -> Artifact:
    """The made-up area of the eight levels as a version, with as many reference cases drawn evenly."""
    asked = {
        f"q{n:02d}": Annotated[
            str, replace(REPAIR.by_name["farve"], name="", label=f"Svar {n}", codes=_codes(size))
        ]
        for n, size in enumerate(eight.tables.sizes)
    }
    area = replace(
        REPAIR, name="otte", levels=tuple(Code(each, each) for each in "abcdefgh"),
        facts=type("Facts", (), {"__annotations__": asked}), derive=no_derivation,
    )  # fmt: skip
    book = Codebook.build(area, {question.name: question.code_values for question in area.learned})
    few = reference_cases(book, random_codes(book, CLASSES * 50, 8), list(area.level_codes) * 50)
    near = Thresholds(min_similarity=0.0, min_nearest=0.0)
    made = make_artifact(book, replace(eight.tables, classes=area.level_codes), few, near)
    drawn = replace(made, background=eight.background)
    return replace(drawn, reference=_many(drawn, random_codes(book, REFERENCE, 9)))


def _answers_of(eight: Fitted) -> dict[str, Any]:
    return {f"q{n:02d}": f"svar{code}" if code else None for n, code in enumerate(eight.case)}


def _codes(size: int) -> tuple[Code, ...]:
    return tuple(Code(f"svar{n}", f"Svar {n}") for n in range(1, size))
