"""The mandatory parts as a letter proposes them: what is known, restated, with no word that judges it.

The caseworker confirms the law and the facts or writes them anew. What weighed is hers to write: the draft
only repeats the reason that she chose.
"""

from dataclasses import dataclass

from service.workflow.letter.ground import Ground

WEIGHED_MOST, WEIGHED_TOO = "Vi lagde mest vægt på{}.", "Vi lagde også vægt på{}."


@dataclass(frozen=True)
class Parts:
    """What a caseworker writes or confirms: what weighed, what the citizen wishes, the facts, the law."""

    weighed: str
    wish: str
    facts: str
    law: str


def draft_of(ground: Ground) -> Parts:
    """The parts as they stand before anybody touched them."""
    own = [ground.own_words.strip()] if ground.own_words.strip() else []
    return Parts(
        weighed="\n".join([weighed_template(ground), *own]),
        wish=wish_of(ground),
        facts=" ".join(told.sentence for told in ground.facts if told.sentence),
        law=ground.law,
    )


def wish_of(ground: Ground) -> str:
    """What the citizen wants: as her plan says it, and as the caseworker heard it."""
    said = (("I din plan står der om dine mål: ", ground.wish), ("Sådan hørte vi dit ønske: ", ground.view))
    return " ".join(f"{opening}{_ended(words)}" for opening, words in said if words.strip())


def weighed_template(ground: Ground) -> str:
    """What weighed, as far as the chosen reasons say it: no reason about this person yet."""
    most, *too = (f", {each}" if each.startswith("hv") else f" {each}" for each in ground.weighed)
    return " ".join([WEIGHED_MOST.format(most), *(WEIGHED_TOO.format(each) for each in too)])


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
