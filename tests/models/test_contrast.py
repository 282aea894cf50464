"""The contrast is with her own level, whichever it is; without one it names both and none of them as hers."""

import pytest

from models.explanation import own_sentence
from tests.models.questions import suggested


@pytest.mark.parametrize(
    ("own", "mobility", "said"),
    [
        ("basal", "4", ("Sammenlignet med basalt niveau er det især begrænsning i mobilitet (total), "
         "der trækker mod avanceret niveau.")),
        ("basal", "0", ("Sammenlignet med basalt niveau er der ingen oplysninger, som trækker tydeligt mod "
         "avanceret niveau.")),
        ("avanceret", "0", ("Sammenlignet med avanceret niveau er det især begrænsning i mobilitet (ingen), "
         "der trækker mod basalt niveau.")),
        ("avanceret", "4", ("Sammenlignet med avanceret niveau er der ingen oplysninger, som trækker "
         "tydeligt mod basalt niveau.")),
        (None, "4", ("Sammenlignet med basalt niveau er det især begrænsning i mobilitet (total), "
         "der trækker mod avanceret niveau.")),
        (None, "0", ("Sammenlignet med basalt niveau er der ingen oplysninger, som trækker tydeligt mod "
         "avanceret niveau.")),
    ],
    ids=["basal, pull up", "basal, pull down", "avanceret, pull down", "avanceret, pull up", "other, up",
         "other, down"],
)  # fmt: skip
def test_the_contrast_begins_at_her_own_level(own: str | None, mobility: str, said: str) -> None:
    reference = ["avanceret"] * 13 + ["basal"] * 7
    payload = suggested(reference, own=own, change={"funk_mobilitet": mobility}).payload()

    assert payload["contributions"]["sentence"] == said
    assert payload["contributions"]["from_level"] == (own or "basal")
    assert payload["contributions"]["to_level"] != payload["contributions"]["from_level"]


@pytest.mark.parametrize("own", ["basal", "avanceret", None])
def test_only_a_level_of_hers_that_most_did_not_get_is_called_different(own: str | None) -> None:
    payload = suggested(["avanceret"] * 13 + ["basal"] * 7, own=own).payload()

    assert bool(payload["own_sentence"]) is (own == "basal")
    assert payload["own_sentence"] == own_sentence(own, "avanceret")
