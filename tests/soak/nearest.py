"""Similar cases against brute force in float64: the same, in the same order, with every engine and filter.

A question is one invented case asked of a reference of its own size, weights and ties; the tests run a few.
"""

import numpy as np

from models.engines import engines
from models.masks import Mask
from models.packing import Packed
from models.similarity import Similarity
from tests.bench.neighbours import book, drawn
from tests.soak.figures import Figure, share_of

WORLDS, QUESTIONS, LARGEST = 4000, 5, 20_000
SHOWN = (1, 20, 25)
ALLOWED = (1.0, 0.5, 0.05, 0.002)


def measure(share: float) -> list[Figure]:
    """How often any engine found something else than brute force."""
    worlds, wrong = share_of(WORLDS, share, 20), 0
    for seed in range(worlds):
        wrong += differences(seed)
    asked = worlds * QUESTIONS * len(engines())
    names = ", ".join(engine.name for engine in engines())
    return [
        Figure(
            "similar cases beside float64 over every case, filters and ties included",
            names,
            f"{asked:,} questions",
            f"{wrong} answers differ",
            "0",
            wrong == 0,
        )
    ]


def differences(seed: int) -> int:
    """The wrong answers in one invented world: many cases alike, some weights nought, some cases left out."""
    chance, area_book = np.random.default_rng(seed), book()
    n = int(np.exp(chance.uniform(np.log(5), np.log(LARGEST))))
    codes = drawn(area_book, n, seed)
    codes = codes[:, chance.integers(0, max(1, n // int(chance.integers(1, 4))), n)]
    weights = chance.choice([0.0, 0.25, 0.5, 1.0, 1.5, 3.0], len(codes))
    weights[seed % len(weights)] += 1  # never all of them nothing
    tables = [area_book.distance_table(name) for name in area_book.names]
    packed = Packed.of(codes, area_book.sizes)
    searches = [Similarity(packed, tables, weights.tolist(), engine) for engine in engines()]
    asked = np.ascontiguousarray(drawn(area_book, QUESTIONS, seed + 1_000_000).T)
    return sum(_differ(searches, query, tables, weights, codes, chance) for query in asked)


def _differ(
    searches: list[Similarity],
    query: np.ndarray,
    tables: list[np.ndarray],
    weights: np.ndarray,
    codes: np.ndarray,
    chance: np.random.Generator,
) -> int:
    shares = zip(weights / weights.sum(), tables, query, codes, strict=True)
    exact = np.round(sum((w * table)[here].take(there) for w, table, here, there in shares), 12)
    chosen = chance.random(codes.shape[1]) < chance.choice(ALLOWED)
    k = int(chance.choice(SHOWN))
    rows = np.flatnonzero(chosen)
    expected = rows[np.lexsort((rows, exact[rows]))]
    wrong = 0
    for search in searches:
        scan = search.scan(query)
        found, distances = scan.nearest(k, Mask.of(chosen))
        right = found.tolist() == expected[:k].tolist() and np.allclose(distances, exact[found], atol=1e-11)
        if len(expected):
            last = int(expected[-1])
            at = float(search.distances(query, np.array([last]))[0])
            right &= scan.rank(last, at, Mask.of(chosen)) == len(expected)
        wrong += not right
    return wrong
