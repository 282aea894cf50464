"""`skoen log export`, `log verifier` and `log checkpoint`: what an outsider needs to check the log."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlmodel import Session, select

from service import log as log_of
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.log import Event, offline
from service.log.export import Choice, Exported, ExportRefused, OneCase, Sample, Whole, export
from service.log.export.scope import Scope, find_scope
from service.tables.intake import Case

VERIFIER = Path(offline.__file__).with_name("skoen_verify.py")
REASON = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
of_shards = click.option("--shard", "shards", multiple=True, help="One shard, as decisions/2026; repeatable.")
to_file = click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file; it must be new."
)


@click.group("log")
def log() -> None:
    """The log of decisions and of access."""


@log.command("export")
@to_file
@of_shards
@click.option("--case", metavar="SERIAL_OR_ID", help="Only what is about one case, in both logs.")
@click.option("--sample", type=click.IntRange(1, 1_000_000), metavar="N", help="Only N entries, drawn.")
@click.option("--seed", help="Decides the draw; let the auditor name it.")
@click.option(
    "--open", "reason", metavar="REASON",
    help="With --case: also what is personal, opened, for the party to it. A code, as aktindsigt.",
)  # fmt: skip
def export_(
    out: Path,
    shards: tuple[str, ...],
    case: str | None,
    sample: int | None,
    seed: str | None,
    reason: str | None,
) -> None:
    """Write what was logged and sealed to a zip that anybody can check offline (skoen log verifier).

    All sealed shards, or those named; whole, for one case, or a sample. See service/log/README.md.
    """
    _refuse_misfits(case, sample, seed, reason)
    settings, now = Settings.from_environment(), utc_now()
    engine = opened_for("log.export", now=now, settings=settings)
    choice = _choice(engine, case, sample, seed)
    try:
        done = export(
            engine, settings.seals, settings.origin, out, choice=choice, shards=shards,
            opened=reason is not None, record=partial(_record, engine, choice, reason), now=now,
        )  # fmt: skip
    except FileExistsError:
        raise click.ClickException(f"{out} is there already, and is not replaced.") from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from error
    click.echo("\n".join(_told(out, done)))


@log.command("verifier")
@to_file
def verifier(out: Path) -> None:
    """Write the verifier: one file that checks an export without Skøn."""
    opened_for("log.verifier", now=utc_now())
    try:
        with out.open("xb") as file:
            file.write(VERIFIER.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out} needs Python 3.9 and: pip install cryptography")
    click.echo(f"Then: python {out.name} EXPORT.zip --vkey VKEY --held CHECKPOINT.txt")


@log.command("checkpoint")
@of_shards
def checkpoint(shards: tuple[str, ...]) -> None:
    """Print the newest checkpoints for keeping on paper, with a hand-typable root."""
    settings = Settings.from_environment()
    engine = opened_for("log.checkpoint", now=utc_now(), settings=settings)
    click.echo("\n".join(_on_paper(find_scope(engine, settings.seals, settings.origin, shards))))


def _refuse_misfits(case: str | None, sample: int | None, seed: str | None, reason: str | None) -> None:
    if case is not None and sample is not None:
        raise click.UsageError("Either --case or --sample.")
    if (sample is None) != (seed is None):
        raise click.UsageError("--sample and --seed belong together.")
    if seed is not None and (not seed or "\n" in seed):
        raise click.UsageError("--seed is one line of text.")
    if reason is not None and case is None:
        raise click.UsageError("--open belongs with --case: personal parts are opened for one case only.")
    if reason is not None and not REASON.fullmatch(reason):
        raise click.UsageError(
            "--open is a code of small letters, as aktindsigt: it stands in the log for good."
        )


def _choice(engine: Engine, case: str | None, sample: int | None, seed: str | None) -> Choice:
    if case is not None:
        with reading(engine) as session:
            return OneCase(_case_id(session, case))
    return Whole() if sample is None or seed is None else Sample(sample, seed)


def _case_id(session: Session, text: str) -> str:
    is_serial = text.isascii() and text.isdigit() and len(text) < 10
    query = select(Case.id).where(Case.serial == int(text) if is_serial else Case.id == text)
    found = session.exec(query).first()
    if found is None:
        raise ExportRefused(f"There is no case {text}.")
    return found


def _record(engine: Engine, choice: Choice, reason: str | None, done: Exported) -> None:
    """Write to the access log what goes out, before it can."""
    case_id = choice.case_id if isinstance(choice, OneCase) else None
    with writing(engine) as session:
        log_of.append(
            session, Event.EXPORTED, at=utc_now(), by=None, case_id=case_id, purpose=reason, what="log",
            count=str(sum(done.entries.values())), opened=str(done.opened), sha256=done.sha256,
        )  # fmt: skip
        session.commit()


def _told(out: Path, done: Exported) -> Iterator[str]:
    for shard, count in done.entries.items():
        yield f"{shard}: {count} entries"
    for shard, count in done.unsealed.items():
        if count:
            yield f"{shard}: {count} entries are not sealed yet and were left out"
    if done.opened:
        yield f"{done.opened} personal parts are open in it: give it to nobody but the party to the case."
    yield f"{out} written, sha256 {done.sha256}"


def _on_paper(scope: Scope) -> Iterator[str]:
    for shard in scope.shards:
        digits = shard.checkpoint.root.hex()
        groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
        yield f"--- {shard.name} ---"
        yield shard.checkpoint.origin
        yield str(shard.checkpoint.size)
        yield from (" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))
        yield ""
    yield "Keep this sheet where nobody who runs Skøn can change it. Later, type the lines of one log (its"
    yield "name, the number of entries, the root) into a text file, ask for an export, and run:"
    yield "python skoen_verify.py EXPORT.zip --held TYPED.txt --vkey VKEY"
    yield from (f"VKEY: {vkey}" for vkey in scope.vkeys)
