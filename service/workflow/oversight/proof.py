"""What proves one entry: its leaf hash made anew, its row and part held against it, and its seal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from service.errors import PartUnreadable
from service.log import merkle
from service.log.canonical import describe
from service.log.parts import commitment, opened, parse
from service.log.proofs import check_rows
from service.log.seals import Seal, SealBroken, ShardSeals
from service.log.verify import read_entry
from service.tables.base import CaseStep
from service.tables.log import STEPS
from service.workflow.oversight.entries import Found

SealsOf = Callable[[str], ShardSeals]
"""Gives the seals of a shard by its name."""

LOST = "the entry is missing"


class Content(StrEnum):
    """How an entry stands to what it proves; what is retired has no text left to prove anything with."""

    FITS = "fits"
    DIFFERS = "differs"
    ERASED = "erased"
    RETIRED = "retired"


@dataclass(frozen=True)
class Difference:
    """A column of a row, what stands there, and what the log proves to have been written."""

    column: str
    stands: str
    proved: str


@dataclass(frozen=True)
class Proof:
    """The state of one entry. `leaf_hash` (hex) is made anew from the entry's bytes, "" when it is gone.

    `findings` are what does not fit, as the verifier says it; `seal` is None while nothing covers the entry,
    and `seal_broken` says that a checkpoint covers it and it is not what was sealed.
    """

    leaf_hash: str
    content: Content
    findings: tuple[str, ...]
    seal: Seal | None
    seal_broken: bool
    differences: tuple[Difference, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that can be checked fits; what is erased can be checked no further."""
        return self.content is not Content.DIFFERS and not self.seal_broken


def prove(session: Session, found: Found, seals: SealsOf, *, erased: bool) -> tuple[Mapping[str, Any], Proof]:
    """The entry's fields (none when it cannot be read) and what proves it; `erased` is said of its case."""
    if found.entry is None:
        return {}, Proof("", Content.DIFFERS, (LOST,), None, False)
    if found.retired:
        seal, broken = _seal(found, found.entry["leaf_hash"], seals)
        return {}, Proof(found.entry["leaf_hash"].hex(), Content.RETIRED, (), seal, broken)
    fields, misfits = read_entry(found.shard, found.seq, found.entry)
    leaf, findings = merkle.leaf_hash(found.text), list(misfits)
    if leaf != found.entry["leaf_hash"]:
        findings.append("the entry does not fit its leaf hash")
    if fields is not None and found.entry["step"] in STEPS:
        where = f"{found.shard} {found.seq}: "
        lines = check_rows(session, found.shard, found.entry["step"], {found.seq: fields})
        findings += [line.removeprefix(where) for line in lines]
    seal, broken = _seal(found, leaf, seals)
    content = Content.DIFFERS if findings else Content.FITS
    if not findings and erased and isinstance(found.row, CaseStep):
        content = Content.ERASED
    differences = _differences(session, found, fields or {}) if findings else ()
    return fields or {}, Proof(leaf.hex(), content, tuple(findings), seal, broken, differences)


def _differences(session: Session, found: Found, fields: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Column by column, where the log still knows what was written."""
    row = found.row
    if row is None:
        return ()
    proved = _proved_by_part(session, row, fields) if isinstance(row, CaseStep) else fields.get("row")
    if not isinstance(proved, Mapping):
        return ()
    stands = describe(row)
    return tuple(
        Difference(name, str(stands.get(name)), str(value))
        for name, value in sorted(proved.items())
        if stands.get(name) != value
    )


def _proved_by_part(session: Session, row: CaseStep, fields: Mapping[str, Any]) -> Any:
    """The row as its part repeats it, when the part is the one that the entry commits to."""
    try:
        salt, content = opened(session, row)
        return parse(content)["row"] if commitment(salt, content) == fields.get("commit") else None
    except PartUnreadable:
        return None


def _seal(found: Found, leaf: bytes, seals: SealsOf) -> tuple[Seal | None, bool]:
    try:
        return seals(found.shard).of(found.seq, leaf), False
    except SealBroken:
        return None, True
