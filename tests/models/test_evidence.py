"""What is said about a case: similar cases, refusals, and the payload."""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artifact import Artifact
from models.declaration import Source
from models.evidence import Suggester
from models.manifest import Thresholds
from tests.models.questions import FULL, GENOPTRAENING, a_citizen, ask, suggested, two_level_artifact
from tests.models.strategies import known_values, values
from tests.models.workbench import (
    RECEIVED,
    REPAIR,
    random_codes,
    reference_cases,
    repair_artifact,
    with_codes,
)

DECIMAL = re.compile(r"-?\d+\.\d{6}")


class TestSimilarCases:
    """Spread, reference level, counter-example, practice."""

    def test_the_reference_level_is_the_most_common(self) -> None:
        evidence = suggested(["avanceret"] * 13 + ["basal"] * 7)
        similar = evidence.payload()["similar"]
        assert evidence.reference_level == "avanceret"
        assert [(each["level"], each["count"]) for each in similar["spread"]] == [
            ("basal", 7),
            ("avanceret", 13),
        ]
        assert similar["sentence"] == (
            "I 7 af 20 lignende sager blev det basalt niveau. I 13 af 20 blev det avanceret niveau."
        )

    def test_a_tie_is_no_reference_level(self) -> None:
        evidence = suggested(["avanceret", "basal"] * 10)
        similar = evidence.payload()["similar"]
        assert evidence.reference_level is None
        assert similar["reference_reason"] == "tie"
        assert similar["counter_example"]["level"] == "basal"
        assert evidence.flags == ("flat_spread",)

    def test_eleven_of_twenty_is_a_flat_spread_and_twelve_is_not(self) -> None:
        assert "flat_spread" in suggested(["avanceret"] * 11 + ["basal"] * 9).flags
        assert "flat_spread" not in suggested(["avanceret"] * 12 + ["basal"] * 8).flags

    @pytest.mark.parametrize("before", [20, 30, 159, 160, 200])
    def test_a_counter_example_is_found_beyond_the_cases_shown(self, before: int) -> None:
        """The last of those looked at anyway, and the first and a later one of those searched for."""
        evidence = suggested(["avanceret"] * before + ["basal"])
        counter = evidence.payload()["similar"]["counter_example"]
        assert (counter["level"], counter["rank"]) == ("basal", before + 1)

    @pytest.mark.parametrize("count", [30, 200])
    def test_without_another_level_there_is_no_counter_example(self, count: int) -> None:
        assert suggested(["avanceret"] * count).payload()["similar"]["counter_example"] is None

    def test_a_counter_example_out_of_reach_is_not_shown(self) -> None:
        artifact = two_level_artifact(
            ["avanceret"] * 12 + ["basal"], thresholds=Thresholds(min_similarity=0.9)
        )
        codes = artifact.reference.codes.unpacked()
        codes[:, 12] = 0  # the only other case lacks every answer
        reference = with_codes(artifact.reference, codes)
        evidence = Suggester(replace(artifact, reference=reference)).suggest(a_citizen(), own_level=None)
        assert evidence.payload()["similar"]["counter_example"] is None

    @pytest.mark.requirement("F-04")
    def test_an_excluded_case_is_never_shown(self, version: Artifact, suggester: Suggester) -> None:
        before = ask(suggester)
        out = {
            before.payload()["similar"]["cases"][0]["key"],
            before.payload()["similar"]["counter_example"]["key"],
        }
        after = ask(suggester, excluded_keys=out)
        assert not out & set(re.findall(r"[0-9a-f]{32}", json.dumps(after.payload()["similar"])))

    @pytest.mark.requirement("F-04")
    @given(data=st.data())
    def test_as_many_are_found_when_some_are_excluded_and_never_fewer_than_five(
        self, version: Artifact, suggester: Suggester, data: st.DataObject
    ) -> None:
        """The nearest of those who may be shown: what is left out is left out of the search, not after it."""
        k, keys = data.draw(st.sampled_from([20, 25])), version.reference.all_keys()
        nearest = [case["key"] for case in ask(suggester, k=len(keys)).payload()["similar"]["cases"]]
        out = set(data.draw(st.lists(st.sampled_from(nearest), max_size=len(nearest))))
        evidence = ask(suggester, excluded_keys=out, k=k)
        similar = evidence.payload()["similar"]
        left = [key for key in nearest if key not in out]
        if similar is None:
            assert len(left) < version.manifest.thresholds.min_similar
            return
        assert [case["key"] for case in similar["cases"]] == left[:k]
        assert similar["count"] == min(k, len(left)) >= 5

    @pytest.mark.requirement("F-15")
    def test_the_cases_are_those_of_brute_force_with_their_parts(
        self, version: Artifact, suggester: Suggester
    ) -> None:
        book, weights = version.codebook, version.manifest.weights
        query = book.encode(FULL, RECEIVED)
        total = sum(weights.values())

        def apart(row: int) -> float:
            codes = version.reference.codes.codes_of(np.array([row]))[:, 0]
            tables = ((weights[name], book.distance_table(name)) for name in book.names)
            return sum(w * t[a, b] for (w, t), a, b in zip(tables, query, codes, strict=True)) / total

        rows = sorted(range(len(version.reference)), key=lambda row: (round(apart(row), 12), row))[:20]
        cases = ask(suggester).payload()["similar"]["cases"]
        assert [case["key"] for case in cases] == [version.reference.key(row) for row in rows]
        assert [case["similarity"] for case in cases] == [f"{1 - apart(row):.6f}" for row in rows]

    def test_likenesses_and_differences_are_the_three_strongest(self) -> None:
        evidence = suggested(["avanceret"] * 12, change={"funk_mobilitet": "1", "hjemmepleje": "ja"})
        case = evidence.payload()["similar"]["cases"][0]
        assert case["likenesses"] == [
            {"label": "Diagnosegruppe", "value": "knæ"},
            {"label": "Begrænsning i egenomsorg", "value": "ingen"},
            {"label": "Begrænsning i praktiske opgaver", "value": "ingen"},
        ]
        assert case["differences"] == [
            {"label": "Modtager hjemmepleje", "here": "ja", "there": "nej"},
            {"label": "Begrænsning i mobilitet", "here": "let", "there": "svær"},
        ]

    def test_two_cases_that_both_lack_an_answer_are_not_called_alike_in_it(self) -> None:
        artifact = two_level_artifact(["avanceret"] * 12)
        codes = artifact.reference.codes.unpacked()
        codes[0] = 0
        silent = Suggester(replace(artifact, reference=with_codes(artifact.reference, codes)))
        case = silent.suggest(a_citizen(diagnosegruppe=None), own_level=None).payload()["similar"]["cases"][0]
        assert case["similarity"] == "1.000000"
        assert "Diagnosegruppe" not in [part["label"] for part in case["likenesses"]]

    def test_outcomes_and_practice_are_counted_in_declared_order(self) -> None:
        similar = suggested(["avanceret"] * 20).payload()["similar"]
        outcomes = similar["spread"][1]["outcomes"]
        order = [code.code for code in GENOPTRAENING.outcomes]
        assert [each["code"] for each in outcomes] == order
        assert sum(each["count"] for each in outcomes) == 17  # of three the outcome is not known
        assert similar["practice"]["forms"]
        teams = [each["code"] for each in similar["practice"]["teams"]]
        assert teams == [code.code for code in GENOPTRAENING.teams if code.code in teams]


