"""How many share what a version shows of somebody else's case, counted anew from what is shown.

It counts from the words of the answer, and not as the version itself does when it coarsens them.
"""

from typing import Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codebook
from models.evidence import Suggester
from models.recognisable import FEWEST
from models.similar_case import SOMETHING_ELSE, SimilarCase
from training.labelled import Labelled
from training.measures import evenly

ASKED = 40
"""So many later cases are put to the version; each shows some 20 cases of others."""


def shown_of_others(draft: Artifact, tested: Labelled) -> dict[str, Any]:
    """The fewest reference cases that share the recognisable facts told of one; `fewest` None if none is.

    `shown` counts the cases of others in which a recognisable fact was told, `asked` the later cases that
    were asked about. Where a version uses no recognisable fact, everybody shares what is told.
    """
    if not draft.codebook.places_of(draft.area.recognisable):
        return {"asked": 0, "shown": 0, "least": FEWEST, "fewest": len(draft.reference)}
    asked = tested.rows(evenly(len(tested), ASKED).tolist())
    suggester, crowd = Suggester(draft), _Counted(draft)
    sizes: list[int] = []
    for facts, codes, day in zip(
        asked.values(), asked.codes(draft.codebook), asked.received_on(), strict=True
    ):
        similar = suggester.suggest(facts, own_level=None, received_on=day).similar
        if similar is None:
            continue
        others = (*similar.cases, *((similar.counter_example,) if similar.counter_example else ()))
        found = (crowd.size(each, codes) for each in others)
        sizes += [size for size in found if size is not None]
    return {
        "asked": len(asked), "shown": len(sizes), "least": FEWEST, "fewest": min(sizes) if sizes else None,
    }  # fmt: skip


class _Counted:
    """The combinations of recognisable facts among the reference cases, and how often each occurs."""

    def __init__(self, draft: Artifact) -> None:
        book: Codebook = draft.codebook
        self._columns = book.places_of(draft.area.recognisable)
        self._place = {book.codings[column].question.label: at for at, column in enumerate(self._columns)}
        self._labels = [list(book.code_labels(book.names[column])) for column in self._columns]
        sizes = [book.sizes[column] for column in self._columns]
        columns = [draft.reference.codes.column(column).astype(np.int64) for column in self._columns]
        cells, self._counts = np.unique(np.ravel_multi_index(columns, sizes), return_counts=True)
        self._codes = np.array(np.unravel_index(cells, sizes))

    def size(self, case: SimilarCase, query: Any) -> int | None:
        """How many share what is told of a case; None where no recognisable answer of its own is told."""
        shared, told = np.ones(len(self._counts), dtype=bool), False
        for part in (*case.likenesses, *case.differences):
            at = self._place.get(part.label)
            if at is None:
                continue
            if part.there == SOMETHING_ELSE:
                shared &= self._codes[at] != query[self._columns[at]]
            else:
                shared &= self._codes[at] == self._labels[at].index(part.there)
                told = True
        return int(self._counts[shared].sum()) if told else None
