"""A new epoch begins with the declaration of what ended, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.log import Event
from service.log.checkpoint import Checkpoint
from service.log.epochs import Declaration, Ended, EpochRefused, begin
from service.tables.oversight import Epoch
from tests.parts.steps import LATER, SHARD, one_of_everything
from tests.rows import rows

WHY = Declaration("En disk gik i stykker.", "Ada Friis", "Tove Dam", "uid:0")
ROOT = "ab" * 32


def ended(shard: str, size: int = 20, signed: int | None = 30) -> Ended:
    """A shard that ended, with its last checkpoint."""
    checkpoint = None if signed is None else Checkpoint(f"skoen.test/{shard}", signed, bytes.fromhex(ROOT))
    return Ended(shard, size, ROOT, checkpoint, proven=True)


@pytest.mark.parametrize(
    ("shard", "ends"),
    [
        (f"{SHARD}/2", []),
        (f"{SHARD}/2", [ended("decisions/2025")]),
        (f"{SHARD}/3", [ended(SHARD)]),
        (SHARD, [ended(SHARD)]),
        (f"{SHARD}/3", [ended(SHARD), ended(f"{SHARD}/2")]),
        (f"{SHARD}/2", [ended(SHARD), ended(SHARD)]),
    ],
    ids=["of nothing", "of another year", "one too far", "of itself", "older first", "twice"],
)
def test_an_epoch_that_is_not_the_next_is_refused(engine: Engine, shard: str, ends: list[Ended]) -> None:
    one_of_everything(engine)
    before = rows(engine)

    with writing(engine) as session, pytest.raises(EpochRefused):
        begin(session, shard, ends, WHY, origin="skoen.test", at=LATER)

    assert rows(engine) == before


def test_an_epoch_begins_once(engine: Engine) -> None:
    one_of_everything(engine)
    with writing(engine) as session:
        begin(session, f"{SHARD}/2", [ended(SHARD)], WHY, origin="skoen.test", at=LATER)
        session.commit()
    before = rows(engine)

    for shard, end in ((f"{SHARD}/2", SHARD), (f"{SHARD}/2", SHARD)):
        with writing(engine) as session, pytest.raises(EpochRefused, match="has begun already"):
            begin(session, shard, [ended(end)], WHY, origin="skoen.test", at=LATER)

    assert rows(engine) == before


def test_from_then_on_everything_goes_into_the_new_epoch(any_engine: Engine) -> None:
    cast, _ = one_of_everything(any_engine)
    with writing(any_engine) as session:
        begin(session, f"{SHARD}/2", [ended(SHARD)], WHY, origin="skoen.test", at=LATER)
        begin(session, "access/2026Q2/3", [ended("access/2026Q2/2", 0, None), ended("access/2026Q2", 0)], WHY,
              origin="skoen.test", at=LATER)  # fmt: skip
        receipt = log.append(session, Event.PASSWORD_SET, at=LATER, by=cast.ada)
        signed_in = log.append(session, Event.SIGNED_IN, at=LATER, by=cast.ada)
        session.commit()

    assert (receipt.shard, receipt.seq) == (f"{SHARD}/2", 1)
    assert (signed_in.shard, signed_in.seq) == ("access/2026Q2/3", 2)
    assert log.verify(any_engine).problems == []
    with reading(any_engine) as session:
        found = session.exec(select(Epoch).where(Epoch.number == 3).order_by(Epoch.log_seq)).all()
        sizes = [(each.old_shard, each.checkpoint_size, each.restored_size) for each in found]
        entry = session.execute(text("SELECT entry FROM log_entries WHERE shard = :s"), {"s": f"{SHARD}/2"})
        first = entry.scalars().first()
    assert sizes == [("access/2026Q2/2", None, 0), ("access/2026Q2", 30, 0)]
    assert f'"old_origin":"skoen.test/{SHARD}"' in first and '"proven":true' in first


blanks = st.text(" \t\n", max_size=3)


@given(st.sampled_from(["Ada", "Ada Friis", "Åse Ærø"]), blanks, blanks, st.booleans())
def test_one_person_is_not_two(name: str, before: str, after: str, louder: bool) -> None:
    other = before + (name.upper() if louder else name).replace(" ", f" {before}") + after

    with pytest.raises(EpochRefused, match="two different people"):
        Declaration("x", name, other, "uid:0")
