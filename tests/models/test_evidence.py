"""What is said about a case, what is not said, and when nothing is."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.areas import get
from models.artifact import Artifact
from models.coding import Codebook
from models.contributions import AdditivityFailed, strength
from models.declaration import UNKNOWN, Kind, Source
from models.evidence import Evidence, Suggester
from models.manifest import Thresholds
from models.tables import ScoreTables
from tests.models.strategies import known_values, values
from tests.models.workbench import (
    RECEIVED,
    REPAIR,
    make_artifact,
    random_codes,
    reference_cases,
    repair_artifact,
)

GENOPTRAENING = get("genoptraening")
FULL = {
    "farve": "groen", "vaegt": "tung", "alder": 12, "andel": 0.5,
    "redskaber": frozenset({"sav"}), "koebt": date(2026, 1, 1), "gammel": "ja",
}  # fmt: skip
DECIMAL = re.compile(r"-?\d+\.\d{6}")


def ask(suggester: Suggester, values: dict[str, Any] = FULL, **rest: Any) -> Evidence:
    """The evidence for a thing in need of repair."""
    return suggester.suggest(values, **{"own_level": "hjemme", "received_on": RECEIVED, **rest})


def two_level_artifact(levels: list[str], strong: float = 2.0, **rest: Any) -> Artifact:
    """A model of § 140 that looks at mobility, and reference cases that are all alike but for their level."""
    plain: dict[Kind, Any] = {Kind.COUNT: (1, 3), Kind.SET: (frozenset(), frozenset({"hjerte"}))}
    orders = {each.name: plain.get(each.kind, each.code_values) for each in GENOPTRAENING.learned}
    book = Codebook.build(GENOPTRAENING, orders)
    singles = [np.zeros((2, size)) for size in book.sizes]
    mobility = book.names.index("funk_mobilitet")
    singles[mobility][1] = strong * np.array([0.0, -2.0, -1.0, 0.0, 1.0, 2.0])
    tables = ScoreTables(GENOPTRAENING.level_codes, np.array([0.0, 0.1]), tuple(singles), {})
    codes = np.tile(book.encode(a_citizen()), (len(levels), 1))
    return make_artifact(book, tables, reference_cases(GENOPTRAENING, codes, levels), **rest)


def a_citizen(**change: Any) -> dict[str, Any]:
    """The learned facts of one case, all of them known."""
    first: dict[Kind, Any] = {Kind.COUNT: 2, Kind.SET: frozenset()}
    facts = {
        each.name: first.get(each.kind, (each.code_values or ("",))[0]) for each in GENOPTRAENING.learned
    }
    return {**facts, "funk_mobilitet": "3", **change}


def suggested(
    levels: list[str], own: str | None = "basal", change: dict[str, Any] | None = None, **rest: Any
) -> Evidence:
    """The evidence for a citizen when the similar cases got these levels."""
    return Suggester(two_level_artifact(levels, **rest)).suggest(a_citizen(**(change or {})), own_level=own)


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

    def test_a_counter_example_is_found_beyond_the_cases_shown(self) -> None:
        evidence = suggested(["avanceret"] * 30 + ["basal"])
        counter = evidence.payload()["similar"]["counter_example"]
        assert (counter["level"], counter["rank"]) == ("basal", 31)

    def test_without_another_level_there_is_no_counter_example(self) -> None:
        assert suggested(["avanceret"] * 30).payload()["similar"]["counter_example"] is None

    def test_a_counter_example_out_of_reach_is_not_shown(self) -> None:
        artifact = two_level_artifact(
            ["avanceret"] * 12 + ["basal"], thresholds=Thresholds(min_similarity=0.9)
        )
        codes = np.array(artifact.reference.codes)
        codes[:, 12] = 0  # the only other case lacks every answer
        reference = replace(artifact.reference, codes=codes)
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

    @pytest.mark.requirement("F-15")
    def test_the_cases_are_those_of_brute_force_with_their_parts(
        self, version: Artifact, suggester: Suggester
    ) -> None:
        book, weights = version.codebook, version.manifest.weights
        query = book.encode(FULL, RECEIVED)
        total = sum(weights.values())

        def apart(row: int) -> float:
            codes = version.reference.codes[:, row]
            tables = ((weights[name], book.distance_table(name)) for name in book.names)
            return sum(w * t[a, b] for (w, t), a, b in zip(tables, query, codes, strict=True)) / total

        rows = sorted(range(len(version.reference)), key=lambda row: (round(apart(row), 12), row))[:20]
        cases = ask(suggester).payload()["similar"]["cases"]
        assert [case["key"] for case in cases] == [version.reference.keys[row] for row in rows]
        assert [case["similarity"] for case in cases] == [f"{1 - apart(row):.6f}" for row in rows]

    def test_likenesses_and_differences_are_the_three_strongest(self) -> None:
        evidence = suggested(["avanceret"] * 12, change={"funk_mobilitet": "1", "hjemmepleje": "ja"})
        case = evidence.payload()["similar"]["cases"][0]
        assert case["likenesses"] == [
            {"label": "Diagnosegruppe", "value": "knæ"},
            {"label": "Egenomsorg", "value": "ingen"},
            {"label": "Praktiske opgaver", "value": "ingen"},
        ]
        assert case["differences"] == [
            {"label": "Modtager hjemmepleje", "here": "ja", "there": "nej"},
            {"label": "Mobilitet", "here": "let", "there": "svær"},
        ]

    def test_two_cases_that_both_lack_an_answer_are_not_called_alike_in_it(self) -> None:
        artifact = two_level_artifact(["avanceret"] * 12)
        codes = np.array(artifact.reference.codes)
        codes[0] = 0
        silent = Suggester(replace(artifact, reference=replace(artifact.reference, codes=codes)))
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


class TestContributions:
    """Exact, few, and said against the own judgement."""

    def test_items_and_rest_make_the_score(self, suggester: Suggester) -> None:
        pull = ask(suggester).contributions
        assert pull is not None
        assert pull.base + sum(item.log_odds for item in pull.items) + pull.rest == pytest.approx(
            pull.score, abs=1e-9
        )

    def test_the_pull_is_told_from_the_own_level(self) -> None:
        there = suggested(["avanceret"] * 20, own="basal").payload()["contributions"]
        back = suggested(["avanceret"] * 20, own="avanceret").payload()["contributions"]
        assert (there["from_level"], there["to_level"]) == ("basal", "avanceret")
        assert (back["from_level"], back["to_level"]) == ("avanceret", "basal")
        assert float(there["score"]) == -float(back["score"])
        assert there["items"][0]["toward"] == back["items"][0]["toward"] == "avanceret"

    def test_without_an_own_level_it_is_told_from_the_first(self) -> None:
        pull = suggested(["basal"] * 20, own=None).payload()["contributions"]
        assert (pull["from_level"], pull["to_level"]) == ("basal", "avanceret")

    def test_of_several_levels_the_most_common_is_told_against_the_own(self, suggester: Suggester) -> None:
        evidence = ask(suggester, own_level="hjemme")
        assert evidence.contributions is not None
        assert evidence.contributions.to_level == evidence.reference_level == "fabrik"
        turned = ask(suggester, own_level="fabrik").contributions
        assert turned is not None
        assert turned.to_level == ask(suggester).model_level == "vaerksted"

    def test_at_most_five_are_shown_strongest_first(self, suggester: Suggester) -> None:
        items = ask(suggester).payload()["contributions"]["items"]
        sizes = [abs(float(item["log_odds"])) for item in items]
        assert len(items) <= 5
        assert sizes == sorted(sizes, reverse=True)
        assert all(float(item["share"]) >= 0.03 for item in items)

    @pytest.mark.parametrize(
        ("share", "word"),
        [(0.25, "mest"), (0.2499, "en del"), (0.10, "en del"), (0.0999, "lidt"), (0.03, "lidt")],
    )
    def test_strength_is_one_of_three_words(self, share: float, word: str) -> None:
        assert strength(share) == word

    def test_too_small_a_share_has_no_word(self) -> None:
        with pytest.raises(ValueError, match="not shown"):
            strength(0.0299)

    @pytest.mark.requirement("G-27")
    def test_contributions_that_do_not_add_up_are_never_shown(self, version: Artifact) -> None:
        suggester = Suggester(version)
        suggester._explainer.base = suggester._explainer.base + 1e-8
        with pytest.raises(AdditivityFailed):
            ask(suggester)

    def test_a_model_that_weighs_nothing_shows_no_items(self) -> None:
        evidence = suggested(["basal"] * 20, strong=0.0)
        assert evidence.payload()["contributions"]["items"] == []

    def test_neighbours_and_calculation_that_point_apart_are_flagged(self) -> None:
        evidence = suggested(["basal"] * 20)
        assert evidence.model_level == "avanceret"
        assert evidence.flags == ("directions_differ",)
        assert suggested(["avanceret"] * 20).flags == ()


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
    large = replace(small, reference=reference_cases(REPAIR, codes, ["hjemme"] * 1200))
    one, other = ask(Suggester(small)), ask(Suggester(large))
    assert one.model_level == other.model_level
    assert one.payload()["facts"] == other.payload()["facts"]
