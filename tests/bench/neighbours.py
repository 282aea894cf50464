"""Similar cases at 20 thousand, 200 thousand and 2 million, beside what else could find them, in one thread.

    .venv/bin/python tests/bench/neighbours.py

The peers search the usual encoding of the same cases: numbers and ordered codes scaled to one column each,
other codes one-hot, sets as members. It has fewer columns than one-hot throughout, to the peers' advantage.
They minimise another distance, so that recall is measured of ours, against float64 over every case.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from models import artifact
from models.areas import get
from models.artifact import Artifact, load, save
from models.coding import Codebook
from models.declaration import Kind
from models.engines import Engine, NumpyEngine, engines
from models.evidence import Suggester
from models.filters import Filters
from models.masks import Mask
from models.packing import Packed
from models.reference import FIELDS, ReferenceCases, Wanted
from models.similarity import Similarity
from models.tables import ScoreTables
from tests.bench.rows import Row, faster, not_available, side_by_side, table_of
from tests.models.workbench import make_artifact

SIZES = (20_000, 200_000, 2_000_000)
K, QUERIES = 25, 8
DAYS = 3650
Work = tuple[Callable[[], Any], int]


def book() -> Codebook:
    """A codebook of the real area with as many codes as a large municipality's."""
    area = get("genoptraening")
    members = [code.code for code in area.by_name["komorbiditet_flag"].codes]
    sets = [frozenset(), *({one} for one in members), *({"hjerte", one} for one in members[1:])]
    orders: dict[Kind, Any] = {Kind.COUNT: tuple(range(1, 9)), Kind.SET: tuple(map(frozenset, sets))}
    return Codebook.build(area, {each.name: orders.get(each.kind, each.code_values) for each in area.learned})


def drawn(codes_of: Codebook, n: int, seed: int) -> np.ndarray:
    """Codes (Q, n) of invented cases: answers follow one hidden need, more or less, and some are missing."""
    chance = np.random.default_rng(seed)
    need = chance.random(n, dtype=np.float32)
    codes = np.empty((len(codes_of.sizes), n), dtype=np.uint8)
    for question, size in enumerate(codes_of.sizes):
        follows = chance.random(n, dtype=np.float32) < chance.uniform(0.2, 0.7)
        place = np.where(follows, need, chance.random(n, dtype=np.float32))
        codes[question] = 1 + np.minimum(place * (size - 1), size - 2).astype(np.uint8)
        codes[question][chance.random(n, dtype=np.float32) < 0.03] = 0
    return codes


def usual(codes_of: Codebook, codes: np.ndarray) -> np.ndarray:
    """The usual encoding (n, D) in float32: see the head of this file."""
    columns: list[np.ndarray] = []
    for coding, mine in zip(codes_of.codings, codes, strict=True):
        if coding.question.kind is Kind.SET:
            held = [[code in one for one in coding.combinations] for code in coding.question.code_values]
            columns += [np.array([False, *each, False], dtype=np.float32)[mine] for each in held]
        elif coding.question.kind is Kind.CHOICE:
            columns += [(mine == code).astype(np.float32) for code in range(coding.size)]
        else:
            columns.append(mine.astype(np.float32) / (coding.size - 1))
    return np.ascontiguousarray(np.stack(columns, axis=1))


def turns(work: Callable[[int], Any]) -> Work:
    """A round of the queries, one after the other."""
    numbers = iter(range(10**9))
    return lambda: work(next(numbers) % QUERIES), QUERIES


def recall(similarity: Similarity, queries: np.ndarray) -> float:
    """The share of the true nearest, by float64 over every case, that was found, in the right place."""
    everyone, right = np.arange(len(similarity.packed)), 0
    for query in queries[:3]:
        exact = similarity.distances(query, everyone)
        expected = np.lexsort((everyone, exact))[:K]
        found, _ = similarity.scan(query).nearest(K, Mask.everyone(len(everyone)))
        right += sum(one == other for one, other in zip(found, expected, strict=False))
    return right / (3 * K)


