"""One-time codes: hard to guess, kept as a hash, used once, and gone with time, power and citizen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Forbidden, NotFound, Refused, TooManyAttempts
from service.log import Event
from service.tables.citizen import CitizenCode, CitizenCodeUse
from service.tables.intake import Case
from service.tables.log import LogEntry, LogHead
from service.workflow.citizen_page import codes, representation
from service.workflow.citizen_page.codes import (
    ALPHABET,
    ENTROPY,
    SIGNS,
    VALID,
    CodeRefused,
    lookup_of,
    spaced,
)
from tests.builders import a_case
from tests.cast import NOW, PEPPER, Cast
from tests.mine import a_code, a_power, redeemed
from tests.refusals import in_session, refuses
from tests.rows import rows

KEY = b"k" * 32


def opened(engine: Engine) -> int:
    """How many codes were used."""
    return rows(engine)[CitizenCodeUse.__tablename__]


def why(engine: Engine) -> list[str]:
    """What the log says about codes that opened nothing."""
    query = select(LogEntry.entry).where(LogEntry.event == Event.CITIZEN_REFUSED)
    with reading(engine) as session:
        return [text.partition('"why":"')[2].partition('"')[0] for text in session.exec(query)]


def test_only_casework_issues_a_code(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    for error, by in ((NotFound, cast.freja), (NotFound, cast.carla), (Forbidden, cast.tove)):
        refuses(engine, error, lambda s, by=by: codes.issue(s, case.id, key=PEPPER, now=NOW, by=by))


def test_nobody_gets_a_code_by_another_case_s_power(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    power = a_power(engine, a_case(engine, request_id="request-2"), cast.alma)
    refuses(
        engine, Refused,
        lambda s: codes.issue(
            s, case.id, key=PEPPER, representation_id=power.id, now=NOW, by=cast.alma
        ),
    )  # fmt: skip


Spoil = Callable[[Engine, Cast, Case, str], str]


def _used(engine: Engine, cast: Cast, case: Case, code: str) -> str:
    redeemed(engine, code)
    return code


def _replaced(engine: Engine, cast: Cast, case: Case, code: str) -> str:
    a_code(engine, case, cast.alma)
    return code


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda engine, cast, case, code: "", "unknown"),
        (lambda engine, cast, case, code: code[:-1], "unknown"),
        (_used, "used"),
        (_replaced, "replaced"),
    ],
    ids=["nothing", "too short", "used", "replaced"],
)
def test_a_code_that_is_none_or_no_longer_one_opens_nothing(
    spoil: Spoil, reason: str, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    typed = spoil(engine, cast, case, a_code(engine, case, cast.alma))
    before = opened(engine)
    with pytest.raises(CodeRefused):
        redeemed(engine, typed)
    assert (opened(engine), why(engine)) == (before, [reason])


def test_a_code_is_over_after_its_time_and_not_before(engine: Engine, cast: Cast) -> None:
    code = a_code(engine, a_case(engine), cast.alma)
    with pytest.raises(CodeRefused):
        redeemed(engine, code, now=NOW + VALID)
    assert why(engine) == ["expired"]
    redeemed(engine, code, now=NOW + VALID - timedelta(seconds=1))


def test_a_representative_s_code_ends_with_the_power(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    code = a_code(engine, case, cast.alma, representation_id=a_power(engine, case, cast.alma).id)
    in_session(engine, lambda s: representation.withdraw(s, case.id, now=NOW, by=cast.alma))
    with pytest.raises(CodeRefused):
        redeemed(engine, code)
    assert why(engine) == ["no_power"]


def test_no_code_outlives_a_restore(engine: Engine, cast: Cast) -> None:
    """The backup may be older than its use."""
    code = a_code(engine, a_case(engine), cast.alma)
    with writing(engine) as session:
        session.add(LogHead(shard="decisions/2026/2", size=1, frontier=bytes(32), last_at=NOW.isoformat()))
        session.commit()
    with pytest.raises(CodeRefused):
        redeemed(engine, code)
    assert opened(engine) == 0
    redeemed(engine, a_code(engine, a_case(engine, request_id="after"), cast.alma))


def test_guessing_is_throttled_before_anything_is_evaluated(engine: Engine, cast: Cast) -> None:
    code = a_code(engine, a_case(engine), cast.alma)
    for _ in range(10):
        with pytest.raises(CodeRefused):
            redeemed(engine, "ABCD ABCD ABCD ABCD")
    for typed in ("ABCD ABCD ABCD ABCD", code):
        with pytest.raises(TooManyAttempts):
            redeemed(engine, typed)
    assert opened(engine) == 0
    redeemed(engine, code, address="192.0.2.2")


def test_a_code_opens_one_case_once_and_says_for_whom(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    herself = redeemed(engine, a_code(engine, case, cast.alma))
    power = a_power(engine, case, cast.alma)
    hers = redeemed(engine, a_code(engine, case, cast.alma, representation_id=power.id))
    assert (herself.case_id, herself.speaker.kind) == (case.id, "citizen")
    assert (hers.case_id, hers.speaker.kind) == (case.id, "representative")


def test_the_code_is_kept_nowhere(engine: Engine, cast: Cast) -> None:
    code = a_code(engine, a_case(engine), cast.alma)
    plain = code.replace(" ", "")
    with reading(engine) as session:
        row = session.exec(select(CitizenCode)).one()
        texts = session.exec(select(LogEntry.entry)).all()
    assert row.lookup == lookup_of(plain, PEPPER)
    assert not [text for text in texts if plain in text or row.lookup in text]


def test_a_code_holds_more_than_anybody_can_guess() -> None:
    assert ENTROPY > 75
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("01OIL")


@given(code=st.text(ALPHABET, min_size=SIGNS, max_size=SIGNS), other=st.text(ALPHABET, max_size=SIGNS))
def test_how_a_code_is_written_means_nothing_and_what_it_says_everything(code: str, other: str) -> None:
    assert lookup_of(spaced(code).lower(), KEY) == lookup_of(code, KEY) == lookup_of(f" {code}-", KEY)
    assert (lookup_of(other, KEY) == lookup_of(code, KEY)) == (other == code)
    assert lookup_of(code, KEY) != lookup_of(code, PEPPER)
