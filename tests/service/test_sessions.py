"""A session lives as long as it is used, at most eight hours, and ends at once when it is revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from service import sessions
from service.database import reading, writing
from service.sessions import ABSOLUTE, IDLE, SignedIn
from tests.cast import NOW, Cast

MOMENT = timedelta(seconds=1)


def start(engine: Engine, cast: Cast, **content: str) -> str:
    """A session of Alma's."""
    with writing(engine) as session:
        token = sessions.create(session, now=NOW, content=content, person_id=cast.alma.person_id)
        session.commit()
    return token


def live(engine: Engine, token: str, after: timedelta = timedelta(0)) -> SignedIn | None:
    """What the token is worth after a while."""
    with reading(engine) as session:
        return sessions.read(session, token, now=NOW + after)


def test_a_token_nobody_gave_out_is_worth_nothing(engine: Engine, cast: Cast) -> None:
    start(engine, cast)

    for token in ("", "x", "a" * 43):
        assert live(engine, token) is None


def test_a_session_ends_half_an_hour_after_its_last_use(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        token = sessions.create(session, now=NOW, content={"csrf": "x"})
        session.commit()

    found = live(any_engine, token, IDLE)
    assert found is not None
    assert found.content == {"csrf": "x"}
    assert live(any_engine, token, IDLE + MOMENT) is None

    with writing(any_engine) as session:
        sessions.touch(session, token, now=NOW + IDLE)
        session.commit()
    assert live(any_engine, token, IDLE + MOMENT) is not None


def test_a_session_ends_after_eight_hours_however_much_it_is_used(engine: Engine, cast: Cast) -> None:
    token = start(engine, cast)
    with writing(engine) as session:
        sessions.touch(session, token, now=NOW + ABSOLUTE)
        session.commit()

    assert live(engine, token, ABSOLUTE) is not None
    assert live(engine, token, ABSOLUTE + MOMENT) is None


def test_a_planted_token_is_worth_nothing_after_sign_in(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        planted = sessions.create(session, now=NOW, content={"attacker": "knows it"})
        token = sessions.rotate(session, planted, now=NOW, content={}, person_id=cast.alma.person_id)
        session.commit()

    assert live(engine, planted) is None
    found = live(engine, token)
    assert found is not None
    assert (found.person_id, found.content) == (cast.alma.person_id, {})


def test_a_copied_token_is_worth_nothing_after_sign_out(engine: Engine, cast: Cast) -> None:
    token, other = start(engine, cast), start(engine, cast)
    with writing(engine) as session:
        sessions.revoke(session, token)
        session.commit()

    assert live(engine, token) is None
    assert live(engine, other) is not None


def test_every_session_of_a_person_can_be_ended(engine: Engine, cast: Cast) -> None:
    tokens = [start(engine, cast) for _ in range(3)]
    with writing(engine) as session:
        bents = sessions.create(session, now=NOW, content={}, person_id=cast.bent.person_id)
        sessions.revoke_all(session, cast.alma.person_id)
        session.commit()

    assert [live(engine, token) for token in tokens] == [None] * 3
    assert live(engine, bents) is not None


def test_an_ended_session_cannot_be_saved_back_to_life(engine: Engine, cast: Cast) -> None:
    token = start(engine, cast)
    with writing(engine) as session:
        assert not sessions.save(session, token, now=NOW + IDLE + MOMENT, content={"x": "y"})
        assert sessions.save(session, token, now=NOW + MOMENT, content={"x": "y"})
        session.commit()

    found = live(engine, token)
    assert found is not None
    assert found.content == {"x": "y"}


def test_use_is_noted_once_a_minute(engine: Engine, cast: Cast) -> None:
    token = start(engine, cast)

    for seconds, needs in ((59, False), (60, True)):
        found = live(engine, token, timedelta(seconds=seconds))
        assert found is not None
        assert found.needs_touch == needs


@pytest.mark.parametrize("count", [20])
def test_tokens_are_long_all_different_and_not_stored(engine: Engine, cast: Cast, count: int) -> None:
    tokens = {start(engine, cast) for _ in range(count)}

    assert len(tokens) == count
    assert {len(token) for token in tokens} == {43}  # 256 bits
    with reading(engine) as session:
        stored = str(session.connection().execute(text("SELECT * FROM web_sessions")).all())
    assert not any(token in stored for token in tokens)


def test_ended_sessions_are_forgotten(engine: Engine, cast: Cast) -> None:
    start(engine, cast)
    with writing(engine) as session:
        sessions.forget_ended(session, now=NOW + IDLE + MOMENT)
        session.commit()

    with reading(engine) as session:
        assert session.connection().execute(text("SELECT count(*) FROM web_sessions")).scalar_one() == 0


def test_after_the_clock_was_set_back_a_session_lives_on_and_ends_half_an_hour_after_its_last_use(
    engine: Engine, cast: Cast
) -> None:
    token, back = start(engine, cast), timedelta(days=1)
    found = live(engine, token, -back)
    assert found is not None
    assert found.needs_touch

    with writing(engine) as session:
        sessions.touch(session, token, now=NOW - back)
        session.commit()
    assert live(engine, token, IDLE - back) is not None
    assert live(engine, token, IDLE + MOMENT - back) is None
