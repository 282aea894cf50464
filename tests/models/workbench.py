"""A tiny second visitation area, and small models made by hand, for the tests of models/."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codebook
from models.declaration import Area, Arrival, Code, Kind, Option, Question, Source, Stage
from models.golden import Golden
from models.manifest import Manifest, Thresholds
from models.packing import Packed
from models.reference import ReferenceCases
from models.stability import side_by_side
from models.support import Counted, Support
from models.tables import ScoreTables, shapley
from models.terms import Duty, LegalBasis, Sensitivity, Terms

LIGHTS = (Code("roed", "Rød"), Code("gul", "Gul"), Code("groen", "Grøn"))
TERMS = Terms(Duty.REQUIRED, "ingen", "smed", Sensitivity.ORDINARY)
WEIGHTS = (Code("let", "Let"), Code("middel", "Middel"), Code("tung", "Tung"))
TOOLS = (Code("hammer", "Hammer"), Code("sav", "Sav"), Code("bor", "Bor"))


def _question(label: str, kind: Kind, **rest: Any) -> Question:
    told = {
        "help": "Sådan.", "section": "alt", "source": Source.PLAN_TEXT, "known_at": Stage.PLAN,
        "purpose": "Prøve", "benefit": "Du kan få det tilbage.", "terms": TERMS,
    }  # fmt: skip
    return Question(label, kind=kind, **{**told, **rest})


class RepairFacts:
    """What is known about a thing that somebody wants repaired."""

    farve: Annotated[str, _question("Farve", Kind.CHOICE, codes=LIGHTS, weight=2.0)]
    vaegt: Annotated[str, _question("Vægt", Kind.SCALE, codes=WEIGHTS, weight=3.0)]
    alder: Annotated[int, _question("Alder", Kind.COUNT, low=0, high=40, unit="år", weight=1.0)]
    andel: Annotated[float, _question("Slidt andel", Kind.SHARE, weight=0.5)]
    redskaber: Annotated[frozenset[str], _question("Redskaber", Kind.SET, codes=TOOLS, weight=1.0)]
    koebt: Annotated[date, _question("Købt", Kind.DATE, low=-400, high=0, weight=0.5)]
    maerke: Annotated[
        str,
        _question(
            "Mærke", Kind.TERM, learned=False, weight=0.0, pattern=r"[A-Z]{2}\d", help="For eksempel AB1."
        ),
    ]
    gammel: Annotated[
        str,
        _question(
            "Gammel",
            Kind.SCALE,
            codes=(Code("nej", "Nej"), Code("ja", "Ja")),
            source=Source.COMPUTED,
            drawn_from=("alder",),
        ),
    ]


def _derive(answers: Mapping[str, Any], arrival: Arrival) -> dict[str, Any]:
    age = answers.get("alder")
    return {"gammel": None if age is None else ("ja" if age >= 10 else "nej")}


def _options(plan_type: str, on: date) -> tuple[Option, ...]:
    levels = tuple(Option(level.code, level.label, is_level=True) for level in REPAIR_LEVELS)
    return (*levels, Option("retur", "Send retur", is_level=False))


REPAIR_LEVELS = (Code("hjemme", "Hjemme"), Code("vaerksted", "Værksted"), Code("fabrik", "Fabrik"))

REPAIR = Area(
    name="reparation",
    label="Reparation",
    legal_basis="Ingen",
    facts=RepairFacts,
    levels=REPAIR_LEVELS,
    options=_options,
    derive=_derive,
    reasons=(Code("nyt", "Noget nyt"), Code("vane", "Vane")),
    independent_reasons=("nyt",),
    forms=(Code("hurtig", "Hurtig"), Code("grundig", "Grundig")),
    teams=(Code("a", "Hold A"), Code("b", "Hold B")),
    places=(Code("inde", "Inde"), Code("ude", "Ude")),
    outcomes=(Code("ok", "I orden"), Code("oev", "Ikke i orden")),
    not_known_to_model=("lyden",),
    laws=(LegalBasis("ingen", "Ingen lov", "Ingen lov siger noget om ting."),),
    owners=(Code("smed", "Smeden"),),
)

RECEIVED = date(2026, 3, 2)


def repair_codebook(area: Area = REPAIR) -> Codebook:
    """A codebook of the tiny area in which one colour and some combinations were never seen."""
    return Codebook.build(
        area,
        {
            "farve": ("groen", "roed"),
            "vaegt": ("let", "middel", "tung"),
            "alder": (1, 4, 10),
            "andel": (0.25, 0.75),
            "redskaber": (frozenset(), frozenset({"sav"}), frozenset({"sav", "bor"})),
            "koebt": (-200, -10),
            "gammel": ("nej", "ja"),
        },
    )


def random_codes(book: Codebook, count: int, seed: int) -> np.ndarray:
    """Codes (n, Q) drawn evenly from a codebook."""
    chance = np.random.default_rng(seed)
    return chance.integers(0, book.sizes, size=(count, len(book.sizes))).astype(np.uint8)


def random_tables(
    classes: tuple[str, ...], sizes: tuple[int, ...], pairs: tuple[tuple[int, int], ...], seed: int
) -> ScoreTables:
    """Tables of random numbers; with two classes the first one's are 0."""
    chance = np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray:
        table = chance.normal(size=(len(classes), *shape))
        if len(classes) == 2:
            table[0] = 0.0
        return table

    return ScoreTables(
        classes,
        drawn(),
        tuple(drawn(size) for size in sizes),
        {(q, r): drawn(sizes[q], sizes[r]) for q, r in pairs},
    )


