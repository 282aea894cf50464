"""What is not asked for is not stored: a file with more in it is refused, or leaves nothing of it."""

import pytest
from sqlalchemy import text

from models import areas
from models.boundaries import BANNED_FACTS
from models.declaration import Kind
from models.record import columns
from tests.bundles import put
from tests.desk import REFERRAL, Desk
from tests.histories import a_csv, a_row

CANARY = "kanariefugl-7f3a9"
AREA = areas.get("genoptraening")


def everywhere(desk: Desk) -> bytes:
    """Every cell of the database, and every file that an import left."""
    with desk.engine.connect() as connection:
        tables = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        cells = [
            cell if isinstance(cell, bytes) else str(cell).encode()
            for table in tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for cell in row
        ]
    files = [path.read_bytes() for path in desk.var.rglob("*") if path.is_file() and path.suffix != ".db"]
    return b"\n".join([*cells, *files])


@pytest.mark.requirement("G-22")
def test_a_referral_with_more_than_is_asked_for_is_refused_whole(desk: Desk) -> None:
    for name, bad in {
        "a.json": REFERRAL | {"livshistorie": CANARY},
        "b.json": REFERRAL | {"citizen": REFERRAL["citizen"] | {"email": CANARY}},
        "c.json": REFERRAL | {"sections": {"livshistorie": CANARY}},
    }.items():
        assert desk.refuses(put(desk.folder, name, bad))
    assert CANARY.encode() not in everywhere(desk)


@pytest.mark.requirement("G-22")
def test_nothing_of_an_extra_column_of_a_history_is_kept(desk: Desk) -> None:
    (problem,) = desk.refuses(a_csv(desk.folder / "h.csv", [a_row() | {"journalnotat": "x"}]))

    assert "journalnotat" in str(problem)
    desk.refuses(a_csv(desk.folder / "g.csv", [a_row() | {"journalnotat": CANARY}]))
    assert CANARY.encode() not in everywhere(desk)


@pytest.mark.requirement("G-22", "K-04")
def test_no_free_text_and_no_identity_is_among_what_may_be_learned() -> None:
    asked = [question for question in AREA.questions if question.learned]
    assert asked and all(question.codes or question.kind is not Kind.TERM for question in asked)
    assert {question.kind for question in asked} <= set(Kind) - {Kind.TERM}

    held = {word for name in columns(AREA) for word in name.split("_")}
    assert (
        held & {"cpr", "navn", "name", "adresse", "address", "telefon", "phone", "email", "tekst", "text"}
        == set()
    )
    assert [name for name in columns(AREA) if name.startswith(BANNED_FACTS)] == []
