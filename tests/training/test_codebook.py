"""Codes fitted from cases: ordered by the label, and none that rests on few citizens."""

from collections import Counter

import pytest

from models.declaration import Kind
from models.question_codes import Listed
from models.support import RARE
from training.codebook import fit_codebook, neighbours_joined
from training.dataset import Dataset
from training.labelled import labelled


def test_no_code_rests_on_fewer_cases_than_the_stated_number(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)
    book = fit_codebook(known)
    codes = book.encode_many(known.values(), known.received_on())

    for column, coding in enumerate(book.codings):
        counts = Counter(codes[:, column].tolist())
        other = coding.size - 1 if coding.question.kind is Kind.SET else None
        assert all(n >= RARE for code, n in counts.items() if code not in (0, other)), coding.question.name


def test_choices_are_ordered_by_the_mean_level_of_their_cases(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)
    book = fit_codebook(known)
    column = book.names.index("diagnosegruppe")
    codes = book.encode_many(known.values(), known.received_on())[:, column]

    means = [known.level[codes == code].mean() for code in range(1, book.sizes[column])]

    assert means == sorted(means)
    assert len(means) > 5


def test_a_rare_choice_is_missing_and_reported_as_never_seen(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)
    book = fit_codebook(known, rare=200)

    assert book.encode({"diagnosegruppe": "amputation"})[book.names.index("diagnosegruppe")] == 0
    assert book.unseen({"diagnosegruppe": "amputation"}) == ("diagnosegruppe",)


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ({"0": 50, "1": 50, "2": 50}, [("0",), ("1",), ("2",)]),
        ({"0": 50, "1": 50, "2": 5}, [("0",), ("1", "2")]),
        ({"0": 50, "1": 3, "2": 30, "3": 40}, [("0",), ("1", "2"), ("3",)]),
        ({"0": 4, "1": 5, "2": 6, "3": 90}, [("0", "1", "2", "3")]),
        ({"0": 12, "1": 12, "2": 90}, [("0", "1"), ("2",)]),
        ({"0": 50, "2": 3}, [("0", "2")]),
        ({"0": 4, "1": 5}, []),
        ({}, []),
    ],
    ids=str,
)
def test_a_rare_answer_of_a_scale_is_joined_to_its_rarer_neighbour(
    counts: dict[str, int], groups: list[tuple[str, ...]]
) -> None:
    assert neighbours_joined(("0", "1", "2", "3"), Counter(counts), 20) == groups


def test_a_rare_answer_of_a_scale_is_known_and_one_that_nobody_had_is_not(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)
    counts = Counter(known.column("funk_mobilitet"))
    rare = min(filter(None, (counts[answer] for answer in "01234"))) + 1
    book = fit_codebook(known, rare=rare)
    coding = book.coding("funk_mobilitet")
    for answer in "01234":
        unseen = book.unseen({"funk_mobilitet": answer})
        assert unseen == (() if counts[answer] else ("funk_mobilitet",))
    assert isinstance(coding, Listed)
    assert coding.joined
    assert all(sum(counts[answer] for answer in group) >= rare for group in coding.groups)
