"""The report's chapter on groups: every group drawn and told, and nothing said that was not measured."""

import re
from typing import Any

import pytest

from models.artifact import Artifact
from tests.panels import panel, record
from tests.parts.audits import UNDER, an_axis, an_honest_record
from training.dataset import Dataset, Protected
from training.fairness.suite import Plan, audit
from training.fairness.told import basis_rows, told_rows
from training.report import _table
from training.report_fairness import fairness_chapter


@pytest.fixture(scope="module")
def audited(version: Artifact, data: Dataset, protected: Protected) -> dict[str, Any]:
    return audit(version, data, protected, Plan(seed=3, draws=199))


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def test_every_measure_of_the_record_stands_in_the_chapter(audited: dict[str, Any]) -> None:
    told = text(fairness_chapter(audited, _table))

    for heading in ("hvilken gruppe borgeren hører til", "Samme funktion, anden alder",
                    "Hvor godt et grundlag får hver gruppe?", "Alt, hvad der er set efter"):  # fmt: skip
        assert heading in told
    for measure in audited["exploratory"]["measures"]:
        assert (measure["label"] in told) == bool(
            measure["n"] and not measure["code"].startswith("egen_gruppe_")
        )
    assert "Oprindelse: ikke til rådighed. Kommunen må" in told
    assert f"{audited['exploratory']['with_need']['too_small']} er for små" in told


def test_each_tested_group_is_drawn_once_and_a_small_one_never(version: Artifact) -> None:
    small = {"n": 7, "under": None, "under_gap": None, "lower_gap": None, "levels": None, "equivalent": False}
    found = {"under_gap": {**UNDER, "detectable": 0.05}, "equivalent": False}
    axes = [an_axis("koen", 0.001, {"mand": found}), an_axis("tolkebehov", groups={"ja": small})]

    page = fairness_chapter(an_honest_record(version, axes=axes), _table)

    assert page.count("<circle") == 3
    assert page.count('r="4.5" fill="#b3261e"') == 1
    assert "under 20" in page
    assert "for få til at sige noget" in text(page)


def test_what_is_told_more_than_need_tells_has_a_star() -> None:
    told = {"axis": "koen", "label": "Køn", "by_chance": 0.55, "p": 0.5}
    names = ("told_by_inputs", "told_by_contributions", "told_by_residuals")
    flips = {name: [{**told, "auc": auc}] for name, auc in zip(names, (0.61, 0.55, 0.5), strict=True)}

    assert told_rows({"flips": flips}) == [
        ("Køn", "61,0 % (ellers 55,0 %) *", "55,0 % (ellers 55,0 %)", "50,0 % (ellers 55,0 %)")
    ]


def test_the_basis_of_a_group_too_small_is_a_dash() -> None:
    groups = [
        {"label": "Ja", "n": 7, "mean": None, "gap": None},
        {"label": "Nej", "n": 300, "mean": 0.5, "gap": {"gap": 0.1, "low": 0.02, "high": 0.2}},
    ]
    measures = [{"code": "tier", "by": [{"label": "Bor alene", "groups": groups}]}]

    assert basis_rows({"exploratory": {"measures": measures}}) == [
        ("Bor alene", "Ja", "–", "–", "–", "–", "–"), ("Bor alene", "Nej", "–", "–", "50,0 % *", "–", "–"),
    ]  # fmt: skip


def test_without_a_test_nothing_is_told() -> None:
    assert (
        text(fairness_chapter(None, _table)) == " Grupper Ikke prøvet for skævhed endnu: skoen model audit. "
    )


def test_an_interval_beyond_the_axis_stays_inside_the_drawing() -> None:
    from training.report_gaps import WIDTH, gaps_drawn

    told = record(panel(1, n=120, shift=0.8))
    drawn = gaps_drawn(told)

    places = [float(each) for each in re.findall(r'(?:x1|x2|cx)="([\d.-]+)"', drawn)]
    assert any(
        max(abs(group["under_gap"][end]) for end in ("low", "high")) > 0.3
        for axis in told["axes"] for group in axis["groups"] if group["under_gap"]
    )  # fmt: skip
    assert 0 <= min(places) <= max(places) <= WIDTH
