"""The Danish sentences: correct, calm, and within the lint list."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.areas import get
from models.contributions import Contributions
from models.evidence import Suggester
from models.explanation import base_sentence
from models.stability import side_by_side
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


class TestTogether:
    """Two facts that pull only in company are named together, and only when it matters."""

    @staticmethod
    def told(strength: float) -> dict[str, Any]:
        artifact = two_level_artifact(["basal"] * 20)
        names = artifact.codebook.names
        q, r = sorted((names.index("funk_mobilitet"), names.index("hjemmepleje")))
        pair = np.zeros((2, artifact.tables.sizes[q], artifact.tables.sizes[r]))
        codes = artifact.codebook.encode(a_citizen())
        pair[1, codes[q], codes[r]] = strength
        tables = replace(artifact.tables, pairs={(q, r): pair})
        evidence = Suggester(replace(artifact, tables=tables, refitted=side_by_side([tables] * 2))).suggest(
            a_citizen(), own_level="basal"
        )
        return {item["question"]: item for item in evidence.payload()["contributions"]["items"]}

    def test_each_names_the_other(self) -> None:
        items = self.told(3.0)
        assert items["hjemmepleje"]["together_with"] == "funk_mobilitet"
        assert items["funk_mobilitet"]["sentence"] == (
            "Begrænsning i mobilitet: svær. Den oplysning trak sammen med modtager hjemmepleje (nej) "
            "beregningen mest mod avanceret niveau."
        )

    def test_a_small_interaction_is_not_named(self) -> None:
        assert all(item["together_with"] is None for item in self.told(0.1).values())


def test_it_is_said_what_every_pull_is_measured_from() -> None:
    pulls = suggested(["avanceret"] * 20).payload()["contributions"]
    assert pulls["background"] == 30
    nearest = "avanceret" if float(pulls["base"]) > 0 else "basalt"
    assert abs(float(pulls["base"])) > 0.1
    assert pulls["base_sentence"] == (
        "Trækket er målt ud fra 30 tidligere sager under ét. "
        f"Dér ligger beregningen nærmest {nearest} niveau."
    )
    back = suggested(["avanceret"] * 20, own="avanceret").payload()["contributions"]
    assert back["base_sentence"] == pulls["base_sentence"], "the background does not know what she judged"


def test_a_base_between_the_levels_is_told_as_such() -> None:
    pulls = suggested(["avanceret"] * 20, strong=0.0).payload()["contributions"]
    assert float(pulls["base"]) == pytest.approx(0.1)
    between = Contributions("basal", "avanceret", 0.05, 1.0, ())
    assert "midt imellem" in base_sentence(get("genoptraening"), between, 200)


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