class TestRefusals:
    """Names and levels the area does not have."""

    def test_an_unknown_question_is_refused(self, suggester: Suggester) -> None:
        with pytest.raises(KeyError, match="cpr"):
            ask(suggester, {**FULL, "cpr": "x"})

    def test_a_judgement_that_is_no_level_is_refused(self, suggester: Suggester) -> None:
        with pytest.raises(KeyError, match="retur"):
            ask(suggester, own_level="retur")


class TestPayload:
    """Plain JSON with which the page is rendered."""

    def test_is_the_same_for_the_same_case(self, version: Artifact) -> None:
        one = json.dumps(ask(Suggester(version)).payload())
        assert json.dumps(ask(Suggester(version)).payload()) == one

    def test_holds_no_floating_number(self, suggester: Suggester) -> None:
        def walk(node: Any) -> None:
            assert not isinstance(node, float)
            for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
                walk(child)

        payload = ask(suggester).payload()
        walk(payload)
        pull = payload["contributions"]
        decimals = [pull["base"], pull["score"], pull["rest"], *(i["log_odds"] for i in pull["items"])]
        assert all(DECIMAL.fullmatch(number) for number in decimals)
        assert json.loads(json.dumps(payload)) == payload

    def test_names_the_source_of_each_fact(self, suggester: Suggester) -> None:
        facts = ask(suggester, sources={"farve": Source.CITIZEN}).payload()["facts"]
        assert [fact["source"] for fact in facts[:2]] == ["citizen", "plan_text"]
        assert [fact["name"] for fact in facts] == [question.name for question in REPAIR.learned]

    def test_says_what_is_not_in_the_calculation(self, suggester: Suggester) -> None:
        payload = ask(suggester).payload()
        assert payload["not_in_calculation"] == ["lyden"]
        assert len(payload["caveats"]) == 2

    @settings(max_examples=25, deadline=None)
    @given(data=st.data())
    def test_there_is_one_for_every_possible_case(self, data: st.DataObject, suggester: Suggester) -> None:
        case = {
            question.name: data.draw(values(question) | known_values(question)) for question in REPAIR.learned
        }
        own = data.draw(st.none() | st.sampled_from(REPAIR.level_codes))
        evidence = suggester.suggest(case, own_level=own, received_on=RECEIVED)
        payload = evidence.payload()
        assert bool(payload["abstained"]) == (payload["similar"] is None)
        if payload["similar"]:
            assert sum(each["count"] for each in payload["similar"]["spread"]) == payload["similar"]["count"]


def test_a_thousand_reference_cases_more_change_nothing_but_the_neighbours() -> None:
    book = repair_artifact().codebook
    small = repair_artifact()
    codes = random_codes(book, 1200, seed=3)
    large = replace(small, reference=reference_cases(book, codes, ["hjemme"] * 1200))
    one, other = ask(Suggester(small)), ask(Suggester(large))
    assert one.model_level == other.model_level
    assert one.payload()["facts"] == other.payload()["facts"]
