"""``serve``: the server, and its page in the browser."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from filelock import FileLock, Timeout

from core.errors import AlreadyRunning, BadValue, DiskFull, PortTaken
from core.paths import private_folder
from journal.durable_files import OWNER_ONLY, disk_faults_are_said, write_atomically
from outbreath import wiring

if TYPE_CHECKING:
    import uvicorn

LONGEST_STOP_SECONDS = 3


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address of this machine to listen on: 127.0.0.1 or ::1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    open_page: Annotated[bool | None, typer.Option("--open/--no-open", help="Open the page in the browser.")] = None,
    lan: Annotated[
        bool | None, typer.Option("--lan/--no-lan", help="Let paired phones in over the home network.")
    ] = None,
) -> None:
    """Starts the server and opens the page."""
    outbreath = wiring.from_environment(host=host, port=port, open_page=open_page, lan=lan)
    import asyncio  # takes longer to import than many a command takes

    from api.server import create_app
    from outbreath.commands import home_server

    settings = outbreath.settings
    # The lock comes first: whoever starts it twice is told where it is, not that its port is taken.
    with (
        _only_server(outbreath.places.journal) as note,
        _listening(settings.host, settings.port) as listener,
        home_server.listening(settings) as home,
        outbreath,
    ):
        address = f"http://{_named(settings.host)}:{listener.getsockname()[1]}"
        with suppress(OSError, DiskFull):  # on a full disk the page is needed more than the note
            write_atomically(note, address.encode())
        app = create_app(outbreath, home.network if home else None)
        servers = [(_server(app), listener)]
        typer.echo(f"Outbreath: {address}")
        if home is not None:
            servers += [(_server(each.app, **each.options), each.listener) for each in home.servers(outbreath, app)]
            home_server.tell(home.network, outbreath, address)
        # Requests that are open when it is stopped end as they stand; nothing of that is a fault to be told.
        logging.getLogger("uvicorn.error").addFilter(lambda _: not any(server.should_exit for server, _ in servers))
        sys.stdout.flush()
        if settings.open_page and _has_display():
            threading.Timer(0.5, webbrowser.open, [address]).start()
        asyncio.run(_serve_all(servers))


def _server(app: Any, **options: Any) -> uvicorn.Server:
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LONGEST_STOP_SECONDS,
            **options,
        )
    )


async def _serve_all(servers: Sequence[tuple[uvicorn.Server, socket.socket]]) -> None:
    """Each puts its handler of signals before that of the one before, and hands a signal on as it ends."""
    import asyncio

    await asyncio.gather(*(server.serve(sockets=[listener]) for server, listener in servers))


def _listening(host: str, port: int) -> socket.socket:
    # Whoever reached it from elsewhere would have the whole journal: nobody is asked for anything here.
    if not _is_this_machine(host):
        raise BadValue("--host", "127.0.0.1 or ::1; serve --lan lets paired phones in")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        # Or an answer in two pieces waits 40 ms for the first to be acknowledged (Nagle, delayed acknowledgement).
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(port) from None
        raise BadValue("--host and --port", "an address of this machine and a port such as 8766") from None


@contextmanager
def _only_server(journal: Path) -> Iterator[Path]:
    """Two servers on one journal would do the same work twice; the second is told where the first one is.

    Gives the file in which the server notes its address.

    Raises:
        AlreadyRunning: there is a first one.
        DiskFull, JournalUnreadable: the journal's folder cannot be made.
    """
    with disk_faults_are_said():
        note = private_folder(journal) / "server-address"
        lock = FileLock(journal / ".server.lock", timeout=0, mode=OWNER_ONLY)
        try:
            lock.acquire()
        except Timeout:
            raise AlreadyRunning(note.read_text(encoding="utf-8") if note.exists() else "") from None
    try:
        yield note
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _has_display() -> bool:
    """Opening a text browser inside the terminal would hide the address."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
