"""Starting and stopping the server, when things are in its way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.errors import DiskFull
from tests.architecture.house import REPOSITORY
from tests.outbreath.conftest import Command


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "outbreath", "serve", "--no-open", "--port", str(port)],
        cwd=REPOSITORY,
        env={**os.environ, "OUTBREATH_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def test_started_twice_it_says_where_it_runs(home: Path, outbreath_fails: Command) -> None:
    with serving(home) as (_, address):
        port = str(urlsplit(address).port)
        code, said = outbreath_fails("serve", "--no-open", "--port", port)
    assert code == 1
    assert said == ["Outbreath is already running on this journal.", f"Open {address}, or stop that one first."]


def test_a_port_of_another_program_is_told_with_a_way_out(home: Path, outbreath_fails: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = outbreath_fails("serve", "--no-open", "--port", str(port))
    assert code == 1
    assert said[0] == f"Another program uses port {port}."
    assert str(port) not in said[1]
    assert list((home / "data/journal").glob("server-address")) == []


def test_where_phones_would_have_no_port_another_is_asked_for(
    outbreath_fails: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBREATH_LAN_ADDRESS", "127.0.0.2")
    code, said = outbreath_fails("serve", "--no-open", "--lan", "--port", "65534")
    assert code == 2
    assert said == ["The value for --port can't be used.", "Use 0 to 65533: phones take the two ports behind it."]


@pytest.mark.parametrize("lan", [[], ["--lan"]])
@pytest.mark.parametrize("host", ["203.0.113.1", "0.0.0.0", "::", "192.168.0.7", "somewhere.example", ""])
def test_nobody_in_the_network_is_let_in_unpaired(
    home: Path, outbreath_fails: Command, host: str, lan: list[str]
) -> None:
    code, said = outbreath_fails("serve", "--no-open", "--port", "0", "--host", host, *lan)
    assert (code, said[1]) == (2, "Use 127.0.0.1 or ::1; serve --lan lets paired phones in.")


@pytest.mark.parametrize("command", [["serve", "--no-open"], ["entries"], ["write", "something"]])
def test_a_home_that_cannot_be_made_is_told(
    tmp_path: Path, outbreath_fails: Command, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path / "file" / "home"))
    code, said = outbreath_fails(*command)
    assert (code, len(said)) == (1, 2)


def test_without_room_for_its_note_it_serves_all_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from outbreath.commands import serve

    def full(*_: object) -> None:
        raise DiskFull

    monkeypatch.setattr(serve, "write_atomically", full)

    async def at_once(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr("uvicorn.Server.serve", at_once)
    serve.serve(port=0, open_page=False)
    assert not (home / "data/journal/server-address").exists()


def test_stopped_with_a_request_open_it_ends_quietly(home: Path) -> None:
    with serving(home) as (process, address):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as client:
            client.sendall(
                f"POST /api/v1/entries HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
                "Content-Length: 100\r\n\r\n{".encode()
            )
            with socket.create_connection((parts.hostname or "", parts.port or 0)) as other:
                # Answered, so the first request has been begun.
                other.sendall(f"GET /api/v1/health HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
                assert other.recv(12) == b"HTTP/1.1 200"
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert said == ""
    assert process.returncode in (0, 130)  # 0 where whoever runs the tests has Ctrl+C ignored
