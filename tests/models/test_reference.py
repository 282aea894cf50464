"""Who may be shown: filters inside the search, and nothing told that fewer than five share."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artifact import Artifact
from models.evidence import Suggester
from models.explanation import searched_sentence
from models.filters import KEPT, Filters
from models.packing import Packed
from models.recognisable import FEWEST, Crowd, coarsened
from models.reference import FIELDS, ReferenceCases, Wanted
from models.similar_case import SOMETHING_ELSE
from tests.models.questions import FULL, a_citizen, ask, two_level_artifact
from tests.models.workbench import FIRST_DAY, MUNICIPALITIES, REPAIR, key, with_codes


@st.composite
def wishes(draw: st.DrawFn) -> Wanted:
    """Filters of every kind, each left out now and then."""
    days = st.none() | st.integers(-5, 205).map(lambda day: FIRST_DAY + timedelta(days=day))
    return Wanted(
        excluded_keys=draw(st.frozensets(st.integers(0, 220).map(key), max_size=20)),
        levels=draw(st.none() | st.frozensets(st.sampled_from([*REPAIR.level_codes, "fremmed"]))),
        decided_from=draw(days),
        decided_to=draw(days),
        municipality=draw(st.none() | st.sampled_from([*MUNICIPALITIES, "0999"])),
        team=draw(st.none() | st.sampled_from(["a", "b", "c"])),
    )


def is_wanted(reference: ReferenceCases, row: int, wanted: Wanted) -> bool:
    """The definition, case by case."""
    of = {field: reference.values(field, np.array([row]))[0] for field in FIELDS}
    day = FIRST_DAY + timedelta(days=int(row))
    return (
        reference.key(row) not in wanted.excluded_keys
        and (wanted.levels is None or of["levels"] in wanted.levels)
        and (wanted.municipality is None or of["municipalities"] == wanted.municipality)
        and (wanted.team is None or of["teams"] == wanted.team)
        and (wanted.decided_from is None or day >= wanted.decided_from)
        and (wanted.decided_to is None or day <= wanted.decided_to)
    )


@pytest.mark.requirement("F-04")
@settings(deadline=None, max_examples=25)
@given(wanted=wishes())
def test_filters_are_part_of_the_search_and_take_nothing_from_it(
    wanted: Wanted, version: Artifact, suggester: Suggester
) -> None:
    reference = version.reference
    chosen = {reference.key(row) for row in range(len(reference)) if is_wanted(reference, row, wanted)}
    mask = Filters(reference, REPAIR.level_codes).allowed(wanted)
    assert {reference.key(int(row)) for row in np.flatnonzero(mask.bools())} == chosen
    everyone = [case["key"] for case in ask(suggester, k=200).payload()["similar"]["cases"]]
    left = [each for each in everyone if each in chosen]
    similar = ask(suggester, wanted=wanted, k=12).payload()["similar"]
    if similar is None:
        assert len(left) < version.manifest.thresholds.min_similar
    else:
        assert [case["key"] for case in similar["cases"]] == left[:12]
        if counter := similar["counter_example"]:
            assert left.index(counter["key"]) + 1 == counter["rank"]


def test_a_case_without_a_day_is_of_no_practice(version: Artifact) -> None:
    days = version.reference.days.copy()
    days[7] = 0
    filters = Filters(replace(version.reference, days=days), REPAIR.level_codes)
    for wanted in (Wanted(decided_from=date(2000, 1, 1)), Wanted(decided_to=date(2099, 1, 1))):
        assert np.flatnonzero(~filters.allowed(wanted).bools()).tolist() == [7]


def test_masks_are_kept_but_not_without_end(version: Artifact) -> None:
    filters = Filters(version.reference, REPAIR.level_codes)
    wanted = Wanted(team="a")
    assert filters.allowed(wanted) is filters.allowed(wanted)
    for day in range(2 * KEPT):
        filters.allowed(Wanted(decided_from=FIRST_DAY + timedelta(days=day)))
    assert len(filters._made) <= KEPT


def test_a_key_is_found_among_all_and_only_there(version: Artifact) -> None:
    reference = version.reference
    assert [reference.row_of(reference.key(row)) for row in range(len(reference))] == list(range(200))
    for stranger in (key(5000), "0" * 32, "f" * 32, "ikke en nøgle", ""):
        assert reference.row_of(stranger) is None


@pytest.mark.parametrize("wrong", [{"days": [0] * 3}, {"names": ((), (), (), (), (), (), ())}])
def test_arrays_that_do_not_fit_each_other_are_refused(wrong: dict[str, Any], version: Artifact) -> None:
    wrong = {name: np.array(each, dtype="<u2") if name == "days" else each for name, each in wrong.items()}
    with pytest.raises(ValueError, match="reference case"):
        replace(version.reference, **wrong)


class TestNobodyStandsAlone:
    """k-anonymity of what is told of a case."""

    @pytest.mark.requirement("F-15")
    @settings(max_examples=50, deadline=None)
    @given(st.integers(0, 2**32), st.data())
    def test_what_is_told_of_a_case_is_shared_by_five(self, seed: int, data: st.DataObject) -> None:
        sizes = (4, 3, 5, 2, 6)
        chance = np.random.default_rng(seed)
        codes = chance.integers(0, np.array(sizes)[:, None], size=(5, 80)).astype(np.uint8)
        codes[0] = codes[0] ** 2 % 4  # some answers are rare
        columns = (0, 2, 3, 4)
        crowd = Crowd(Packed.of(codes, sizes), columns)
        query, there = codes[:, 0], codes[:, data.draw(st.integers(0, 79))]
        order = data.draw(st.permutations(range(5)))
        alike = [(q, int(query[q])) for q in order if query[q] == there[q]][:3]
        apart = [(q, int(query[q]), int(there[q])) for q in order if query[q] != there[q]][:3]
        vague, silent = coarsened(crowd, alike, apart)
        share = np.ones(80, dtype=bool)
        for q, code in alike:
            if q in columns and q not in silent:
                share &= codes[q] == code
        for q, here, other in apart:
            if q in columns:
                share &= codes[q] != here if q in vague else codes[q] == other
        told_of_known = [q for q, _ in alike if q in columns and q not in silent]
        assert share.sum() >= FEWEST or not told_of_known
        assert not (vague | silent) - set(columns)
        if not vague and not silent:
            assert share.sum() >= FEWEST

    def test_as_little_is_kept_back_as_will_do_and_the_weakest_first(self) -> None:
        codes = np.array([[0] * 20 + [1] * 6, [0] * 20 + [1] * 5 + [2]], dtype=np.uint8)
        crowd = Crowd(Packed.of(codes, (2, 3)), (0, 1))
        assert coarsened(crowd, [], [(0, 0, 1), (1, 0, 1)]) == (set(), set())
        assert coarsened(crowd, [], [(0, 0, 1), (1, 0, 2)]) == ({1}, set())
        assert coarsened(crowd, [(1, 2)], []) == (set(), {1})

    @pytest.mark.requirement("F-15")
    def test_an_answer_that_four_others_share_is_told_and_one_alone_is_not(self) -> None:
        for together, told in ((5, "rollator"), (4, SOMETHING_ELSE)):
            artifact = two_level_artifact(["avanceret"] * 30)
            book = artifact.codebook
            aid = book.names.index("ganghjaelpemiddel")
            codes = artifact.reference.codes.unpacked()
            codes[aid, :together] = book.encode(a_citizen(ganghjaelpemiddel="rollator"))[aid]
            found = Suggester(replace(artifact, reference=with_codes(artifact.reference, codes)))
            cases = found.suggest(a_citizen(), own_level="basal", k=30).payload()["similar"]["cases"]
            differences = [part for case in cases for part in case["differences"]]
            assert len(differences) == together
            assert {part["there"] for part in differences} == {told}
            assert {part["here"] for part in differences} == {"ingen"}

    def test_too_many_combinations_to_count_are_refused(self) -> None:
        codes = np.zeros((3, 2), dtype=np.uint8)
        with pytest.raises(ValueError, match="at most"):
            Crowd(Packed.of(codes, (200, 200, 200)), (0, 1, 2))

    def test_fewer_than_five_are_never_told_of_whatever_the_thresholds(self, version: Artifact) -> None:
        thresholds = replace(version.manifest.thresholds, min_similar=1)
        lax = Suggester(replace(version, manifest=replace(version.manifest, thresholds=thresholds)))
        keys = {case["key"] for case in ask(lax, k=200).payload()["similar"]["cases"]}
        four = frozenset(sorted(keys)[4:])
        assert ask(lax, excluded_keys=four).abstained == ("too_few_similar",)
        five = frozenset(sorted(keys)[5:])
        assert ask(lax, excluded_keys=five).payload()["similar"]["count"] == 5


class TestHowUsualItIsToHaveACaseSoNear:
    """The nearest beside the reference's own nearest."""

    @pytest.mark.parametrize(
        ("nearest", "said"),
        [
            ((), ""),
            (
                (0.1, 0.2, 0.3, 0.4),
                "Hos 100 af 100 tidligere sager lå den mest lignende sag længere væk end her.",
            ),
            (
                (0.1, 0.2, 1.0, 1.0),
                "Hos 50 af 100 tidligere sager lå den mest lignende sag længere væk end her.",
            ),
            (
                (1.0, 1.0),
                "Hos næsten alle tidligere sager lå den mest lignende sag lige så tæt på eller tættere.",
            ),
        ],
    )
    def test_is_told_in_a_sentence(self, version: Artifact, nearest: tuple[float, ...], said: str) -> None:
        told = Suggester(replace(version, manifest=replace(version.manifest, nearest=nearest)))
        sentence = ask(told, FULL).payload()["similar"]["nearness_sentence"]
        assert sentence.partition(". ")[2].removeprefix("Se på forskellene. ") == said or not said
        assert ("tidligere sager" in sentence) is bool(said)

    @pytest.mark.parametrize("wrong", [[0.3, 0.2], [0.5, 1.5], ["x"]])
    def test_quantiles_that_do_not_rise_are_refused(self, version: Artifact, wrong: list[Any]) -> None:
        told = {**version.manifest.to_json(), "nearest": wrong}
        with pytest.raises(ValueError, match=r"quantiles|float"):
            type(version.manifest).from_json(told)


