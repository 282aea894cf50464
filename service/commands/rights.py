"""`skoen rights …`: citizens' requests by deadline, one of them, its answer, and the extract it asks for."""

import json
from datetime import date
from pathlib import Path

import click

from service.clock import local_date, utc_now
from service.commands.naming import municipality_named
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.errors import Refused
from service.rights_extract import count_of, zip_of
from service.tables.intake import Case
from service.workflow import rights
from service.workflow.rights.access import document_of, record
from service.workflow.rights.kinds import GROUNDS
from service.workflow.rights.standing import Standing, open_requests

named = click.argument("request_id", metavar="ID")


@click.group("rights")
def rights_() -> None:
    """Citizens' rights: access, rectification, restriction, objection, and what they choose themselves."""


@rights_.command("list")
@click.option("--municipality", metavar="CODE", help="The four-digit code of one municipality.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@click.pass_context
def list_(context: click.Context, municipality: str | None, as_json: bool) -> None:
    """The requests that wait for an answer, by deadline."""
    now = utc_now()
    engine = opened_for("rights.list", now=now)
    context.call_on_close(engine.dispose)
    with reading(engine) as session:
        place = municipality_named(session, municipality).id if municipality else None
        found = open_requests(session, municipality_id=place)
    told = [_told(standing, case, local_date(now)) for standing, case in found]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in told:
        late = " OVERDUE" if each["overdue"] else ""
        click.echo(f"{each['due_on']}{late}  {each['kind']:15}case {each['case']}  {each['id']}")
    click.echo(f"{len(told)} waiting for an answer.")


@rights_.command("show")
@named
@click.pass_context
def show(context: click.Context, request_id: str) -> None:
    """One request and its steps; what was said stays sealed, and is read on its page."""
    now = utc_now()
    engine = opened_for("rights.show", now=now)
    context.call_on_close(engine.dispose)
    with reading(engine) as session:
        standing = rights.find(session, request_id, None)
        case = session.get_one(Case, standing.request.case_id)
    for name, value in _told(standing, case, local_date(now)).items():
        click.echo(f"{name:14}{value}")
    for step in standing.steps:
        about = " ".join(str(each) for each in (step.ground, step.due_on) if each)
        click.echo(f"  {step.at:%Y-%m-%d} {step.kind} {about}".rstrip())


@rights_.command("answer")
@named
@click.option("--outcome", type=click.Choice(rights.ANSWERS), required=True)
@click.option("--ground", type=click.Choice(sorted(GROUNDS)), help="For a refusal, whole or in part.")
@click.option("--words", required=True, help="What the citizen is told, in Danish; sealed with the case.")
@click.pass_context
def answer(context: click.Context, request_id: str, outcome: str, ground: str | None, words: str) -> None:
    """Answer a request. A refusal gets its provision and how to complain added to it."""
    now = utc_now()
    engine = opened_for("rights.answer", now=now)
    context.call_on_close(engine.dispose)
    with writing(engine) as session:
        rights.answer(session, request_id, outcome=outcome, words=words, ground=ground, now=now, by=None)
    click.echo(f"Answered: {outcome}. The citizen must be told now; the words stand on the request's page.")


@rights_.command("export")
@named
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip file.")
@click.pass_context
def export(context: click.Context, request_id: str, out: Path) -> None:
    """Write the extract that a request for access asks for: a page to read, and the same as JSON."""
    settings, now = Settings.from_environment(), utc_now()
    engine = opened_for("rights.export", now=now, settings=settings)
    context.call_on_close(engine.dispose)
    with reading(engine) as session:
        request = rights.find(session, request_id, None).request
        if request.kind != "access":
            raise Refused("Kun en anmodning om indsigt besvares med et udtræk.")
        case = session.get_one(Case, request.case_id)
        today = local_date(now)
        document = document_of(session, case.citizen_id, settings.contacts, now=now, today=today)
    made = zip_of(document)
    with writing(engine) as session:
        record(session, case.id, made, now=now, by=None)
        beside = out.with_name(f".{out.name}.part")
        try:
            beside.write_bytes(made)
            session.commit()
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    click.echo(f"{count_of(document)} steps of {len(document['cases'])} cases written to {out}")


def _told(standing: Standing, case: Case, today: date) -> dict[str, object]:
    request = standing.request
    return {
        "id": request.id,
        "kind": request.kind,
        "case": case.serial,
        "received_on": request.received_on.isoformat(),
        "due_on": standing.due_on.isoformat(),
        "overdue": standing.is_open and standing.due_on < today,
        "in_force": standing.is_in_force,
        "channel": request.channel,
        "speaker": request.speaker,
    }
