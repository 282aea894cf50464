"""How the facts pulled: exact, few, and told against the own judgement."""

import pytest

from models.artifact import Artifact
from models.contributions import AdditivityFailed, strength
from models.evidence import Suggester
from tests.models.questions import RECEIVED, ask, suggested


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

    def test_at_most_five_are_shown_and_they_pull_most(self, suggester: Suggester) -> None:
        evidence = ask(suggester)
        items, pull = evidence.payload()["contributions"]["items"], evidence.contributions
        assert pull is not None
        sizes = [abs(float(item["log_odds"])) for item in items]
        assert len(items) <= 5
        phi, _ = suggester._explainer.contributions(suggester._book.encode(evidence.values, RECEIVED))
        order = suggester._book.area.level_codes
        every = abs(phi[order.index(pull.to_level)] - phi[order.index(pull.from_level)])
        assert sorted(sizes) == pytest.approx(sorted(every)[-len(items) :], abs=1e-6)
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