def test_whose_cases_were_looked_through_is_told_where_there_are_several(version: Artifact) -> None:
    suggester = Suggester(version)

    def told(of: Suggester, municipality: str | None) -> dict[str, Any]:
        found = ask(of, FULL, wanted=Wanted(municipality=municipality)).payload()["similar"]
        searched: dict[str, Any] = found["searched"]
        return searched

    assert told(suggester, None)["sentence"] == f"Der er ledt i sager fra {len(MUNICIPALITIES)} kommuner."
    assert told(suggester, MUNICIPALITIES[0]) == {
        "own": True, "municipalities": 2, "sentence": "Der er kun ledt i kommunens egne sager.",
    }  # fmt: skip
    names = tuple(
        ("0999",) if field == "municipalities" else own
        for field, own in zip(FIELDS, version.reference.names, strict=True)
    )
    assert replace(
        version.reference, names=names, about=_of_one(version.reference, names)
    ).municipalities == ("0999",)
    assert searched_sentence(1, own=False) == ""


def _of_one(reference: ReferenceCases, names: tuple[Any, ...]) -> Packed:
    """The lists again, with all cases of the first municipality."""
    place = FIELDS.index("municipalities")
    columns = reference.about.unpacked()
    columns[place] = 0
    return Packed.of(columns, [max(1, len(own)) for own in names])