class Ground:
    """So many cases, in every form that somebody searches."""

    def __init__(self, n: int) -> None:
        self.n, self.book = n, book()
        self.codes = drawn(self.book, n, seed=1)
        asked = drawn(self.book, QUERIES, seed=2)
        self.queries = np.ascontiguousarray(asked.T)
        self.packed = Packed.of(self.codes, self.book.sizes)
        self.weights = [coding.question.weight for coding in self.book.codings]
        self.everyone = Mask.everyone(n)
        self.usual, self.usual_queries = usual(self.book, self.codes), usual(self.book, asked)

    def similarity(self, engine: Engine) -> Similarity:
        """The search with one engine."""
        distances = [self.book.distance_table(name) for name in self.book.names]
        return Similarity(self.packed, distances, self.weights, engine)

    def search(self, engine: Engine, allowed: Callable[[], Mask] | None = None) -> Work:
        """The 25 nearest of each query in turn, of all or of those who are allowed."""
        found = self.similarity(engine)
        of = allowed or (lambda: self.everyone)
        return turns(lambda q: found.scan(self.queries[q]).nearest(K, of()))

    def scikit_learn(self) -> Work:
        """Brute force over the usual encoding."""
        fitted = NearestNeighbors(n_neighbors=K, algorithm="brute").fit(self.usual)
        return turns(lambda q: fitted.kneighbors(self.usual_queries[q : q + 1]))

    def faiss(self) -> Work | None:
        """faiss's flat index over the usual encoding; None where it cannot be installed."""
        try:
            import faiss
        except ImportError:
            return None
        faiss.omp_set_num_threads(1)
        index = faiss.IndexFlatL2(self.usual.shape[1])
        index.add(self.usual)
        return turns(lambda q: index.search(self.usual_queries[q : q + 1], K))


def no_more(name: str, ours: float, baseline: float, goal: float, unit: str, scale: float = 1.0) -> Row:
    """Ours and a baseline; the ratio says how many times the baseline ours is, at most the goal."""
    ratio = ours / baseline
    return {
        "name": name, "ours": round(ours * scale, 4), "baseline": round(baseline * scale, 4),
        "ratio": round(ratio, 3), "goal": f"≤ {goal:g}", "met": ratio <= goal, "unit": unit,
    }  # fmt: skip


def growth(row: Row) -> Row:
    """A smaller size: shown, and held to no goal."""
    return {**row, "goal": "", "met": None}


def searches(ground: Ground) -> Iterator[Row]:
    """Both engines beside their peers, unfiltered."""
    compiled = next((engine for engine in engines() if not isinstance(engine, NumpyEngine)), None)
    size = f"{K} of {ground.n:,}"
    last = ground.n == SIZES[-1]
    found = {engine.name: recall(ground.similarity(engine), ground.queries) for engine in engines()}
    if min(found.values()) < 1:
        raise SystemExit(f"not the nearest: {found}")
    ours, theirs = side_by_side([ground.search(NumpyEngine()), ground.scikit_learn()])
    row = faster(f"{size}, recall 1: NumPy, beside scikit-learn brute force", ours, theirs, 6)
    yield row if last else growth(row)
    name, flat = f"{size}, recall 1: compiled, beside faiss.IndexFlatL2", ground.faiss()
    if compiled is None or flat is None:
        yield not_available(name, 3)
        return
    ours, theirs = side_by_side([ground.search(compiled), flat])
    row = faster(name, ours, theirs, 3)
    yield row if last else growth(row)


