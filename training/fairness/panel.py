"""The cases side by side: what was suggested, judged, decided and how it went, with need and attributes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.declaration import Area
from models.record import DecidedCase
from training.chance import Indexes, Numbers
from training.dataset import Protected
from training.labelled import Labelled, Levels

NOTHING = -1
LEAST_IN_STRATUM = 20


@dataclass(frozen=True)
class Panel:
    """Cases in one order. Levels are places in the area's list, and NOTHING where there is none.

    `suggested` S, `judged` E (the own judgement before evidence, or an old record's decision), `decided` D.
    `shares` (n, K) is what the model says of each level. `stratum` numbers the strata of need, whose names
    are `needs`; `attributes` are codes by protected attribute, an empty text where the vault has none.
    """

    area: Area
    cases: tuple[DecidedCase, ...]
    suggested: Levels
    judged: Levels
    decided: Levels
    shares: Numbers
    stratum: Indexes
    attributes: Mapping[str, NDArray[np.str_]]
    needs: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.cases)


def panel_of(known: Labelled, shares: Numbers, vault: Protected) -> Panel:
    """The panel of labelled cases and what a model says of them, joined with the vault by request id."""
    area, cases = known.area, tuple(known.cases)
    stratum, needs = strata_of(area, cases)
    return Panel(
        area=area,
        cases=cases,
        suggested=np.asarray(shares.argmax(axis=1), dtype=np.int64),
        judged=known.level,
        decided=np.array([_decided(area, case) for case in cases], dtype=np.int64),
        shares=shares,
        stratum=stratum,
        attributes=attributes_of(area, cases, vault),
        needs=needs,
    )


def attributes_of(area: Area, cases: Sequence[DecidedCase], vault: Protected) -> dict[str, NDArray[np.str_]]:
    """By protected attribute, the code of each case; empty where the vault says nothing."""
    return {
        question.name: np.array([_code(vault, case.request_id, question.name) for case in cases], dtype=str)
        for question in area.kept_apart
    }


def _code(vault: Protected, request_id: str, name: str) -> str:
    code = vault.get(request_id, {}).get(name)
    return "" if code in (None, "ukendt") else str(code)


def level_of(area: Area, choice: str | None) -> int:
    """The place of a choice among the levels, or NOTHING for another option."""
    return area.level_codes.index(choice) if choice in area.level_codes else NOTHING


def _decided(area: Area, case: DecidedCase) -> int:
    """A decision counts beside a judgement only where both were made here; an old record has but one."""
    return level_of(area, case.final_level) if case.origin == "skoen" else NOTHING


def strata_of(area: Area, cases: Sequence[DecidedCase]) -> tuple[Indexes, tuple[str, ...]]:
    """Strata of need, and their names in Danish: kind of plan and the facts the area calls need.

    Coarser where a stratum is too small: what holds fewer than 20 cases goes with all others that agree on
    all but the last fact, and so on up to one stratum for the rest.
    """
    keys = [tuple(str(each) for each in (case.plan_type, *_need(area, case))) for case in cases]
    depth = max((len(key) for key in keys), default=0)
    final: list[tuple[str, ...] | None] = [None] * len(keys)
    for length in range(depth, 0, -1):
        counts = Counter(key[:length] for key, done in zip(keys, final, strict=True) if done is None)
        for place, key in enumerate(keys):
            if final[place] is None and counts[key[:length]] >= LEAST_IN_STRATUM:
                final[place] = key[:length]
    number: dict[tuple[str, ...], int] = {}
    stratum = np.array([number.setdefault(each or (), len(number)) for each in final], dtype=np.int64)
    return stratum, tuple(_name(area, key) for key in number)


def _name(area: Area, key: tuple[str, ...]) -> str:
    """The kind of plan and the facts of a stratum as one reads them."""
    if not key:
        return "Øvrige"
    plan_types = {each.code: each.label for each in area.plan_types}
    facts = (_answer(area, name, value) for name, value in zip(area.need, key[1:], strict=False))
    return " · ".join((plan_types.get(key[0], key[0]), *facts))


def _answer(area: Area, name: str, value: str) -> str:
    question = area.by_name[name]
    label = question.code_label(value) if value in question.code_values else value
    return f"{question.label}: {label if value != 'None' else 'ukendt'}"


def _need(area: Area, case: DecidedCase) -> list[object]:
    return [case.facts[name].value for name in area.need]
