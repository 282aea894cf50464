"""`skoen serve`: gunicorn with two workers, the signer beside it, and who to sign in as."""

import os
import socket
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from service.clock import utc_now
from service.commands.opening import record_command
from service.config import Settings
from service.database import make_engine, reading, require_version, writing
from service.demo import town
from service.errors import LogUnavailable
from service.sandbox import refuse_mixing
from service.supervisor import run_both

SKOEN = Path(sys.executable).with_name("skoen")
THREADS = 4
"""Threads do not make an answer faster; they let one worker begin the next request while it writes."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
@click.option("--signer/--no-signer", default=True, help="Run the signer beside, or let it be a service.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, workers: int, signer: bool) -> None:
    """Serve the casework pages, and seal the log, until interrupted."""
    os.environ.setdefault("SKOEN_PUBLIC_URL", f"http://{host}:{port}")
    settings = Settings.from_environment()
    refuse_mixing(settings)
    _refuse_taken(host, port)
    _introduce(settings)
    # Each worker makes its own engine: a connection carried over a fork would be used by two processes.
    web = [
        sys.executable, "-m", "gunicorn", "service.app:create_app()",
        "--config", "python:service.web_process",
        "--bind", f"{host}:{port}", "--workers", str(workers),
        "--worker-class", "service.web.worker.PatientWorker", "--threads", str(THREADS),
        # Forwarded headers are read in one place, by SKOEN_PROXIES; here any local program would be believed.
        "--forwarded-allow-ips", "", "--forwarder-headers", "",
        "--logger-class", "service.web.server_log.ServerLog",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    if not signer:
        os.execv(sys.executable, web)  # noqa: S606 - our own interpreter with our own arguments
    context.exit(run_both(web, [str(SKOEN), "signer", "run", "--with-parent"]))


def _refuse_taken(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be listened on: {error.strerror}.") from error


def _introduce(settings: Settings) -> None:
    console = Console()
    console.print(f"\nSkøn is served on [bold]{settings.public_url}[/bold] (Ctrl-C stops it)")
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    require_version(engine)  # anything else that is wrong, each web process finds and tells on its pages
    try:
        with writing(engine) as session:
            record_command(session, "serve", now=utc_now())
            session.commit()
    except LogUnavailable:  # pages that write nothing are served all the same
        console.print("[bold]The log cannot be written, so the service saves nothing.[/bold]")
    with reading(engine) as session:
        is_demo = town.is_built(session)
    engine.dispose()
    if is_demo:
        console.print(_cast())


def _cast() -> Table:
    table = Table(title=f"Demo: sign in with the password {town.PASSWORD}", title_justify="left")
    for heading in ("User name", "Name", "Who"):
        table.add_column(heading)
    for member in town.CAST:
        if member.presented:
            table.add_row(member.username, member.display_name, member.title)
    return table
