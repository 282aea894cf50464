"""Erase citizens altogether: every case, every delivery report, and the key that opens what is sealed.

The order is what makes it safe to be broken off anywhere: first a line in the erasure ledger, then one
transaction for all rows, then the keys, then the freed pages. Whatever the ledger names and is still there
is finished by the next run, and by a restore that brought it back (`replay`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from service.cpr import holds_cpr
from service.database import reading, writing
from service.errors import LogUnavailable, NotFound, SkoenError
from service.log import erasure_ledger
from service.log.append import ENTRIES
from service.log.erasure_ledger import Held, Ledger, Line, erased_line, key_of, swept_line
from service.log.vault import vault_of
from service.tables.oversight import Erasure
from service.workflow.citizens import Holding, holding, known_ids, names_somebody, words_about
from service.workflow.erasure import grounds as grounds
from service.workflow.erasure.freed_pages import TOUCHED, NotSwept, sweep
from service.workflow.erasure.rows import Order, erase_rows

REQUEST, RETENTION, REPLAY = "request", "retention", "replay"
FINISHED = "Gjort færdig efter en afbrydelse: Sletningen står i sletteregistret."
REPLAYED = "Slettet igen efter en gendannelse: Sletningen står i sletteregistret."
LONGEST_REASON = 500
UNDER_WAY = (
    "The log could not be written. The ledger names the citizen already, nothing is destroyed yet, and the"
    " next run erases: skoen citizen finish"
)


class ErasureRefused(SkoenError):
    """Nothing was erased; the sentence says why."""

    status = 422


@dataclass(frozen=True)
class Erased:
    """What was done: rows by kind (and "citizens"), keys destroyed, and why freed pages were not cleared."""

    counts: Mapping[str, int] = field(default_factory=dict)
    keys: int = 0
    not_swept: str = ""


def erase(
    engine: Engine, ledger: Path, citizen_ids: Iterable[str], order: Order, *, now: datetime,
    even_open: bool = False, sweeps: bool = True,
) -> Erased:  # fmt: skip
    """Erase citizens for good; what an earlier run left unfinished is finished first.

    Raises ErasureRefused, NotFound for an unknown citizen, and LedgerUnfit or LogUnavailable when ledger,
    log or keystore cannot be written: then nothing is destroyed. Without `sweeps` the caller sees to the
    freed pages, at the latest by `resume`.
    """
    wanted = sorted(set(citizen_ids))
    with erasure_ledger.alone(ledger) as held:
        _finish(engine, held, now=now, operator=order.operator, reason=FINISHED)
        with writing(engine) as session:  # a rehearsal: what cannot be written is found out here
            _erase(session, wanted, order, held, now, even_open)
            session.rollback()
        _require_keystore(engine)
        counts = _for_good(engine, wanted, order, held, now, even_open)
        keys = _destroy_keys(engine, wanted)
        return Erased(counts, keys, _sweep(engine, held, now) if sweeps else "")


def refuse(session: Session, held: Holding, order: Order, *, even_open: bool = False) -> None:
    """Raise what `erase` raises when a citizen must not be erased, or not for this reason."""
    grounds.require(order.ground, grounds.ERASURES)
    refuse_reason(session, held.citizen_id, order.reason)
    if not held.subjects and held.citizen_id not in known_ids(session):
        raise NotFound("There is no such citizen here.")
    if held.open_serials and not even_open:
        serials = ", ".join(map(str, held.open_serials))
        raise ErasureRefused(
            f"Still open: case {serials}. Somebody is waiting for it, and erased it would vanish unhandled."
            " End it first, or say --even-open when it should never have been here."
        )


def refuse_reason(session: Session, citizen_id: str, reason: str) -> None:
    """Raise ErasureRefused for a reason that says nothing, or that names the citizen."""
    if not reason.strip():
        raise ErasureRefused("A reason is missing.")
    if len(reason) > LONGEST_REASON:
        raise ErasureRefused(f"The reason may have {LONGEST_REASON} characters.")
    if holds_cpr(reason):
        raise ErasureRefused("The reason holds what looks like a CPR number. It would stand in the log.")
    if names_somebody(reason, words_about(session, citizen_id)):
        raise ErasureRefused("The reason names the citizen. It would stand in the log: say it without.")


def unfinished(engine: Engine, ledger: Path) -> int:
    """How many citizens the ledger names of whom something is left; 1 when only freed pages need clearing.

    Raises LedgerUnfit when the ledger is damaged.
    """
    read = erasure_ledger.read(ledger)
    return len(_left(engine, read)) or int(not read.is_swept)


def gaps(engine: Engine, ledger: Path) -> int:
    """How many logged erasures name a line that the ledger does not have: somebody took lines out of it."""
    known = set(erasure_ledger.read(ledger).hashes)
    places = select(Erasure.shard, Erasure.log_seq)  # type: ignore[call-overload]
    with reading(engine) as session:
        texts = [
            session.execute(
                select(ENTRIES.c.entry).where(ENTRIES.c.shard == shard, ENTRIES.c.seq == seq)
            ).scalar_one()
            for shard, seq in session.execute(places).all()
        ]
    named = [erasure_ledger.named_in(text) for text in texts]
    return sum(each is not None and each not in known for each in named)


def resume(engine: Engine, ledger: Path, *, now: datetime, operator: str) -> Erased:
    """Finish what was broken off; a second time does nothing."""
    with erasure_ledger.alone(ledger) as held:
        return _finish(engine, held, now=now, operator=operator, reason=FINISHED)


def replay(engine: Engine, ledger: Path, *, now: datetime, operator: str) -> Erased:
    """Erase again whomever a restored backup, of the database or of the keystore, brought back."""
    with erasure_ledger.alone(ledger) as held:
        return _finish(engine, held, now=now, operator=operator, reason=REPLAYED, occasion=REPLAY)


def _for_good(
    engine: Engine, citizens: list[str], order: Order, held: Held, now: datetime, even_open: bool
) -> Counter[str]:
    """The ledger's lines and the rows, alone with the database: no plan arrives between look and end."""
    lines = [erased_line(each, at=now, ground=order.ground, occasion=order.occasion) for each in citizens]
    before = held.ledger.head
    try:
        with writing(engine) as session:
            counts = _erase(session, citizens, order, held, now, even_open, lines)
            session.commit()
    except LogUnavailable as error:
        if held.ledger.head == before:
            raise
        raise LogUnavailable(UNDER_WAY) from error
    return counts


