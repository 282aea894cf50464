"""Shares held against later cases: curves never fall, levels stay plausible, counts have an interval."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artifact import Artifact, ArtifactRefused, load, save
from models.evidence import Suggester
from models.explanation import frequency_sentences, headline, several_sentence
from models.manifest import Thresholds
from models.uncertainty import Doubt, Frequency, Isotonic, Platt, Seen, Uncertainty, doubt_of, log_odds
from tests.models.questions import GENOPTRAENING, a_citizen, ask, two_level_artifact

STEPS = Isotonic((-2.0, 0.0, 3.0), (0.1, 0.4, 0.9))
MIRRORED = Isotonic((-3.0, 0.0, 2.0), (0.1, 0.6, 0.9))
COUNTED = (
    (Seen(0.5, 0.10, 0.30, 60), Seen(1.0, 0.62, 0.81, 50)),
    (Seen(0.5, 0.19, 0.38, 50), Seen(1.0, 0.70, 0.90, 60)),
)
COUNTS = (
    "Af 20 senere sager med samme udfald af beregningen fik mellem 2 og 6 basalt niveau "
    "og mellem 14 og 18 avanceret niveau."
)
NUMBERS = st.floats(-30, 30, allow_subnormal=False)


def known(**parts: Any) -> Uncertainty:
    """Tables of two levels."""
    usual: dict[str, Any] = {"seen": COUNTED, "reach": (0.5, 0.6)}
    return Uncertainty(**{**usual, **parts})


def scores_of(*odds: float) -> np.ndarray:
    """Scores of two levels: the first is 0."""
    return np.array([[0.0, each] for each in odds])


WRONG: list[Callable[[], object]] = [
    lambda: Platt(0.0, 1.0),
    lambda: Platt(-1.0, 0.0),
    lambda: Platt(float("nan"), 0.0),
    lambda: Isotonic((), ()),
    lambda: Isotonic((0.0, 0.0), (0.1, 0.2)),
    lambda: Isotonic((0.0, 1.0), (0.4, 0.3)),
    lambda: Isotonic((0.0, 1.0), (0.4, 1.1)),
    lambda: Isotonic((0.0, float("inf")), (0.4, 0.5)),
    lambda: Isotonic((0.0, 1.0), (0.4,)),
    lambda: Seen(0.5, 0.6, 0.4, 10),
    lambda: Seen(0.5, float("nan"), 0.4, 10),
    lambda: Seen(0.5, 0.1, 0.4, 0),
    lambda: Uncertainty(method="platt"),
    lambda: Uncertainty(method="guess", curves=(STEPS, STEPS)),
    lambda: Uncertainty(curves=(STEPS, STEPS)),
    lambda: Uncertainty(reach=(0.5, float("nan"))),
    lambda: Uncertainty(nominal=1.0),
    lambda: Uncertainty(seen=((), ())),
    lambda: Uncertainty(seen=(COUNTED[0][::-1], COUNTED[1])),
    lambda: known(reach=(0.1, 0.2, 0.3)).check_levels(2),
    lambda: Thresholds(min_margin=float("nan")),
    lambda: Thresholds(min_nearest=float("inf")),
    lambda: Thresholds(min_similar=0),
    lambda: Thresholds(max_missing_share=-0.1),
]


@pytest.mark.parametrize("place", range(len(WRONG)))
def test_tables_that_make_no_sense_are_refused(place: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        WRONG[place]()


def test_an_artifact_with_tables_of_other_levels_is_neither_written_nor_opened(
    version: Artifact, tmp_path: Any
) -> None:
    with pytest.raises(ArtifactRefused) as refused:
        save(replace(version, uncertainty=known()), tmp_path / "wrong")

    assert refused.value.reason == "malformed"
    assert not (tmp_path / "wrong").exists()


def test_what_is_known_of_uncertainty_is_kept_with_the_version(tmp_path: Any) -> None:
    for parts in ({}, {"method": "isotonic", "curves": (MIRRORED, STEPS)},
                  {"method": "platt", "curves": (Platt(0.8, -0.1), Platt(0.8, 0.1))}):  # fmt: skip
        made = replace(two_level_artifact(["basal"] * 12), uncertainty=known(**parts))
        save(made, tmp_path / f"v{len(parts)}{parts.get('method')}")
        assert load(tmp_path / f"v{len(parts)}{parts.get('method')}").uncertainty == made.uncertainty


@settings(max_examples=40)
@given(first=NUMBERS, second=NUMBERS, slope=st.floats(0.05, 5), offset=st.floats(-3, 3))
def test_a_higher_score_never_gets_a_lower_share_and_shares_sum_to_one(
    first: float, second: float, slope: float, offset: float
) -> None:
    curves = {"platt": (Platt(slope, -offset), Platt(slope, offset)), "isotonic": (MIRRORED, STEPS)}
    low, high = sorted((first, second))
    for method, pair in curves.items():
        shares = Uncertainty(method, pair).shares(scores_of(low, high))
        assert shares[0, 1] <= shares[1, 1] + 1e-12
        assert np.allclose(shares.sum(axis=1), 1)


def test_platts_numbers_one_and_nought_change_nothing() -> None:
    scores = np.random.default_rng(3).normal(size=(50, 4))

    same = Uncertainty("platt", (Platt(1.0, 0.0),) * 4).shares(scores)

    assert np.allclose(same, Uncertainty().shares(scores))
    assert np.allclose(log_odds(scores), np.log(same / (1 - same)))


def test_a_level_is_plausible_within_its_reach_and_the_likeliest_always() -> None:
    table = known(reach=(0.3, 0.7))

    held = table.plausible(scores_of(-3.0, -0.2, 0.0, 3.0)).tolist()

    assert held == [[True, False], [True, True], [True, True], [False, True]]
    assert known(reach=()).plausible(scores_of(9.0)).tolist() == [[True, True]]


def test_nothing_is_said_where_nothing_is_known() -> None:
    doubt = doubt_of(Uncertainty(), ("basal", "avanceret"), np.array([0.0, 0.01]), 20)

    assert doubt == Doubt()
    assert several_sentence(GENOPTRAENING, doubt) == ""
    assert frequency_sentences(GENOPTRAENING, doubt) == []


class TestOnACase:
    """What the evidence says of its own uncertainty."""

    def said(self, odds: float, **parts: Any) -> dict[str, Any]:
        made = two_level_artifact(["avanceret"] * 13 + ["basal"] * 7, strong=odds)
        suggester = Suggester(replace(made, uncertainty=known(**parts)))
        return suggester.suggest(a_citizen(funk_mobilitet="4"), own_level="basal").payload()

    def test_counts_are_rounded_outwards_with_one_denominator_and_both_levels(self) -> None:
        told = self.said(2.0)["uncertainty"]

        assert told["frequencies"] == [
            {"level": "basal", "low": 2, "high": 6, "of": 20, "n": 60},
            {"level": "avanceret", "low": 14, "high": 18, "of": 20, "n": 60},
        ]
        assert told["frequency_sentences"] == [
            COUNTS,
            "Det er talt i 60 sager, som beregningen ikke bygger på.",
        ]
        assert told["plausible"] == ["avanceret"]
        assert told["several_sentence"] == ""

    def test_when_both_levels_are_plausible_it_is_said_and_the_headline_points_nowhere(self) -> None:
        wide = self.said(0.5, reach=(0.95, 0.95))
        told = wide["uncertainty"]

        assert told["plausible"] == ["basal", "avanceret"]
        assert told["several_sentence"] == (
            "Både basalt niveau og avanceret niveau ligger inden for beregningens usikkerhed."
        )
        assert wide["headline"] == "Grundlaget peger ikke klart på ét niveau."
        assert self.said(2.0)["headline"] == "Grundlaget peger mod avanceret niveau."

    def test_contributions_stay_those_of_the_score_and_that_is_said(self) -> None:
        plain = self.said(2.0)
        curved = self.said(2.0, method="isotonic", curves=(MIRRORED, STEPS))

        assert curved["contributions"] == plain["contributions"]
        assert curved["uncertainty"]["frequency_sentences"][-1] == (
            "Antallene er holdt op mod de senere sager. Trækkene er regnet før det."
        )

    @pytest.mark.requirement("G-44")
    def test_levels_too_close_to_call_keep_it_silent_and_a_wider_gap_does_not(self) -> None:
        made = replace(
            two_level_artifact(["avanceret"] * 12, strong=0.1, thresholds=Thresholds(min_margin=0.12)),
            uncertainty=known(),
        )
        suggester = Suggester(made)
        close = suggester.suggest(a_citizen(funk_mobilitet="3"), own_level=None).payload()
        apart = suggester.suggest(a_citizen(funk_mobilitet="4"), own_level=None).payload()

        assert close["abstained"] == ["too_close"]
        assert close["abstained_sentences"] == [
            "Niveauerne ligger så tæt i beregningen, at den ikke kan skelne mellem dem."
        ]
        assert close["uncertainty"] == {
            "frequencies": [], "plausible": [], "several_sentence": "", "frequency_sentences": [],
        }  # fmt: skip
        assert apart["abstained"] == []

    def test_a_version_that_knows_no_uncertainty_is_never_silent_for_it(self, version: Artifact) -> None:
        strict = replace(version.manifest, thresholds=replace(version.manifest.thresholds, min_margin=1.0))

        assert "too_close" not in ask(Suggester(replace(version, manifest=strict))).abstained


def test_one_number_is_said_as_one() -> None:
    doubt = Doubt((Frequency("basal", 0, 0, 20, 70), Frequency("avanceret", 20, 20, 20, 70)))

    assert frequency_sentences(GENOPTRAENING, doubt)[0] == (
        "Af 20 senere sager med samme udfald af beregningen fik 0 basalt niveau og 20 avanceret niveau."
    )


def test_no_headline_stands_against_several_plausible_levels() -> None:
    assert headline(GENOPTRAENING, "basal", "basal", (), ("basal",)) == "Grundlaget peger mod basalt niveau."
    assert "ikke klart" in headline(GENOPTRAENING, "basal", "basal", (), ("basal", "avanceret"))
