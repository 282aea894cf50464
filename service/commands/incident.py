"""`skoen incident affected`: whom a breach concerns, and a draft of the notification."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from service.clock import COPENHAGEN, local, utc_now
from service.commands.naming import municipality_named, of_municipality
from service.commands.opening import opened_for
from service.database import reading
from service.log.canonical import instant
from service.workflow import staff
from service.workflow.breach import Affected, Window, affected
from service.workflow.breach.draft import draft_report


class DanishInstant(click.ParamType):
    """A time as the clock on the wall shows it: 2026-06-28T13:40, or with an offset of its own."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant in UTC; fails with a sentence for anything that is none."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time. Write it as 2026-06-28T13:40.", param, ctx)
        return (found if found.tzinfo else found.replace(tzinfo=COPENHAGEN)).astimezone(UTC)


@click.group("incident")
def incident() -> None:
    """A breach of data protection: whom it concerns."""


@incident.command("affected")
@of_municipality
@click.option("--from", "since", type=DanishInstant(), required=True, help="When it began.")
@click.option("--to", "until", type=DanishInstant(), required=True, help="When it was over.")
@click.option("--who", help="The user name of one person; everybody when left out.")
@click.option("--found", type=DanishInstant(), help="When it was discovered: 72 hours run from then.")
@click.option("--report", type=click.Path(path_type=Path), help="A new file for the draft.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def affected_(
    municipality: str, since: datetime, until: datetime, who: str | None, found: datetime | None,
    report: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """List the citizens whose cases were looked at in a window, by case number, with what was shown."""
    engine = opened_for(
        "incident.affected", now=utc_now(), since=instant(since), until=instant(until)
    )  # fmt: skip
    with reading(engine) as session:
        place = municipality_named(session, municipality)
        person_id = staff.find_person(session, who).id if who else None
        told = affected(session, place.id, Window(since, until, person_id))
        name = place.name
    if report is not None:
        _write(report, draft_report(told, name, found))
    click.echo(json.dumps(_document(told), indent=2) if as_json else _lines(told))


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already. Choose another name.") from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error


def _document(told: Affected) -> dict[str, Any]:
    return {
        "citizens": [
            {
                "pseudonym": one.citizen_id, "cases": list(one.cases), "looks": one.looks,
                "first": instant(one.first), "last": instant(one.last), "categories": list(one.categories),
            }
            for one in told.citizens
        ],
        "erased_cases": told.erased,
        "exports_of_many": [{"at": instant(at), "what": what} for at, what in told.whole_exports],
        "damaged_entries": told.damaged,
    }  # fmt: skip


def _lines(told: Affected) -> str:
    lines = [
        f"Case {', '.join(map(str, one.cases))}: looked up {_times(one.looks)}, first {_when(one.first)},"
        f" last {_when(one.last)}; {', '.join(one.categories)}."
        for one in told.citizens
    ]
    lines += [f"Export of many cases at {_when(at)}: {what}." for at, what in told.whole_exports]
    if told.damaged:
        lines.append(f"{told.damaged} entries were altered; the list may lack somebody.")
    return "\n".join([*lines, f"{len(told.citizens)} citizens, and {told.erased} cases that are erased."])


def _when(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
