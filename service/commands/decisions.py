"""`skoen decisions export`: decided cases as JSON lines for the workshop, without identity."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from sqlmodel import Session, select

from models import areas, record
from models.export_head import Ground, to_json_line
from models.left_out import LeftOut
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
    """The cases that are not exported because of a right, by the right."""

    def __init__(self) -> None:
        self.by_right: dict[str, set[str]] = {}

    def add(self, request: str, right: str) -> None:
        """One case, named as `municipality:request`."""
        self.by_right.setdefault(right, set()).add(request)

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
    engine, left_out, refused = opened_for("decisions.export", now=now), list[str](), Refusals()
    with room_in(out.parent, "Nothing was written."), whole(out) as file:
        with reading(engine) as session:
            one = _municipality_id(session, municipality)
            grounds = export.grounds(session, local_date(now), one)
            found = export.decisions(
                session, one, area_name=area, left_out=left_out.append, refused=refused.add
            )
            count, digest = _write(
                file,
                area,
                grounds,
                found,
                lambda: export.left_out_of(session, refused.by_right, municipality),
            )
        settle(file)
        with writing(engine) as session:
            log.append(
                session, Event.EXPORTED, at=utc_now(), by=None, what="decisions", count=str(count),
                sha256=digest, municipality=municipality or "all",
            )  # fmt: skip
            session.commit()
    _say(
        {
            "file": str(out),
            "cases": count,
            "left_out": len(left_out),
            "refused": refused.counts(),
            "sha256": digest,
        },
        as_json,
    )


def _write(
    file: TextIO, area_name: str, grounds: Iterable[Ground], cases: Iterable[DecidedCase],
    left_out: Callable[[], LeftOut],
) -> tuple[int, str]:  # fmt: skip
    """Write grounds, cases, and last whose are not there; how many cases, and the SHA-256 of it all."""
    area, count, digest = areas.get(area_name), 0, hashlib.sha256()

    def write(line: str) -> None:
        file.write(f"{line}\n")
        digest.update(f"{line}\n".encode())

    write(to_json_line(grounds))
    for case in cases:
        write(record.to_json_line(area, case))
        count += 1
    if told := left_out():
        write(told.to_json_line())
    return count, digest.hexdigest()


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
