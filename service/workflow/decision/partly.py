"""Agreement in part: level, form, team and place each beside the most common one of the similar cases shown.

It is derived from what was shown and what was planned. Nobody is asked, and nothing of it is stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from service.tables.decision import Decision, Planning

ALIKE, APART = "som i flest lignende sager", "anderledes"


def partly_sentence(payload: Mapping[str, Any], decision: Decision, planning: Planning) -> str:
    """How a decision and its plan stand to most similar cases when some is like them and some is not, or "".

    What has no single most common value among them is left out.
    """
    practice, levels = payload["similar"].get("practice", {}), payload["similar"]["spread"]
    sides = (
        ("niveau", [(each["level"], each["count"]) for each in levels], [decision.choice]),
        *(
            (word, [(each["code"], each["count"]) for each in practice.get(side, ())], planned)
            for word, side, planned in (
                ("form", "forms", planning.forms),
                ("team", "teams", [planning.team]),
                ("sted", "places", [planning.place]),
            )
        ),
    )
    stands = [(word, most in chosen) for word, counts, chosen in sides if (most := _most(counts)) is not None]
    alike = [word for word, is_alike in stands if is_alike]
    apart = [word for word, is_alike in stands if not is_alike]
    if not alike or not apart:
        return ""
    return f"Delvist på linje: {_listed(alike)} {ALIKE}, {_listed(apart)} {APART}."


def _most(counts: Sequence[tuple[str, int]]) -> str | None:
    """The one code with the highest count; None at a tie, or where there is nothing."""
    highest = max((count for _, count in counts), default=0)
    found = [code for code, count in counts if count == highest and count > 0]
    return found[0] if len(found) == 1 else None


def _listed(words: Sequence[str]) -> str:
    return " og ".join(filter(None, (", ".join(words[:-1]), words[-1])))
