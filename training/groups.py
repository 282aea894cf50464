"""How suggestions fall on groups that protected attributes name; too small a group is never called fine."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from models.declaration import Area, questions_of
from training.dataset import Protected
from training.labelled import Levels
from training.measures import wilson

FEWEST = 20
TOO_FEW = "utilstrækkeligt belyst"


def by_group(
    area: Area, protected: Protected, request_ids: Sequence[str], said: Levels, human: Levels
) -> list[dict[str, Any]]:
    """For each group of each protected attribute: how many, and shares with 95 % Wilson intervals.

    `too_low` is the share of cases in which the model's level lies below the human's.
    """
    return [
        _group(area, attribute, code, members, said, human)
        for attribute, code, members in members_of(area, protected, request_ids)
    ]


def members_of(
    area: Area, protected: Protected, request_ids: Sequence[str]
) -> Iterator[tuple[str, str, list[int]]]:
    """Attribute, group and the places of its cases, in declared order; who is in no group is "ukendt"."""
    for question in () if area.protected is None else questions_of(area.protected):
        members: dict[str, list[int]] = defaultdict(list)
        for place, request_id in enumerate(request_ids):
            code = protected.get(request_id, {}).get(question.name)
            members[code or "ukendt"].append(place)
        for code in (*question.code_values, "ukendt"):
            if code in members:
                yield question.name, code, members[code]


def _group(
    area: Area, attribute: str, code: str, members: list[int], said: Levels, human: Levels
) -> dict[str, Any]:
    about = {"attribute": attribute, "group": code, "n": len(members)}
    if len(members) < FEWEST:
        return about | {"status": TOO_FEW}
    top = len(area.levels) - 1
    s, h = said[members], human[members]
    return about | {
        "status": "belyst",
        "said_highest": _share(int((s == top).sum()), len(members)),
        "human_highest": _share(int((h == top).sum()), len(members)),
        "agreement": _share(int((s == h).sum()), len(members)),
        "too_low": _share(int((s < h).sum()), len(members)),
    }


def _share(count: int, n: int) -> dict[str, Any]:
    return {"share": round(count / n, 4), "interval": list(wilson(count, n))}
