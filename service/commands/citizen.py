"""`skoen citizen …`: erase a citizen for good, refuse to, and the grounds for either."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from sqlalchemy import Engine

from service import identity
from service.clock import utc_now
from service.commands.naming import municipality_meant
from service.commands.opening import opened_for, operator
from service.config import Settings
from service.cpr import parse
from service.database import reading, writing
from service.errors import NotFound
from service.keys import read_keys
from service.log.erasure_ledger import ledger_file
from service.workflow import citizens, erasure
from service.workflow.erasure import Erased
from service.workflow.erasure import grounds as grounds
from service.workflow.erasure.refusal import refuse_erasure
from service.workflow.erasure.rows import Order

FOLDERS = ("history", "rejects")
"""Below SKOEN_VAR: files that came in beside the casework, and may name a request."""

of_case = click.option("--case", "serial", type=int, help="A case's number. Without it a CPR is asked for.")
in_municipality = click.option(
    "--municipality", metavar="CODE", help="Where the CPR is looked for, when there are several."
)
on_ground = click.option("--ground", required=True, help="A code; see: skoen citizen grounds")


@click.group("citizen")
def citizen() -> None:
    """What is held about a citizen, and its end."""


@citizen.command("erase")
@of_case
@in_municipality
@on_ground
@click.option("--reason", required=True, help="Why, in a few words. It stands in the log: no name in it.")
@click.option("--even-open", is_flag=True, help="Also when a case waits for somebody.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def erase(
    context: click.Context, serial: int | None, municipality: str | None, ground: str, reason: str,
    even_open: bool, yes: bool,
) -> None:  # fmt: skip
    """Erase a citizen for good: every case, every delivery report, and the key that opens them."""
    settings, now = Settings.from_environment(), utc_now()
    engine, ledger = opened_for("citizen.erase", now=now, settings=settings), ledger_file(settings)
    context.call_on_close(engine.dispose)
    order = Order(ground, reason, erasure.REQUEST, operator())
    _tell(
        "Finished, what was broken off before", erasure.resume(engine, ledger, now=now, operator=operator())
    )
    citizen_id = _citizen(engine, settings, serial, municipality)
    with reading(engine) as session:
        held = citizens.holding(session, citizen_id)
        erasure.refuse(session, held, order, even_open=even_open)
        requests = citizens.requests_of(session, held)
    click.echo(f"This will be gone: {_counted(held.counts or {})}, and the citizen's key.")
    for file in _files_naming(settings.var, requests):
        click.echo(f"Not reached: {file} names a request of the citizen's. Take the row out of it.")
    if not yes:
        click.confirm("It cannot be undone. Erase the citizen?", abort=True)
    done = erasure.erase(engine, ledger, [citizen_id], order, now=now, even_open=even_open)
    _tell("Erased", done)
    click.echo(
        "Older backups of the keystore still hold the key, for at most 30 days; a restore erases again."
        " Exports and printed records made before are not reached."
    )
    context.exit(1 if done.not_swept else 0)


@citizen.command("refuse")
@of_case
@in_municipality
@on_ground
@click.option("--reason", required=True, help="Why. The words are sealed with the case.")
@click.pass_context
def refuse(
    context: click.Context, serial: int | None, municipality: str | None, ground: str, reason: str
) -> None:
    """Record in each of a citizen's cases that an erasure was asked for and refused."""
    settings, now = Settings.from_environment(), utc_now()
    engine = opened_for("citizen.refuse", now=now, settings=settings)
    context.call_on_close(engine.dispose)
    citizen_id = _citizen(engine, settings, serial, municipality)
    with writing(engine) as session:
        rows = refuse_erasure(session, citizen_id, ground=ground, reason=reason, operator=operator(), now=now)
    click.echo(f"The refusal stands in {_counted({'cases': len(rows)})}.")
    click.echo(
        "The citizen is told why within a month of asking, and that one can complain to Datatilsynet"
        " (GDPR art. 12(3) and (4))."
    )


@citizen.command("finish")
@click.pass_context
def finish(context: click.Context) -> None:
    """Finish erasures that were broken off, and clear freed pages that could not be cleared then."""
    settings, now = Settings.from_environment(), utc_now()
    engine, ledger = opened_for("citizen.finish", now=now, settings=settings), ledger_file(settings)
    context.call_on_close(engine.dispose)
    if not erasure.unfinished(engine, ledger):
        click.echo("No erasure is unfinished.")
        return
    done = erasure.resume(engine, ledger, now=now, operator=operator())
    _tell("Finished", done)
    if done.not_swept:
        context.exit(1)
    click.echo("No erasure is unfinished any more.")


@citizen.command("grounds")
def list_grounds() -> None:
    """The codes for erasing and for refusing to, with the provision each rests on."""
    opened_for("citizen.grounds", now=utc_now()).dispose()
    for heading, listed in (("To erase", grounds.ERASURES), ("To refuse", grounds.REFUSALS)):
        click.echo(f"{heading}:")
        for each in listed:
            click.echo(f"  {each.code:18}{each.provision}\n{'':20}{each.fits}")


def _citizen(engine: Engine, settings: Settings, serial: int | None, municipality: str | None) -> str:
    """The citizen's random id. The CPR number is asked for unseen, for arguments stand in shell histories."""
    with reading(engine) as session:
        if serial is not None:
            return citizens.of_case(session, serial).citizen_id
        place = municipality_meant(session, municipality)
    cpr = parse(click.prompt("CPR number", hide_input=True))
    with reading(engine) as session:
        found = identity.find_citizen(session, place.id, cpr, read_keys(settings).pepper)
    if found is None:
        raise NotFound(f"There is no such citizen in {place.name}.")
    return found


def _files_naming(var: Path, requests: set[str]) -> Iterator[Path]:
    """Files beside the database in which one of the requests stands."""
    wanted = [each.encode() for each in requests]
    for file in sorted(file for folder in FOLDERS for file in (var / folder).glob("*") if file.is_file()):
        with file.open("rb") as lines:
            if any(each in line for line in lines for each in wanted):
                yield file


def _tell(what: str, done: Erased) -> None:
    if done.counts or done.keys:
        keys = "1 key" if done.keys == 1 else f"{done.keys} keys"
        click.echo(f"{what}: {_counted(done.counts)}; {keys} destroyed.")
    if done.not_swept:
        click.echo(f"But: {done.not_swept}", err=True)


def _counted(counts: Mapping[str, int]) -> str:
    said = [f"{count} {kind.removesuffix('s') if count == 1 else kind}" for kind, count in counts.items()]
    return ", ".join(said) or "nothing"
