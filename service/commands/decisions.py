"""`skoen decisions export`: decided cases as JSON lines for the workshop, without identity."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from sqlmodel import Session, select

from models import areas, record
from models.export_head import Ground, to_json_line
from models.record import DecidedCase
from service import log
from service.clock import local_date, utc_now
from service.commands.opening import opened_for
from service.database import reading, writing
from service.errors import NotFound
from service.files import room_in, settle, whole
from service.log import Event
from service.tables.organisation import Municipality
from service.workflow import export


class Refusals:
    """The cases that are not exported: because of a right, by the right, and how many cannot be read."""

    def __init__(self) -> None:
        self.by_right: dict[str, set[str]] = {}
        self.unread = 0

    def add(self, request: str, right: str) -> None:
        """One case, named as `municipality:request`."""
        self.by_right.setdefault(right, set()).add(request)

    def add_unread(self, request: str) -> None:
        """One case whose facts are erased or cannot be read."""
        self.unread += 1

    def counts(self) -> dict[str, int]:
        """How many by right."""
        return {right: len(requests) for right, requests in sorted(self.by_right.items())}


@click.group("decisions")
def decisions() -> None:
    """Decided cases on their way to the workshop."""


@decisions.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file.")
@click.option("--municipality", help="The four-digit code of one municipality; all when left out.")
@click.option("--area", default="genoptraening", show_default=True, type=click.Choice(areas.names()))
@click.option("--json", "as_json", is_flag=True, help="Say what was written as one JSON document.")
def export_(out: Path, municipality: str | None, area: str, as_json: bool) -> None:
    """Write every decided case to a file of JSON lines; see service/workflow/EXPORT.md.

    The file appears whole or not at all, and only after the export stands in the access log.
    """
    now = utc_now()
    engine, refused = opened_for("decisions.export", now=now), Refusals()
    with room_in(out.parent, "Nothing was written."), whole(out) as file:
        with reading(engine) as session:
            one = _municipality_id(session, municipality)
            grounds = export.grounds(session, local_date(now), one)
        found = export.decisions(
            engine, one, area_name=area, left_out=refused.add_unread, refused=refused.add
        )
        digest = _Digested(file)
        count = _write(digest, area, grounds, found)
        with reading(engine) as session:
            told = export.left_out_of(session, refused.by_right, municipality)
        if told:
            digest.write(told.to_json_line())
        settle(file)
        with writing(engine) as session:
            log.append(
                session, Event.EXPORTED, at=utc_now(), by=None, what="decisions", count=str(count),
                sha256=digest.sha256, municipality=municipality or "all",
            )  # fmt: skip
            session.commit()
    _say(
        {
            "file": str(out),
            "cases": count,
            "left_out": refused.unread,
            "refused": refused.counts(),
            "sha256": digest.sha256,
        },
        as_json,
    )


class _Digested:
    """A file of lines and the SHA-256 of all that was written."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, line: str) -> None:
        """One more line."""
        self._file.write(f"{line}\n")
        self._digest.update(f"{line}\n".encode())

    @property
    def sha256(self) -> str:
        """In hexadecimal, of the lines so far."""
        return self._digest.hexdigest()


def _write(file: _Digested, area_name: str, grounds: Iterable[Ground], cases: Iterable[DecidedCase]) -> int:
    """Write the grounds and the cases; how many cases."""
    area, count = areas.get(area_name), 0
    file.write(to_json_line(grounds))
    for case in cases:
        file.write(record.to_json_line(area, case))
        count += 1
    return count


def _municipality_id(session: Session, code: str | None) -> str | None:
    if code is None:
        return None
    found = session.exec(select(Municipality.id).where(Municipality.code == code)).first()
    if found is None:
        raise NotFound(f"Der er ingen kommune med koden {code}.")
    return found


def _say(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(f"[bold]{said['cases']}[/bold] decided cases written to {said['file']}")
    if said["left_out"]:
        console.print(f"{said['left_out']} left out, because their facts are erased or cannot be read")
    for right, count in dict(said["refused"]).items():
        console.print(f"{count} left out, because the citizen has used a right: {right}")
    console.print(f"sha256 {said['sha256']}", highlight=False)