MUNICIPALITIES = ("0101", "0201")
FIRST_DAY = date(2024, 1, 1)


def key(number: int) -> str:
    """A reference key that is the same every time; a later number's stands later, as reference cases do."""
    return f"{number:08x}" + hashlib.sha256(str(number).encode()).hexdigest()[:24]


def reference_cases(book: Codebook, codes: np.ndarray, levels: list[str]) -> ReferenceCases:
    """Reference cases of codes (n, Q) with outcomes, practice and a day each in turn."""
    count, area = len(codes), book.area

    def turns(codes: tuple[Code, ...]) -> tuple[str | None, ...]:
        return tuple(codes[row % len(codes)].code if row % 7 and codes else None for row in range(count))

    fields = {
        "levels": levels,
        "outcomes": turns(area.outcomes),
        "level_changed": [(None, True, False)[row % 3] for row in range(count)],
        "forms": [() if form is None else (form,) for form in turns(area.forms)],
        "teams": turns(area.teams),
        "places": turns(area.places),
        "municipalities": [MUNICIPALITIES[row % 2] for row in range(count)],
    }
    days = [FIRST_DAY + timedelta(days=row) for row in range(count)]
    keys = [key(row) for row in range(count)]
    return ReferenceCases.of(book.sizes, codes, keys, fields, days)


def with_codes(reference: ReferenceCases, codes: np.ndarray) -> ReferenceCases:
    """The same reference cases with other codes (Q, n)."""
    return replace(reference, codes=Packed.of(codes, reference.codes.packing.sizes))


def make_artifact(
    book: Codebook,
    tables: ScoreTables,
    reference: ReferenceCases,
    thresholds: Thresholds | None = None,
    version: str = "proeve-1",
) -> Artifact:
    """An artifact whose golden rows are right by construction."""
    background = random_codes(book, 30, seed=5)
    explainer = shapley(tables, background)
    rows = random_codes(book, 8, seed=6)
    golden = Golden(rows, tables.scores(rows), explainer.contributions_many(rows), explainer.base)
    manifest = Manifest(
        version=version,
        area=book.area_name,
        made_at="2026-04-01T08:00:00Z",
        seed=1,
        data_window=(date(2024, 1, 1), date(2026, 3, 31)),
        weights={question.name: question.weight for question in book.area.learned},
        thresholds=thresholds or Thresholds(min_similarity=0.3, min_nearest=0.4),
        config={"family": "by hand"},
        counts={"reference": len(reference)},
        label_sources={"legacy_human": len(reference)},
        libraries={"numpy": np.__version__},
    )
    return Artifact(
        manifest=manifest,
        codebook=book,
        tables=tables,
        background=background,
        reference=reference,
        golden=golden,
        support=Support.of(Counted.of(book.sizes, random_codes(book, 400, seed=7), tables.pairs)),
        refitted=side_by_side([tables] * 3),
        evaluation={"log_loss": 0.5},
    )


def repair_artifact(area: Area = REPAIR, **rest: Any) -> Artifact:
    """A small model of the tiny area: three levels, or as many as the area has."""
    book = repair_codebook(area)
    codes = random_codes(book, 200, seed=7)
    tables = random_tables(area.level_codes, book.sizes, ((0, 1), (2, 6)), seed=8)
    best = tables.scores(codes).argmax(axis=1)
    reference = reference_cases(book, codes, [area.level_codes[each] for each in best])
    return make_artifact(book, tables, reference, **rest)
