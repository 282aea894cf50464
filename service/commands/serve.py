"""`skoen serve`: gunicorn with two workers, and who to sign in as."""

import os
import socket
import sys

import click
from rich.console import Console
from rich.table import Table

from service.config import Settings
from service.database import make_engine, reading, require_current
from service.demo import town

THREADS = 4
"""Threads do not make an answer faster; they keep a slow client from holding a worker."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the casework pages until interrupted."""
    os.environ.setdefault("SKOEN_PUBLIC_URL", f"http://{host}:{port}")
    settings = Settings.from_environment()
    _refuse_taken(host, port)
    _introduce(settings)
    # Each worker makes its own engine: a connection carried over a fork would be used by two processes.
    arguments = [
        sys.executable, "-m", "gunicorn", "service.app:create_app()",
        "--bind", f"{host}:{port}", "--workers", str(workers),
        "--worker-class", "gthread", "--threads", str(THREADS),
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter with our own arguments


def _refuse_taken(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be listened on: {error.strerror}.") from error


def _introduce(settings: Settings) -> None:
    console = Console()
    console.print(f"\nSkøn is served on [bold]{settings.public_url}[/bold] (Ctrl-C stops it)")
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    require_current(engine)
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
