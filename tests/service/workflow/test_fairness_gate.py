"""The gate of bias: what refuses a version, what would let it pass, and how far it may be used."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models import audit
from models.artifact import Artifact
from models.promotion import FAILED, PASSED, Found, Verdict
from service.database import reading
from service.errors import Refused
from service.tables.governance import Phase
from service.tables.log import LogEntry
from service.workflow.go_live import rollout
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import fairness
from service.workflow.registers.approval import NotReady
from service.workflow.registers.fairness import Use
from tests.answered import answer
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import NOW, TODAY, Cast
from tests.parts.audits import a_biased_record, an_honest_record
from tests.parts.trained import GIVES_NOBODY_AWAY, on_shelf
from tests.refusals import in_session, refuses
from tests.register import approve, write
from tests.shelves import FixedShelf

WORDS = {"approver": "Dan Vang, datamedarbejder", "note": "Ny."}
FINDING = Found("gruppe", "Beregningen ligger lavere.", "Ret den.")
DOUBT = Found("ligevaerd", "Det er ikke vist.", "Saml flere.")


@pytest.fixture
def version(tmp_path: Path, trained_version: Artifact) -> Artifact:
    """A version on a shelf, with a record that speaks for it."""
    return on_shelf(tmp_path, trained_version, "v1")


def promote(cast: Cast, folder: Path) -> Any:
    """The version is taken into use."""
    shelf = ModelShelf(folder)
    return in_session(cast.engine, lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS))


def refused(cast: Cast, folder: Path) -> str:
    """The version is refused at the check and at the step, and nothing is written; the sentence."""
    shelf = ModelShelf(folder)
    found = shelf.open("v1")
    for step in (
        lambda s: rollout.promote(s, shelf, "v1", now=NOW, by=cast.dan, **WORDS),
        lambda s: rollout.check_promotion(s, found, "v1", folder=folder / "v1", now=NOW, **WORDS),
    ):
        refuses(cast.engine, NotReady, step)
    with reading(cast.engine) as session, pytest.raises(NotReady) as told:
        rollout.check_promotion(session, found, "v1", folder=folder / "v1", now=NOW, **WORDS)
    return str(told.value)


@pytest.mark.requirement("G-33", "G-35")
def test_a_version_that_was_never_tested_is_refused(cast: Cast, version: Artifact, tmp_path: Path) -> None:
    audit.beside(tmp_path / "v1").unlink()

    assert "skoen model audit" in refused(cast, tmp_path)


@pytest.mark.requirement("G-33")
def test_a_record_of_another_version_is_refused(cast: Cast, version: Artifact, tmp_path: Path) -> None:
    audit.save(an_honest_record(version, manifest_hash="0" * 64), tmp_path / "v1")

    assert "en anden model" in refused(cast, tmp_path)


@pytest.mark.requirement("G-35")
def test_a_planted_shift_is_refused_with_what_would_make_it_pass(
    cast: Cast, version: Artifact, tmp_path: Path
) -> None:
    audit.save(a_biased_record(version), tmp_path / "v1")

    told = refused(cast, tmp_path)

    assert "Køn: Kvinde" in told
    assert "25 procentpoint" in told
    assert "træn igen" in told


@pytest.mark.requirement("G-29")
@pytest.mark.parametrize(
    ("privacy", "words"),
    [
        (None, "ikke målt"),
        ({**GIVES_NOBODY_AWAY, "membership": {"auc": 0.62, "interval": [0.6, 0.64]}}, "højst 55 %"),
        ({**GIVES_NOBODY_AWAY, "shown": {"fewest": 4}}, "til mindst 5 deler det"),
    ],
    ids=["not measured", "remembers", "too few alike"],
)
def test_a_version_that_gives_somebody_away_is_refused(
    cast: Cast, trained_version: Artifact, tmp_path: Path, privacy: Any, words: str
) -> None:
    on_shelf(tmp_path, trained_version, "v1", privacy=privacy)

    assert words in refused(cast, tmp_path)


def test_an_honest_version_is_admitted_and_the_log_keeps_the_hash_of_its_record(
    cast: Cast, version: Artifact, tmp_path: Path
) -> None:
    promote(cast, tmp_path)
    with reading(cast.engine) as session:
        entry = session.exec(select(LogEntry).where(LogEntry.event == "model:promoted")).one()

    assert json.loads(entry.entry)["audit"] == audit.load(tmp_path / "v1", "v1", version.manifest_hash).sha256


@pytest.mark.requirement("G-35")
def test_an_exception_is_a_dated_decision_with_a_name_in_every_municipality(
    cast: Cast, version: Artifact, tmp_path: Path
) -> None:
    audit.save(a_biased_record(version), tmp_path / "v1")
    ends = (TODAY + timedelta(days=30)).isoformat()
    decided = {"dato": TODAY.isoformat(), "udloeber": ends, "begrundelse": "Vi undersøger det."}
    approve(cast.engine, cast.dan, "undtagelse", omfang="kalibrering", **decided)
    assert "Køn: Kvinde" in refused(cast, tmp_path)
    approve(cast.engine, cast.dan, "undtagelse", omfang="gruppe", **decided)
    _elsewhere(cast, omfang="gruppe", **decided)

    assert promote(cast, tmp_path).version == "v1"


def _elsewhere(cast: Cast, **changed: Any) -> None:
    """The same exception in every other municipality that has a phase."""
    with reading(cast.engine) as session:
        others = set(session.exec(select(Phase.municipality_id))) - {cast.dan.municipality_id}
    for other in others:
        approve(cast.engine, replace(cast.dan, municipality_id=other), "undtagelse", **changed)


@pytest.mark.requirement("G-35")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"omfang": "alt"}, "omfang"),
        ({"omfang": None}, "omfang"),
        ({"omfang": "grundlinje"}, "omfang"),
        ({"udloeber": None}, "udloeber"),
        ({"udloeber": (TODAY - timedelta(days=1)).isoformat()}, "udloeber"),
        ({"udloeber": (TODAY + timedelta(days=91)).isoformat()}, "højst 90 dage"),
        ({"besluttet_af": None}, "besluttet_af"),
    ],
)
def test_an_exception_without_scope_name_or_end_is_refused(
    cast: Cast, changed: dict[str, Any], told: str
) -> None:
    ends = (TODAY + timedelta(days=90)).isoformat()
    whole = {"omfang": "gruppe", "dato": TODAY.isoformat(), "udloeber": ends}

    with pytest.raises(Refused, match=told):
        approve(cast.engine, cast.dan, "undtagelse", **{**whole, **changed})
    approve(cast.engine, cast.dan, "undtagelse", **whole)


def test_an_exception_holds_on_its_own_days_alone(cast: Cast) -> None:
    ends = (TODAY + timedelta(days=2)).isoformat()
    entry = approve(
        cast.engine, cast.dan, "undtagelse", omfang="gruppe, akse", dato=TODAY.isoformat(), udloeber=ends
    )
    both = {"gruppe", "akse"}

    for later, scope in {-1: set(), 0: both, 2: both, 3: set()}.items():
        assert fairness.excepted([entry], "v1", TODAY + timedelta(days=later)) == scope
    assert fairness.excepted([entry], "v2", TODAY) == set()


@pytest.mark.parametrize(
    ("said", "exceptions", "use"),
    [
        (Verdict((), ()), frozenset(), Use.ALL),
        (Verdict((), (DOUBT,)), frozenset(), Use.OVERVIEW),
        (Verdict((FINDING,), ()), frozenset(), Use.NOTHING),
        (Verdict((FINDING,), ()), frozenset({"gruppe"}), Use.OVERVIEW),
        (Verdict((FINDING,), ()), frozenset({"kalibrering"}), Use.NOTHING),
    ],
)
def test_an_exception_never_lets_a_headline_be_shown(
    said: Verdict, exceptions: frozenset[str], use: Use
) -> None:
    assert fairness.use_of(said, exceptions) is use


@pytest.mark.parametrize(
    ("test", "phase", "shown"),
    [
        (Verdict((), ()), "pilot", ("shown", None, "forslag")),
        (Verdict((), (DOUBT,)), "pilot", ("shown", None, "overblik")),
        (Verdict((), (DOUBT,)), "oevelse", ("shown", None, "forslag")),
        (Verdict((FINDING,), ()), "drift", ("withheld", "bias_found", "forslag")),
        (None, "pilot", ("withheld", "bias_found", "forslag")),
    ],
)
def test_a_doubt_takes_the_headline_away_and_a_finding_everything(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch, test: Verdict | None, phase: str,
    shown: tuple[str, str | None, str],
) -> None:  # fmt: skip
    """Where citizens are: practice has none."""
    from service.workflow import suggestion

    monkeypatch.setattr(suggestion.competence, "mode_for", lambda *_, **__: "forslag")
    monkeypatch.setattr(suggestion.governance, "phase_of", lambda *_: phase)
    monkeypatch.setattr(suggestion.governance, "mode_of", lambda *_: "forslag")
    monkeypatch.setattr(suggestion.trial, "trial_for", lambda *_: None)
    an_admission(engine, cast.dan)
    judgement = a_judgement(engine, a_case(engine), cast.alma)

    row = answer(engine, judgement.id, cast.alma, FixedShelf(test=test))

    assert (row.outcome, row.reason, row.mode) == shown
    assert (row.model_level is None) == (row.outcome == "withheld")


def test_a_record_comes_along_when_a_version_is_taken_in(version: Artifact, tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path / "shelf")
    shelf.take_in(tmp_path / "v1", "v1")
    assert shelf.verdict("v1", version.manifest_hash).status == PASSED

    audit.save(a_biased_record(version), tmp_path / "v1")
    shelf.take_in(tmp_path / "v1", "v1")
    assert shelf.verdict("v1", version.manifest_hash).status == FAILED


@pytest.mark.requirement("G-33")
def test_a_finding_in_decisions_is_a_case_until_somebody_closes_it(cast: Cast) -> None:
    found = write(cast.engine, cast.dan, "fairness")
    assert fairness.open_findings([found]) == [found]
    with pytest.raises(Refused, match="handling"):
        write(cast.engine, cast.dan, "fairness", replaces=found.id, lukket=TODAY.isoformat())
    with pytest.raises(Refused, match="hører sammen"):
        write(cast.engine, cast.dan, "fairness", status="intet_fund")

    closed = write(
        cast.engine, cast.dan, "fairness", replaces=found.id, lukket=TODAY.isoformat(), handling="Drøftet."
    )

    assert fairness.open_findings([closed]) == []
