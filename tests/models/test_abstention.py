"""When nothing is said about a case, and that nothing leaks then."""

from dataclasses import replace
from typing import Any

import pytest

from models.artifact import Artifact
from models.declaration import UNKNOWN
from models.evidence import Evidence, Suggester
from models.manifest import Thresholds
from tests.models.questions import FULL, ask, suggested


class TestAbstention:
    """When nothing is said, nothing leaks either."""

    def check_silent(self, evidence: Evidence) -> dict[str, Any]:
        payload = evidence.payload()
        assert evidence.reference_level is None
        assert evidence.model_level is None
        assert payload["similar"] is None
        assert payload["contributions"] is None
        assert payload["headline"] is None
        assert payload["flags"] == []
        assert payload["own_sentence"] == ""
        told = " ".join(payload["abstained_sentences"])
        assert len(payload["abstained_sentences"]) == len(payload["abstained"])
        assert not any(level.label.lower() in told.lower() for level in evidence.artifact.area.levels)
        return payload

    @pytest.mark.requirement("G-44")
    def test_nine_similar_cases_are_too_few(self) -> None:
        payload = self.check_silent(suggested(["avanceret"] * 9))
        assert payload["abstained"] == ["too_few_similar"]
        assert payload["abstained_sentences"] == [
            "For få lignende sager. Kun 9 tidligere sager ligner denne."
        ]

    def test_ten_similar_cases_are_enough(self) -> None:
        evidence = suggested(["avanceret"] * 10)
        assert evidence.abstained == ()
        assert (
            evidence.payload()["similar"]["sentence"]
            == "I 10 af 10 lignende sager blev det avanceret niveau."
        )

    def test_one_and_no_similar_case_are_said_as_people_say_it(self) -> None:
        assert suggested(["basal"]).payload()["abstained_sentences"] == [
            "For få lignende sager. Kun 1 tidligere sag ligner denne."
        ]
        far = suggested(["basal"], thresholds=Thresholds(min_similarity=1.0), change={"funk_mobilitet": "0"})
        assert "Ingen tidligere sager ligner denne nok." in far.payload()["abstained_sentences"][-1]

    def test_cases_below_the_least_similarity_are_not_counted(self, version: Artifact) -> None:
        strict = replace(version.manifest, thresholds=Thresholds(min_similarity=0.95, min_nearest=0.0))
        evidence = ask(Suggester(replace(version, manifest=strict)))
        assert "too_few_similar" in evidence.abstained
        self.check_silent(evidence)

    @pytest.mark.requirement("G-44")
    def test_a_case_unlike_all_others_lies_outside(self, version: Artifact) -> None:
        strict = replace(version.manifest, thresholds=Thresholds(min_similarity=0.0, min_nearest=0.999))
        evidence = ask(Suggester(replace(version, manifest=strict)))
        assert evidence.abstained == ("outside_learned",)
        self.check_silent(evidence)

    def test_an_unseen_category_that_matters_lies_outside(self, suggester: Suggester) -> None:
        evidence = ask(suggester, {**FULL, "farve": "gul"})
        assert "outside_learned" in evidence.abstained
        assert evidence.payload()["unseen"] == ["Farve"]
        self.check_silent(evidence)

    def test_an_unseen_category_that_hardly_matters_does_not(self, version: Artifact) -> None:
        loose = replace(version.manifest, thresholds=Thresholds(min_similarity=0.3, max_unseen_share=0.5))
        evidence = ask(Suggester(replace(version, manifest=loose)), {**FULL, "farve": "gul"})
        assert evidence.abstained == ()
        assert evidence.unseen == ("farve",)

    @pytest.mark.requirement("F-28")
    def test_too_many_missing_answers_keep_it_silent(self, suggester: Suggester) -> None:
        known = ("farve", "vaegt", "alder", "andel", "redskaber", "koebt")
        for count in range(len(known) + 1):
            told = {name: FULL[name] for name in known[:count]}
            evidence = ask(suggester, told)
            assert ("too_incomplete" in evidence.abstained) == (len(known) - count > 3)

    def test_computed_answers_do_not_count_as_missing(self, suggester: Suggester) -> None:
        evidence = ask(suggester, {**FULL, "gammel": None})
        assert evidence.abstained == ()
        assert evidence.payload()["missing"] == ["Gammel"]

    def test_unknown_counts_as_missing(self, suggester: Suggester) -> None:
        evidence = ask(suggester, {**FULL, "farve": UNKNOWN})
        assert evidence.payload()["missing"] == ["Farve"]
        assert evidence.unseen == ()