def _erase(
    session: Session, citizens: list[str], order: Order, held: Held, now: datetime, even_open: bool,
    lines: Iterable[Line] = (),
) -> Counter[str]:  # fmt: skip
    """Refuse what is to be refused, write the ledger's lines, then blank the rows; no commit."""
    holdings = [holding(session, each) for each in citizens]
    for each in holdings:
        refuse(session, each, order, even_open=even_open)
    held.add(lines)
    return erase_rows(session, holdings, order, ledger=held.ledger.head, now=now)


def _finish(
    engine: Engine, held: Held, *, now: datetime, operator: str, reason: str, occasion: str | None = None
) -> Erased:
    left = _left(engine, held.ledger)
    if not left and held.ledger.is_swept:
        return Erased()
    counts: Counter[str] = Counter()
    for citizen_id, line in left.items():
        order = Order(line.ground, reason, occasion or line.occasion, operator)
        with writing(engine) as session:
            rows = [holding(session, citizen_id)]
            counts += erase_rows(session, rows, order, ledger=held.ledger.head, now=now)
            session.commit()
    return Erased(counts, _destroy_keys(engine, left), _sweep(engine, held, now))


def _left(engine: Engine, ledger: Ledger) -> dict[str, Line]:
    """The citizens of whom a row or a key is left, each with the newest line about them."""
    erased = ledger.erased
    if not erased:
        return {}
    with reading(engine) as session:
        ids = known_ids(session)
    ids.update(vault_of(engine).keystore.ids())
    return {each: erased[key_of(each)] for each in sorted(ids) if key_of(each) in erased}


def _destroy_keys(engine: Engine, citizens: Iterable[str]) -> int:
    try:
        return vault_of(engine).keystore.remove(citizens)
    except DBAPIError as error:
        raise LogUnavailable(
            "The rows are blanked, but the keystore could not be written. Run it again: it goes on from here."
        ) from error


def _require_keystore(engine: Engine) -> None:
    """Raise LogUnavailable while the keystore takes no changes: better now than in the middle."""
    try:
        with vault_of(engine).keystore.engine.begin():
            return
    except DBAPIError as error:
        raise LogUnavailable("The keystore cannot be written, so nothing was destroyed.") from error


def _sweep(engine: Engine, held: Held, now: datetime) -> str:
    """Clear freed pages and note it; gives why not, when something is in the way."""
    try:
        sweep(engine, TOUCHED)
        sweep(vault_of(engine).keystore.engine, ["keys"])
    except NotSwept as obstacle:
        return obstacle.sentence
    held.add([swept_line(now)])
    return ""
