"""Codes fitted from cases: ordered by the label, and none that rests on few citizens."""

from collections import Counter

from models.declaration import Kind
from models.support import RARE
from training.codebook import fit_codebook
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
