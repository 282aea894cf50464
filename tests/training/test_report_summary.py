"""The top of a report says what one must know first, and never more than was measured."""

import re
from dataclasses import replace
from typing import Any

from models.artifact import Artifact
from models.promotion import verdict
from training.report import report
from training.report_summary import summary


def told(artifact: Artifact, **evaluation: Any) -> Artifact:
    return replace(artifact, evaluation={**artifact.evaluation, **evaluation})


def test_a_version_that_was_not_tried_for_bias_may_not_be_used(version: Artifact) -> None:
    assert "Nej. Den er ikke prøvet for skævhed endnu" in summary(version, None)


def test_what_stands_against_it_stands_there_with_what_would_make_it_pass(version: Artifact) -> None:
    unreadable: dict[str, Any] = {}
    (against,) = verdict(unreadable, version.evaluation).findings

    said = summary(version, unreadable)

    assert "Nej. Prøven for skævhed er ikke bestået." in said
    assert against.words in said
    assert against.cure in said


def test_better_and_worse_are_said_only_beyond_chance(version: Artifact) -> None:
    def beside(value: float) -> str:
        against = {"n": 400, "version": "v0", "worse_than_active": {"value": value, "standard_error": 0.01}}
        return summary(told(version, against=against), None)

    assert "Ikke klart forskellige på de samme 400 sager." in beside(0.019)
    assert "Klart bedre på de samme 400 sager." in beside(-0.02)
    assert "Klart dårligere på de samme 400 sager." in beside(0.02)
    assert "Ikke målt." in summary(told(version, against=None), None)


def test_what_was_not_measured_is_said_not_to_be(version: Artifact) -> None:
    said = summary(told(version, privacy=None, uncertainty=None), None)

    assert "Det er ikke målt, om modellen røber dem." in said
    assert "Der er ingen model, kun lignende sager." in said


def test_every_chapter_can_be_gone_to_from_the_top(version: Artifact) -> None:
    page = report(version)

    links = re.findall(r'<li><a href="#([^"]+)">(.*?)</a></li>', page)
    headings = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', page)
    assert links == headings
    assert len(headings) > 10
    assert page.index("Kort fortalt") < page.index("<nav") < page.index(headings[0][1], page.index("</nav>"))
