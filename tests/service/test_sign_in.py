"""Signing in: throttled for all workers alike, equally slow for everybody, and in the access log."""

import json
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from service import passwords, throttle
from service.database import reading, writing
from service.errors import NoMembership, Refused, SignInRefused, TooManyAttempts
from service.passwords import NOBODYS, hash_password, is_password
from service.sign_in import sign_in, sign_out
from service.tables.organisation import Credential
from service.throttle import PER_ACCOUNT, PER_ADDRESS, WINDOW
from tests.cast import LONG_AGO, NOW, Cast

PASSWORD = "skoen-demo"
HASH = hash_password(PASSWORD)
ADDRESS = "192.0.2.1"


@pytest.fixture
def alma(engine: Engine, cast: Cast) -> Cast:
    """The cast, with a password for Alma."""
    with writing(engine) as session:
        session.add(Credential(person_id=cast.alma.person_id, password_hash=HASH, created_at=LONG_AGO))
        session.commit()
    return cast


def events(engine: Engine) -> list[dict[str, str]]:
    with reading(engine) as session:
        query = text("SELECT entry FROM log_entries WHERE shard LIKE 'access/%' ORDER BY seq")
        return [json.loads(entry) for entry in session.connection().execute(query).scalars()]


def attempts(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.connection().execute(text("SELECT count(*) FROM sign_in_attempts")).scalar_one())


@pytest.mark.parametrize(
    ("username", "password"),
    [("alma", "forkert-kode"), ("nobody", PASSWORD), ("alma", ""), ("", ""), ("bent", "")],
)
def test_a_wrong_name_or_password_is_refused_alike(
    engine: Engine, alma: Cast, username: str, password: str
) -> None:
    with pytest.raises(SignInRefused) as refusal:
        sign_in(engine, username, password, address=ADDRESS, now=NOW)

    assert str(refusal.value) == SignInRefused.sentence
    (entry,) = events(engine)
    assert (entry["type"], entry["why"]) == ("person:sign_in_failed", "password")
    known = {"person"} if username == "alma" else set()  # nobody else has a password here
    assert entry.keys() == {"v", "log", "seq", "id", "t", "type", "law", "why"} | known


def test_alma_signs_in_and_out(engine: Engine, alma: Cast) -> None:
    actor = sign_in(engine, " Alma", PASSWORD, address=ADDRESS, now=NOW)
    sign_out(engine, actor, now=NOW)

    assert actor == alma.alma
    assert [entry["type"] for entry in events(engine)] == ["person:signed_in", "person:signed_out"]
    assert {entry["actor"] for entry in events(engine)} == {alma.alma.person_id}
    assert attempts(engine) == 0


def test_somebody_without_a_unit_is_told_so(engine: Engine, alma: Cast) -> None:
    with pytest.raises(NoMembership):
        sign_in(engine, "alma", PASSWORD, address=ADDRESS, now=LONG_AGO - timedelta(days=2))

    (entry,) = events(engine)
    assert (entry["why"], entry["person"]) == ("no_membership", alma.alma.person_id)


def test_the_newest_password_counts(engine: Engine, alma: Cast) -> None:
    with writing(engine) as session:
        newer = hash_password("en-ny-adgangskode")
        session.add(Credential(person_id=alma.alma.person_id, password_hash=newer, created_at=NOW))
        session.commit()

    with pytest.raises(SignInRefused):
        sign_in(engine, "alma", PASSWORD, address=ADDRESS, now=NOW)
    assert sign_in(engine, "alma", "en-ny-adgangskode", address=ADDRESS, now=NOW) == alma.alma


def admitted(engine: Engine, tries: int, username: str, address: str, start: timedelta = timedelta(0)) -> int:
    """How many of many tries in a row would be evaluated."""
    count = 0
    with writing(engine) as session:
        for number in range(tries):
            try:
                throttle.admit(session, username, address.format(number), NOW + start)
            except TooManyAttempts as refusal:
                assert 1 <= refusal.retry_after <= WINDOW.total_seconds()
                continue
            count += 1
        session.commit()
    return count


def test_a_thousand_tries_at_an_account_evaluate_ten(any_engine: Engine) -> None:
    assert admitted(any_engine, 1000, "alma", "192.0.2.{}") == PER_ACCOUNT == 10


def test_one_address_cannot_try_everybody(any_engine: Engine) -> None:
    evaluated = sum(admitted(any_engine, 1, f"user{number}", ADDRESS) for number in range(PER_ADDRESS + 20))

    assert evaluated == PER_ADDRESS


def test_the_throttle_opens_again_after_a_quarter_of_an_hour(engine: Engine) -> None:
    admitted(engine, 20, "alma", ADDRESS)

    assert admitted(engine, 1, "alma", ADDRESS, WINDOW - timedelta(seconds=1)) == 0
    assert admitted(engine, 1, "alma", ADDRESS, WINDOW) == 1


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_a_clock_set_back_locks_nobody_out_for_long(engine: Engine, back: timedelta) -> None:
    admitted(engine, 20, "alma", ADDRESS)

    assert admitted(engine, 1, "alma", ADDRESS, -back) == 1


def test_a_throttled_password_is_not_evaluated_even_when_it_is_right(engine: Engine, alma: Cast) -> None:
    admitted(engine, 10, "alma", ADDRESS)
    before = time.perf_counter()

    with pytest.raises(TooManyAttempts) as refusal:
        sign_in(engine, "alma", PASSWORD, address="198.51.100.7", now=NOW)

    assert time.perf_counter() - before < 0.1
    assert refusal.value.status == 429
    assert events(engine) == []


def test_what_was_typed_as_a_name_is_not_kept(engine: Engine) -> None:
    admitted(engine, 1, "min hemmelige adgangskode", ADDRESS)

    with reading(engine) as session:
        stored = str(session.connection().execute(text("SELECT * FROM sign_in_attempts")).all())
    assert "hemmelige" not in stored


def test_an_unknown_name_takes_as_long_as_a_wrong_password(engine: Engine, alma: Cast) -> None:
    def seconds(password_hash: str) -> float:
        before = time.process_time()
        assert not is_password(password_hash, "forkert-kode")
        return time.process_time() - before

    known = statistics.median(seconds(HASH) for _ in range(5))
    unknown = statistics.median(seconds(NOBODYS) for _ in range(5))

    assert 0.5 < known / unknown < 2
    assert not passwords.HASHER.check_needs_rehash(NOBODYS)


def test_a_password_is_the_same_however_its_letters_are_put_together() -> None:
    assert is_password(hash_password("rødgrød å\u030a"), "rødgrød åå".replace("åå", "å\u030a"))
    assert is_password(hash_password("adgangskode \u00e5"), "adgangskode a\u030a")


@pytest.mark.parametrize("password", ["", "x" * 9, "x" * 257])
def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refusal:
        hash_password(password)

    assert refusal.value.field == "password"


def test_two_hashes_of_one_password_differ_and_are_argon2id() -> None:
    other = hash_password(PASSWORD)

    assert other != HASH
    assert other.startswith("$argon2id$")
    assert PASSWORD not in other
