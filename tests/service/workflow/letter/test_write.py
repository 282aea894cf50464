"""A letter is one row about one decision: refused without a trace, replaced in the open, erased with all."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from service import log
from service.database import reading
from service.errors import Conflict, Forbidden, NotFound, PartUnreadable, Refused
from service.log.verify import verify
from service.tables.citizen import Letter
from service.tables.intake import Case
from service.workflow import erasure, suggestion
from service.workflow.case_file import all_of
from service.workflow.letter.contacts import ContactsMissing
from service.workflow.letter.write import signed_letter
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.letters import OWN, a_letter, parts_of, sign, the_ground
from tests.parts.town import ORDER
from tests.payloads import PAYLOAD
from tests.refusals import refuses


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Case:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    return case


def letters(engine: Engine, case: Case) -> tuple[Letter, ...]:
    with reading(engine) as session:
        return all_of(session, Letter, case.id)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"confirmed": ("law",)}, Refused),
        ({"decision_id": "0" * 32}, Conflict),
        ({"replaces": "0" * 32}, Conflict),
        ({"contacts": Path("/nowhere/contacts.toml")}, ContactsMissing),
    ],
    ids=["not confirmed", "another decision", "another letter", "no contacts"],
)
def test_what_cannot_be_signed_leaves_nothing(
    changes: dict[str, Any], error: type[Exception], engine: Engine, cast: Cast, decided: Case
) -> None:
    parts = parts_of(the_ground(engine, decided.id))
    refuses(engine, error, lambda s: sign(s, decided.id, cast.alma, parts, **changes))


def test_a_refused_part_is_named(engine: Engine, cast: Cast, decided: Case) -> None:
    parts = parts_of(the_ground(engine, decided.id), weighed="Systemet foreslog det.")
    with pytest.raises(Refused) as refused:
        a_letter(engine, decided, cast.alma, parts)

    assert refused.value.field == "weighed"
    assert letters(engine, decided) == ()


@pytest.mark.parametrize("choice", ["retur", "kan_ikke_afgoeres"])
def test_a_case_that_waits_has_no_letter(choice: str, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    refuses(engine, Conflict, lambda s: sign(s, case.id, cast.alma))
    a_decision(engine, case, cast.alma, choice=choice)
    refuses(engine, Conflict, lambda s: sign(s, case.id, cast.alma))


def test_others_write_none(engine: Engine, cast: Cast, decided: Case) -> None:
    for name, error in (("tove", Forbidden), ("dorte", Forbidden), ("freja", NotFound), ("carla", NotFound)):
        refuses(engine, error, lambda s, name=name: sign(s, decided.id, cast.people[name]))  # type: ignore[misc]


def test_a_signed_letter_is_kept_word_for_word(engine: Engine, cast: Cast, decided: Case) -> None:
    row = a_letter(engine, decided, cast.alma)
    with reading(engine) as session:
        signed = signed_letter(session, decided.id)

    assert signed is not None
    assert (signed.row.id, signed.row.variant, signed.row.replaces) == (row.id, "shown", None)
    assert OWN in signed.parts.weighed
    assert signed.text.greeting == "Kære Agnes Prøve"
    assert verify(engine).problems == []


def test_a_double_click_is_one_letter(engine: Engine, cast: Cast, decided: Case) -> None:
    first = a_letter(engine, decided, cast.alma)
    second = a_letter(engine, decided, cast.alma, replaces=None)

    assert first.id == second.id
    assert len(letters(engine, decided)) == 1


def test_a_later_letter_names_the_one_it_replaces(engine: Engine, cast: Cast, decided: Case) -> None:
    first = a_letter(engine, decided, cast.alma)
    second = a_letter(engine, decided, cast.bent)

    assert [row.replaces for row in letters(engine, decided)] == [None, first.id]
    parts = parts_of(the_ground(engine, decided.id), facts="Du har brækket hoften.")
    refuses(engine, Conflict, lambda s: sign(s, decided.id, cast.alma, parts, replaces=first.id))
    assert letters(engine, decided)[-1].id == second.id


def test_a_corrected_decision_asks_for_a_new_letter(engine: Engine, cast: Cast, decided: Case) -> None:
    before = the_ground(engine, decided.id)
    old = a_letter(engine, decided, cast.alma)
    corrected = a_decision(
        engine, decided, cast.alma, choice="basal", key="correction", replaces=old.decision_id
    )
    refuses(
        engine,
        Conflict,
        lambda s: sign(s, decided.id, cast.alma, parts_of(before), decision_id=old.decision_id),
    )
    new = a_letter(engine, decided, cast.alma)

    assert (new.decision_id, new.replaces, new.variant) == (corrected.id, old.id, "other_than_most")


@pytest.mark.parametrize(
    ("judgement", "said", "variant"),
    [
        ({}, {"choice": "avanceret"}, "shown"),
        ({}, {"choice": "basal"}, "other_than_most"),
        ({"wants_evidence": False}, {}, "not_shown"),
    ],
)
def test_the_variant_follows_from_the_rows(
    judgement: dict[str, Any], said: dict[str, Any], variant: str, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast, **judgement)
    a_decision(engine, case, cast.alma, **said)

    assert a_letter(engine, case, cast.alma).variant == variant


@pytest.mark.parametrize("reason", ["control_arm", "shadow"])
def test_what_was_computed_and_not_shown_reaches_no_letter(
    reason: str, engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sealed answer says 13 of 20; the letter says that there is one, and nothing of it."""
    monkeypatch.setattr(suggestion, "_compute", lambda *_: suggestion.Outcome(reason, PAYLOAD))
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice="basal")
    row, ground = a_letter(engine, case, cast.alma), the_ground(engine, case.id)
    with reading(engine) as session:
        said = str(log.open_part(session, row)["letter"])

    assert row.variant == ("control_arm" if reason == "control_arm" else "not_shown")
    assert (ground.similar, ground.most, ground.computed) == ((), None, True)
    assert "regnede" in said
    assert not re.search(r"\b(13|7)\b|\baf 20\b|avanceret", said.replace(ground.law, ""))


@pytest.mark.requirement("D-28")
def test_five_years_later_it_is_told_from_what_was_kept(engine: Engine, cast: Cast, decided: Case) -> None:
    """No model and no shelf is asked: the words come from the rows, and a signed letter from its own part."""
    row = a_letter(engine, decided, cast.alma)
    later = a_letter(
        engine, decided, cast.alma, parts_of(the_ground(engine, decided.id)),
        now=NOW + timedelta(days=5 * 365), replaces=row.id,
    )  # fmt: skip
    with reading(engine) as session:
        first, second = (log.open_part(session, each)["letter"] for each in letters(engine, decided))

    assert later.replaces == row.id
    assert (first.pop("place"), second.pop("place")) == (
        f"Fjordby Kommune, Træning Nord. 30. juni 2026. Sag {decided.serial}.",
        f"Fjordby Kommune, Træning Nord. 29. juni 2031. Sag {decided.serial}.",
    )
    assert first == second


def test_an_erasure_takes_the_letter_along(engine: Engine, cast: Cast, decided: Case, tmp_path: Path) -> None:
    a_letter(engine, decided, cast.alma)
    erasure.erase(engine, tmp_path / "erasures.jsonl", [decided.citizen_id], ORDER, now=NOW, even_open=True)

    [row] = letters(engine, decided)
    with reading(engine) as session, pytest.raises(PartUnreadable):
        signed_letter(session, decided.id)
    assert (row.variant, row.case_id) == ("shown", decided.id), "practice stays, without a person"
    assert verify(engine).problems == []
