"""``serve``: the server, and its page in the browser."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from core.errors import AlreadyRunning, BadValue
from core.paths import private_folder
from outbreath import wiring


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    open_page: Annotated[bool | None, typer.Option("--open/--no-open", help="Open the page in the browser.")] = None,
) -> None:
    """Starts the server and opens the page."""
    outbreath = wiring.from_environment(host=host, port=port, open_page=open_page)
    import uvicorn

    from api.server import create_app

    settings = outbreath.settings
    with _listening(settings.host, settings.port) as listener:
        address = f"http://{_named(settings.host)}:{listener.getsockname()[1]}"
        with _only_server(outbreath.places.journal, address), outbreath:
            app = create_app(outbreath)
            server = uvicorn.Server(
                uvicorn.Config(
                    app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
                )
            )
            typer.echo(f"Outbreath: {address}")
            sys.stdout.flush()
            if settings.open_page and _has_display():
                threading.Timer(0.5, webbrowser.open, [address]).start()
            server.run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        # Or an answer in two pieces waits 40 ms for the first to be acknowledged (Nagle, delayed acknowledgement).
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError:
        raise BadValue(
            "--host and --port", "an address of this machine and a port that is free, such as 8766"
        ) from None


@contextmanager
def _only_server(journal: Path, address: str) -> Iterator[None]:
    """Two servers on one journal would do the same work twice; the second is told where the first one is.

    Raises:
        AlreadyRunning: there is a first one.
    """
    note = private_folder(journal) / "server-address"
    lock = FileLock(journal / ".server.lock", timeout=0, mode=0o600)
    try:
        with lock:
            note.write_text(address, encoding="utf-8")
            try:
                yield
            finally:
                note.unlink(missing_ok=True)
    except Timeout:
        running = note.read_text(encoding="utf-8") if note.exists() else ""
        raise AlreadyRunning(running) from None


def _named(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _has_display() -> bool:
    """Opening a text browser inside the terminal would hide the address."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
