"""The Danish sentences: correct, calm, and within the lint list."""

import re
from typing import Any

import pytest

from models.evidence import Suggester
from tests.models.questions import a_citizen, suggested, two_level_artifact

FORBIDDEN = re.compile(
    r"fordi|skyldes|årsag|forårsager|anbefaler|foreslår|AI mener|computeren|korrekt|risikoborger|override|"
    r"sandsynlig|procent|\d%|\d,\d|\d\.\d",
    re.IGNORECASE,
)
MOST_WORDS = 20


def sentences(payload: dict[str, Any]) -> list[str]:
    """Every text of a payload that is a sentence."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, str) and " " in node:
            found.append(node)
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    walk(payload)
    return found


PAYLOADS = [
    suggested(["avanceret"] * 13 + ["basal"] * 7).payload(),
    suggested(["avanceret"] * 13 + ["basal"] * 7, own="avanceret").payload(),
    suggested(["basal"] * 20).payload(),
    suggested(["basal", "avanceret"] * 10, own=None).payload(),
    suggested(["basal"] * 9).payload(),
    suggested(["basal"] * 20, change={"funk_mobilitet": None, "hjemmepleje": "ja"}).payload(),
]


@pytest.mark.requirement("D-13")
@pytest.mark.parametrize("payload", PAYLOADS, ids=["most", "alike", "apart", "tie", "few", "missing"])
def test_no_sentence_has_a_forbidden_word_a_percentage_or_a_decimal(payload: dict[str, Any]) -> None:
    for sentence in sentences(payload):
        assert not FORBIDDEN.search(sentence), sentence


@pytest.mark.parametrize("payload", PAYLOADS, ids=["most", "alike", "apart", "tie", "few", "missing"])
def test_every_sentence_is_short_and_ends(payload: dict[str, Any]) -> None:
    for text in sentences(payload):
        for sentence in re.split(r"(?<=[.]) ", text):
            assert len(sentence.split()) <= MOST_WORDS, sentence
    for key in ("sentence", "nearness_sentence"):
        if payload["similar"]:
            assert payload["similar"][key].endswith(".")


def test_a_fact_is_told_as_a_caseworker_would_say_it() -> None:
    (item,) = PAYLOADS[0]["contributions"]["items"]
    assert (
        item["sentence"]
        == "Begrænsning i mobilitet: svær. Den oplysning trak beregningen mest mod avanceret niveau."
    )


def test_a_missing_fact_is_told_as_missing() -> None:
    (item,) = PAYLOADS[5]["contributions"]["items"]
    assert item["value"] == "ikke oplyst"
    assert item["sentence"].startswith(
        "Begrænsning i mobilitet er ikke oplyst. At oplysningen mangler, trak beregningen "
    )


def test_the_contrast_is_with_the_own_judgement() -> None:
    assert PAYLOADS[0]["contributions"]["sentence"] == (
        "Sammenlignet med basalt niveau er det især begrænsning i mobilitet (svær), "
        "der trækker mod avanceret niveau."
    )
    assert PAYLOADS[1]["contributions"]["sentence"] == (
        "Sammenlignet med avanceret niveau er der ingen oplysninger, som trækker tydeligt mod basalt niveau."
    )


@pytest.mark.requirement("F-29")
def test_only_the_headline_names_the_level() -> None:
    assert PAYLOADS[0]["headline"] == "Grundlaget peger mod avanceret niveau."
    rest = {name: value for name, value in PAYLOADS[0].items() if name != "headline"}
    assert not any("peger mod" in sentence for sentence in sentences(rest))


def test_a_headline_is_not_made_of_evidence_that_points_apart() -> None:
    for payload in (PAYLOADS[2], PAYLOADS[3]):
        assert payload["headline"] == "Grundlaget peger ikke klart på ét niveau."


def test_a_headline_does_not_say_what_a_flag_takes_back() -> None:
    almost_even = suggested(["avanceret"] * 11 + ["basal"] * 9).payload()

    assert almost_even["flags"] == ["flat_spread"]
    assert almost_even["similar"]["reference_level"] == almost_even["model_level"] == "avanceret"
    assert almost_even["headline"] == "Grundlaget peger ikke klart på ét niveau."


def test_a_judgement_unlike_most_cases_is_told_without_blame() -> None:
    assert PAYLOADS[0]["own_sentence"] == (
        "Din vurdering er anderledes end i de fleste lignende sager. Det kan der være gode grunde til."
    )
    assert PAYLOADS[1]["own_sentence"] == ""
    assert PAYLOADS[3]["own_sentence"] == ""


def test_nearness_is_told_in_words() -> None:
    suggester = Suggester(two_level_artifact(["basal"] * 20))
    near = suggester.suggest(a_citizen(), own_level=None).payload()["similar"]
    changed = dict.fromkeys(("funk_egenomsorg", "funk_praktisk", "funk_mental", "funk_krop"), "4")
    far = suggester.suggest(a_citizen(**changed), own_level=None).payload()["similar"]
    assert near["nearness_sentence"] == "De lignende sager ligner denne sag meget."
    assert far["nearness_sentence"] == "De lignende sager ligner denne sag en del. Se på forskellene."