def memory(ground: Ground) -> Iterator[Row]:
    """The compiled search beside reading: of one byte for each fact, and of the packed bytes it does read."""
    compiled = engines()[0]
    facts = np.ascontiguousarray(ground.codes).reshape(-1)
    facts = facts[: len(facts) // 8 * 8].view(np.uint64)
    words = ground.packed.words.reshape(-1).view(np.uint64)
    reading = ((lambda: facts.max(), QUERIES), (lambda: words.max(), QUERIES))
    ours, coded, packed = side_by_side([ground.search(compiled), *reading])
    what = f"{K} of {ground.n:,}: {compiled.name}, beside reading"
    yield no_more(f"{what} the coded facts once", ours, coded, 3, "ms", 1e3)
    yield growth(no_more(f"{what} its own packed bytes once", ours, packed, 3, "ms", 1e3))


def reference(ground: Ground) -> ReferenceCases:
    """The cases as an artifact holds them, with invented levels, practice, days and keys."""
    chance, area, n = np.random.default_rng(3), ground.book.area, ground.n
    names: dict[str, tuple[Any, ...]] = {
        "levels": area.level_codes,
        "outcomes": (None, *(code.code for code in area.outcomes)),
        "level_changed": (None, False, True),
        "forms": ((), *((code.code,) for code in area.forms)),
        "teams": (None, *(code.code for code in area.teams)),
        "places": (None, *(code.code for code in area.places)),
        "municipalities": tuple(f"{101 + 10 * each:04d}" for each in range(98)),
    }
    sizes = [len(names[field]) for field in FIELDS]
    keys = chance.integers(0, 256, (n, 16), dtype=np.uint8)
    halves = keys.view(">u8").astype(np.uint64)
    about = chance.integers(0, np.array(sizes)[:, None], (len(sizes), n)).astype(np.uint8)
    return ReferenceCases(
        codes=ground.packed,
        about=Packed.of(about, sizes),
        keys=keys[np.lexsort((halves[:, 1], halves[:, 0]))],
        days=chance.integers(4000, 4000 + DAYS, n).astype("<u2"),
        names=tuple(names[field] for field in FIELDS),
    )


def filtered(ground: Ground, cases: ReferenceCases) -> Iterator[Row]:
    """The search with filters beside the same without; masks are made when first asked for, as always."""
    filters = Filters(cases, ground.book.area.level_codes)
    out = frozenset(cases.key(row) for row in range(0, ground.n, ground.n // 50))
    wishes = {
        "own team": Wanted(team="ortopaedisk"),
        "level, date and opt-out": Wanted(out, frozenset({"basal"}), decided_from=date(2022, 1, 1)),
    }
    for engine in {engines()[0].name: engines()[0], "numpy": NumpyEngine()}.values():
        works = [ground.search(engine, lambda w=each: filters.allowed(w)) for each in wishes.values()]
        bare, *ours = side_by_side([ground.search(engine), *works])
        for name, each in zip(wishes, ours, strict=True):
            what = f"{K} of {ground.n:,}: {engine.name}, {name}, beside unfiltered"
            yield no_more(what, each, bare, 1.2, "ms", 1e3)


def kept(ground: Ground, cases: ReferenceCases, folder: Path) -> Iterator[Row]:
    """The artifact on disk beside one byte a fact, and the time to open it with every byte checked."""
    singles = tuple(np.zeros((2, size)) for size in ground.book.sizes)
    tables = ScoreTables(ground.book.area.level_codes, np.zeros(2), singles, {})
    version: Artifact = make_artifact(ground.book, tables, cases)
    save(version, folder / "v")
    size = sum(file.stat().st_size for file in (folder / "v").iterdir())
    facts = ground.codes.nbytes
    yield no_more(f"artifact of {ground.n:,}, beside one byte a coded fact", size, facts, 1.5, "MB", 1e-6)
    (opening,) = side_by_side([(lambda: Suggester(load(folder / "v")), 1)])
    what = f"opening it: every byte of {len(artifact.FILES)} files checked, ready to answer, beside 1 s"
    yield no_more(what, opening, 1.0, 1, "s")


def measure() -> list[Row]:
    """Every row, smallest size first."""
    rows: list[Row] = []
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        for n in SIZES:
            ground = Ground(n)
            rows += searches(ground)
        ground.usual = ground.usual[:0]
        rows += memory(ground)
        cases = reference(ground)
        rows += filtered(ground, cases)
        rows += kept(ground, cases, Path(folder))
    return rows


def main() -> None:
    """Measure and print."""
    Console(width=130).print(table_of(measure()))


if __name__ == "__main__":
    main()
