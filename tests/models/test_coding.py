"""Facts as codes: known, missing, never seen; distances and labels."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.areas import get
from models.coding import Codebook, CodebookRefused
from models.declaration import UNKNOWN, Area, Kind
from models.question_codes import MISSING_DISTANCE, from_json, question_codes
from tests.models.strategies import values
from tests.models.workbench import RECEIVED, REPAIR, repair_codebook

GENOPTRAENING = get("genoptraening")
BOOK = repair_codebook()
KNOWN = {
    "farve": "groen", "vaegt": "tung", "alder": 4, "andel": 0.5,
    "redskaber": frozenset({"sav", "bor"}), "koebt": date(2026, 1, 1), "gammel": "ja",
}  # fmt: skip


def orders(area: Area) -> dict[str, Any]:
    """A plain order for every learned question of an area."""
    plain: dict[Kind, Any] = {
        Kind.COUNT: (1, 3),
        Kind.SHARE: (0.5,),
        Kind.DATE: (0,),
        Kind.SET: (frozenset(),),
    }
    return {question.name: plain.get(question.kind, question.code_values) for question in area.learned}


@pytest.mark.parametrize(
    ("name", "order", "reason"),
    [
        ("farve", ("roed", "blaa"), "declared"),
        ("farve", ("roed", "roed"), "different"),
        ("vaegt", ("tung", "let"), "declared order"),
        ("alder", (4, 4), "rise"),
        ("alder", range(300), "at most 255"),
        ("redskaber", ({"sav"}, {"sav"}), "different"),
        ("redskaber", ({"skruetraekker"},), "declared"),
        ("maerke", ("AB1",), "never coded"),
    ],
    ids=str,
)
def test_an_impossible_order_is_refused(name: str, order: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        question_codes(REPAIR.by_name[name], order)


def test_more_than_64_combinations_are_refused() -> None:
    area = GENOPTRAENING
    question = area.by_name["komorbiditet_flag"]
    subsets = [
        frozenset(code for bit, code in enumerate(question.code_values) if number >> bit & 1)
        for number in range(64)
    ]
    with pytest.raises(ValueError, match="at most 64"):
        question_codes(question, subsets)
    assert question_codes(question, subsets[:63]).size == 65


def test_a_codebook_codes_learned_questions_alone() -> None:
    with pytest.raises(ValueError, match="maerke is not learned"):
        Codebook.build(REPAIR, {**orders(REPAIR), "maerke": ()})
    with pytest.raises(ValueError, match="codes learned questions"):
        Codebook.build(REPAIR, {})
    with pytest.raises(ValueError, match="in declared order"):
        Codebook(REPAIR, BOOK.codings[::-1])


@pytest.mark.requirement("G-09")
def test_a_codebook_of_some_of_the_questions_knows_which_it_leaves_out() -> None:
    some = {name: order for name, order in orders(REPAIR).items() if name in BOOK.names[1:3]}
    book = Codebook.build(REPAIR, dict(reversed(some.items())))
    read = Codebook.from_json(REPAIR, book.to_json())

    for each in (book, read):
        assert each.names == BOOK.names[1:3]
        assert (*each.questions, *each.left_out) == (
            *REPAIR.learned[1:3],
            REPAIR.learned[0],
            *REPAIR.learned[3:],
        )
        assert each.places_of(BOOK.names) == (0, 1)
        assert each.places_of([BOOK.names[0]]) == ()


@pytest.mark.parametrize("area", [GENOPTRAENING, REPAIR], ids=lambda area: area.name)
def test_any_area_can_be_coded(area: Area) -> None:
    book = Codebook.build(area, orders(area))
    assert book.names == tuple(question.name for question in area.learned)
    assert max(book.sizes) <= 255


def test_known_answers_have_their_codes() -> None:
    assert BOOK.encode(KNOWN, RECEIVED).tolist() == [1, 3, 3, 2, 3, 2, 2]
    assert BOOK.encode(KNOWN, RECEIVED).dtype == np.uint8


def test_missing_and_unknown_are_code_0() -> None:
    assert BOOK.encode({}).tolist() == [0] * 7
    assert BOOK.encode(dict.fromkeys(BOOK.names, UNKNOWN)).tolist() == [0] * 7
    assert BOOK.unseen(dict.fromkeys(BOOK.names, UNKNOWN)) == ()


@pytest.mark.requirement("K-03")
def test_what_was_never_seen_is_coded_as_missing_and_reported() -> None:
    strange = {**KNOWN, "farve": "gul", "redskaber": frozenset({"hammer"})}
    codes = BOOK.encode(strange, RECEIVED)
    assert codes[0] == 0
    assert BOOK.unseen(strange, RECEIVED) == ("farve",)
    assert codes[4] == 4  # a combination that is not listed is the other combination
    assert BOOK.code_labels("redskaber")[4] == "en anden kombination"


def test_a_learned_date_needs_the_day_of_receipt() -> None:
    with pytest.raises(ValueError, match="distance from receipt"):
        BOOK.encode(KNOWN)


@given(st.data())
def test_every_answer_has_a_code_with_a_label(data: st.DataObject) -> None:
    case = {question.name: data.draw(values(question)) for question in REPAIR.learned}
    for name, code in zip(BOOK.names, BOOK.encode(case, RECEIVED), strict=True):
        assert BOOK.code_labels(name)[code]


def test_many_cases_are_coded_as_one_by_one() -> None:
    cases = [KNOWN, {}, {**KNOWN, "alder": 0}]
    together = BOOK.encode_many(cases, [RECEIVED] * 3)
    assert (together == [BOOK.encode(case, RECEIVED) for case in cases]).all()


def test_labels_are_said_as_inside_a_sentence() -> None:
    assert BOOK.code_labels("farve") == ("ikke oplyst", "grøn", "rød")
    assert BOOK.code_labels("alder") == ("ikke oplyst", "0 år", "1–3 år", "4–9 år", "10 år eller flere")
    assert BOOK.code_labels("redskaber")[:4] == ("ikke oplyst", "ingen", "sav", "sav og bor")
    assert BOOK.code_labels("andel")[1] == "under 25\u00a0%"
    assert BOOK.code_labels("koebt")[3] == "10 dage før modtagelsen eller senere"
    days = question_codes(GENOPTRAENING.by_name["dage_siden_udskrivning"], (-1, 0, 1, 3))
    assert days.labels()[1:] == ("fra −7 til −2 dage", "−1 dag", "0 dage", "1–2 dage", "3 dage eller flere")


@pytest.mark.parametrize("name", BOOK.names)
def test_distances_are_bounded_symmetric_and_0_only_to_oneself(name: str) -> None:
    table = BOOK.distance_table(name)
    assert table.shape == (BOOK.coding(name).size,) * 2
    assert table.dtype == np.float64
    assert (np.diag(table) == 0).all()
    assert (table == table.T).all()
    assert ((table > 0) | np.eye(len(table), dtype=bool)).all()
    assert table.max() <= 1
    assert (table[0, 1:] == MISSING_DISTANCE).all()


def test_a_distance_follows_the_kind_of_the_question() -> None:
    assert BOOK.distance_table("farve")[1, 2] == 1
    assert BOOK.distance_table("vaegt")[1, 2] == 0.5
    assert BOOK.distance_table("alder")[1, 3] == pytest.approx(2 / 3)
    combinations = BOOK.distance_table("redskaber")
    assert combinations[2, 3] == 0.5  # sav against sav and bor
    assert combinations[1, 3] == 1.0  # none against some
    assert (combinations[4, 1], combinations[4, 2]) == (1.0, 0.5)  # the other combination


def test_a_scale_with_a_step_never_seen_keeps_its_steps() -> None:
    coding = question_codes(REPAIR.by_name["vaegt"], ("let", "tung"))
    assert coding.distances()[1, 2] == 1.0


def test_neighbours_of_a_scale_can_share_a_code() -> None:
    coding = question_codes(REPAIR.by_name["vaegt"], ("let", ("middel", "tung")))
    assert [coding.code(answer, None) for answer in ("let", "middel", "tung", "fremmed")] == [1, 2, 2, None]
    assert coding.labels() == ("ikke oplyst", "let", "middel eller tung")
    assert coding.distances()[1, 2] == 0.75  # half a step beyond the middle one
    assert from_json(REPAIR.by_name["vaegt"], coding.to_json()) == coding


@pytest.mark.parametrize(
    ("name", "order"),
    [("vaegt", (("let", "tung"), "middel")), ("farve", (("roed", "groen"),)), ("vaegt", (("let", "let"),))],
    ids=["not neighbours", "no scale", "itself"],
)
def test_only_neighbours_of_a_scale_are_joined(name: str, order: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=name):
        question_codes(REPAIR.by_name[name], order)


def test_an_answer_is_joined_to_a_code_that_is_there() -> None:
    with pytest.raises(ValueError, match="is no code"):
        from_json(REPAIR.by_name["vaegt"], {"codes": ["let"], "joined": {"tung": "middel"}})


def test_a_codebook_reads_back_as_it_was_written() -> None:
    assert Codebook.from_json(REPAIR, BOOK.to_json()) == BOOK


@pytest.mark.parametrize("change", [{"format": 2}, {"area": "x"}, {"fingerprint": "0"}], ids=str)
def test_a_foreign_codebook_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CodebookRefused):
        Codebook.from_json(REPAIR, {**BOOK.to_json(), **change})
